import type { ItemEvidence } from '#shared/domain/evidence.ts';

/** Everything about an item but its time. Millions of items fall into few classes. */
export type ItemClass = Omit<ItemEvidence, 'scannedAt' | 'weak'>;

/** The most classes a packed column can number. */
export const MOST_CLASSES = 0xff_ff;

/** Stored for an item without a time; times end one below. */
export const NO_TIME = 0xff_ff_ff_ff;

/** Numbers classes of items in the order they are met. */
export class ItemClasses {
  readonly list: ItemClass[] = [];
  readonly #numbers = new Map<string, number>();

  /** Classes numbered as they were before. */
  static of(list: readonly ItemClass[]): ItemClasses {
    const classes = new ItemClasses();
    for (const item of list) {
      classes.numberOf({ ...item, scannedAt: null });
    }
    return classes;
  }

  /** The number of an item's class. */
  numberOf(item: ItemEvidence): number {
    const key = `${item.source} ${item.status} ${item.noAnswer ?? ''} ${item.score ?? ''}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.list.length;
      const { source, status, noAnswer, score } = item;
      this.list.push({ source, status, noAnswer, score });
      this.#numbers.set(key, number);
    }
    return number;
  }
}

export function timeOf(item: ItemEvidence): number {
  return item.scannedAt ?? NO_TIME;
}
