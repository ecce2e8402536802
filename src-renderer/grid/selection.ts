/**
 * Which positions of a grid are selected: single ones and ranges made by hand, or all. Positions, not rows: a million
 * rows are selected without fetching any.
 */
export interface GridSelection {
  readonly all: boolean;
  /** Selected positions; with `all`, the ones taken out again. */
  readonly positions: ReadonlySet<number>;
  /** Where the next range starts. */
  readonly anchor: number;
}

export const NOTHING_SELECTED: GridSelection = { all: false, positions: new Set(), anchor: 0 };
export const ALL_SELECTED: GridSelection = { all: true, positions: new Set(), anchor: 0 };

/** The most rows a selection by hand may name; beyond it everything is selected by the query. */
export const MOST_BY_HAND = 10_000;

export function isSelected(selection: GridSelection, position: number): boolean {
  return selection.positions.has(position) !== selection.all;
}

export function countSelected(selection: GridSelection, total: number): number {
  return selection.all ? total - selection.positions.size : selection.positions.size;
}

/** Selects a position, or takes it out; ranges start there from now on. */
export function toggle(selection: GridSelection, position: number): GridSelection {
  const positions = new Set(selection.positions);
  if (!positions.delete(position)) {
    positions.add(position);
  }
  return { ...selection, positions, anchor: position };
}

/** Selects everything between the anchor and a position, at most MOST_BY_HAND rows. */
export function extendTo(selection: GridSelection, position: number): GridSelection {
  const from = Math.min(selection.anchor, position);
  const to = Math.min(Math.max(selection.anchor, position), from + MOST_BY_HAND - 1);
  const positions = new Set<number>();
  for (let at = from; at <= to; at += 1) {
    positions.add(at);
  }
  return { all: false, positions, anchor: selection.anchor };
}
