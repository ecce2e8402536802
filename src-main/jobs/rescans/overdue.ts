/** An item that was found due. */
export interface Overdue {
  readonly id: number;
  /** Since when, seconds since the epoch. */
  readonly due: number;
}

/** The most overdue items of one kind, the longest overdue first; bounded, however many there are. */
export interface OverdueList {
  /** What was due at this moment or later need not be added any more; Infinity while all fits. */
  readonly cut: number;
  readonly length: number;
  add(item: Overdue): void;
  /** Puts what was added in order. Call it before anything is taken. */
  sort(): void;
  at(index: number): Overdue | undefined;
  /** Removes that many from the front. */
  drop(count: number): void;
}

/** Keeps at most `most`; sorting now and then costs less than a heap for each item. */
export function createOverdueList(most: number): OverdueList {
  let items: Overdue[] = [];
  let from = 0;
  let cut = Number.POSITIVE_INFINITY;

  function keepBest(): void {
    items.sort((a, b) => a.due - b.due || a.id - b.id);
    if (items.length > most) {
      items.length = most;
      cut = items[most - 1]?.due ?? cut;
    }
  }

  return {
    get cut() {
      return cut;
    },
    get length() {
      return items.length - from;
    },
    add(item) {
      if (item.due < cut) {
        items.push(item);
      }
      if (items.length >= 2 * most) {
        keepBest();
      }
    },
    sort: keepBest,
    at: (index) => items[from + index],
    drop(count) {
      from = Math.min(items.length, from + count);
      if (from === items.length) {
        items = [];
        from = 0;
      }
    },
  };
}
