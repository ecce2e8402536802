import type { ItemEvidence } from '#shared/domain/evidence.ts';
import { DIGEST_BIT } from '#shared/domain/hash.ts';
import type { FileRow, ItemRow } from '../../../db/repositories/evidence.ts';
import type { AcceleratorTable } from '../accelerator/accelerator.ts';
import { itemOf } from '../lookup.ts';
import { Stopped } from './join.ts';
import { ItemClasses, NO_TIME, timeOf } from './item-classes.ts';

/**
 * Candidate files by ordinal: first those of an accelerator, if there is one, then those read from the database. Holds
 * what deciding a plain row needs; whatever is not plain (`isSpecial`) is looked at in the database, one by one.
 */
export class FilePool {
  readonly classes: ItemClasses;
  readonly #base: AcceleratorTable | null;
  readonly #baseCount: number;
  readonly #baseSpecial: Uint8Array;
  #baseCombo: Uint16Array | null = null;
  readonly #ordinals = new Map<number, number>();
  readonly #ids: number[] = [];
  readonly #kinds: number[] = [];
  readonly #special: boolean[] = [];
  readonly #combo: number[] = [];
  /** Item class and time in turn; undefined until loaded. */
  readonly #items: (readonly number[] | undefined)[] = [];
  readonly #load: (fileIds: readonly number[]) => readonly ItemRow[];
  /** Files whose items a row needs and that are not loaded yet. */
  #wanted: number[] = [];

  constructor(base: AcceleratorTable | null, load: (fileIds: readonly number[]) => readonly ItemRow[]) {
    this.#base = base;
    this.#baseCount = base?.count ?? 0;
    this.#baseSpecial = new Uint8Array(this.#baseCount);
    this.#load = load;
    this.classes = base?.classes ?? new ItemClasses();
  }

  /** The ordinal of a file read from the database, and whether it is new here. Its items must be wanted to be read. */
  add(row: FileRow): { readonly ordinal: number; readonly isNew: boolean } {
    const known = this.#ordinals.get(row[0]);
    if (known !== undefined) {
      return { ordinal: known, isNew: false };
    }
    const ordinal = this.#baseCount + this.#ids.length;
    this.#ordinals.set(row[0], ordinal);
    this.#ids.push(row[0]);
    this.#kinds.push(
      (row[1] === null ? 0 : DIGEST_BIT.md5) |
        (row[2] === null ? 0 : DIGEST_BIT.sha1) |
        (row[3] === null ? 0 : DIGEST_BIT.sha256),
    );
    this.#special.push(false);
    this.#combo.push(0);
    this.#items.push(undefined);
    return { ordinal, isNew: true };
  }

  /** DIGEST_BIT values of the digests the file is known by. */
  kindsOf(ordinal: number): number {
    return (ordinal < this.#baseCount ? this.#base?.kinds[ordinal] : this.#kinds[ordinal - this.#baseCount]) ?? 0;
  }

  /** Whether an entry of the list may hold a digest of the file. */
  isSpecial(ordinal: number): boolean {
    return ordinal < this.#baseCount
      ? this.#baseSpecial[ordinal] === 1
      : this.#special[ordinal - this.#baseCount] === true;
  }

  markSpecial(ordinal: number): void {
    if (ordinal < this.#baseCount) {
      this.#baseSpecial[ordinal] = 1;
    } else {
      this.#special[ordinal - this.#baseCount] = true;
    }
  }

  /** The known sets that hold a digest of the file, see SetCombos. */
  comboOf(ordinal: number): number {
    return ordinal < this.#baseCount
      ? (this.#baseCombo?.[ordinal] ?? 0)
      : (this.#combo[ordinal - this.#baseCount] ?? 0);
  }

  setCombo(ordinal: number, combo: number): void {
    if (ordinal >= this.#baseCount) {
      this.#combo[ordinal - this.#baseCount] = combo;
      return;
    }
    this.#baseCombo ??= new Uint16Array(this.#baseCount);
    this.#baseCombo[ordinal] = combo;
  }

  itemCount(ordinal: number): number {
    if (ordinal < this.#baseCount) {
      const at = this.#base?.itemAt;
      return at === undefined ? 0 : (at[ordinal + 1] as number) - (at[ordinal] as number);
    }
    return this.#loaded(ordinal).length / 2;
  }

  itemClass(ordinal: number, item: number): number {
    return ordinal < this.#baseCount
      ? (this.#base?.itemClass[(this.#base.itemAt[ordinal] as number) + item] as number)
      : (this.#loaded(ordinal)[item * 2] as number);
  }

  /** Seconds since the epoch, or NO_TIME. */
  itemTime(ordinal: number, item: number): number {
    return ordinal < this.#baseCount
      ? (this.#base?.itemTime[(this.#base.itemAt[ordinal] as number) + item] as number)
      : (this.#loaded(ordinal)[item * 2 + 1] as number);
  }

  items(ordinal: number, weak: boolean): readonly ItemEvidence[] {
    return Array.from({ length: this.itemCount(ordinal) }, (_, item) =>
      itemOfClass(this.classes, this.itemClass(ordinal, item), this.itemTime(ordinal, item), weak),
    );
  }

  /** Notes that a row needs the file's items; `loadItems` reads them for many files at once. */
  want(ordinal: number): void {
    const at = ordinal - this.#baseCount;
    if (at >= 0 && this.#items[at] === undefined) {
      this.#items[at] = NO_ITEMS;
      this.#wanted.push(at);
    }
  }

  /** Reads the items of all wanted files, `batch` files a statement. */
  loadItems(batch: number, cancelled: () => boolean): void {
    for (let from = 0; from < this.#wanted.length; from += batch) {
      if (cancelled()) {
        throw new Stopped();
      }
      const some = this.#wanted.slice(from, from + batch);
      const items = new Map<number, number[]>();
      for (const row of this.#load(some.map((at) => this.#ids[at] as number))) {
        const item = itemOf(row);
        if (item !== null) {
          const known = items.get(row[0]) ?? [];
          known.push(this.classes.numberOf(item), timeOf(item));
          items.set(row[0], known);
        }
      }
      for (const at of some) {
        this.#items[at] = items.get(this.#ids[at] as number) ?? NO_ITEMS;
      }
    }
    this.#wanted = [];
  }

  #loaded(ordinal: number): readonly number[] {
    return this.#items[ordinal - this.#baseCount] ?? NO_ITEMS;
  }
}

const NO_ITEMS: readonly number[] = [];

export function itemOfClass(classes: ItemClasses, number: number, time: number, weak: boolean): ItemEvidence {
  const found = classes.list[number];
  if (found === undefined) {
    throw new RangeError(`item class ${number} was never numbered`);
  }
  const item = { ...found, scannedAt: time === NO_TIME ? null : time };
  return weak ? { ...item, weak } : item;
}
