import type { AppError } from '#shared/errors/app-error.ts';
import type { PackedReader } from '../packed-reader.ts';
import { CheckedBlocks } from './checked-blocks.ts';
import { INDEX_BLOCK, markOf, STEPS_PER_START } from './key-layout.ts';
import { WholeKeys } from './whole-keys.ts';

/** Where keys lie, so that another thread can open the same. */
export interface KeySource {
  readonly path: string;
  /** The header of the file as JSON: it tells apart what was written at different times. */
  readonly header: string;
  readonly section: string;
}

/** Keys in ascending order, held in memory. Equal ones may follow each other. */
export interface WantedKeys {
  readonly count: number;
  readonly width: number;
  readonly bytes: Uint8Array;
  /** The first four bytes of each, as a number. */
  readonly prefixes: Uint32Array;
}

const INDEX_SHIFT = Math.log2(INDEX_BLOCK);
const INDEX_MASK = INDEX_BLOCK - 1;
/** Wanted keys between two looks at `cancelled`. */
const LOOK_EVERY = 1 << 14;

/**
 * Searches a column of sorted distinct keys by its steps and marks. Only keys whose mark fits are read, so that what is not
 * there costs next to nothing, and nothing is said to be there before its whole key was compared. Every part of the index is
 * verified when read, keys wherever they differ from what was expected.
 */
export class KeyIndex {
  readonly width: number;
  readonly count: number;
  readonly #reader: PackedReader;
  readonly #name: string;
  readonly #bits: number;
  readonly #steps: CheckedBlocks;
  readonly #marks: CheckedBlocks;
  readonly #whole: WholeKeys;
  #starts: Uint32Array | null = null;
  #step = 0;
  #before = 0;

  /** `damage` makes the error for a section that is not what was written. */
  constructor(reader: PackedReader, name: string, width: number, damage: (section: string) => AppError) {
    this.width = width;
    this.count = Math.floor(reader.bytesIn(name) / width);
    this.#reader = reader;
    this.#name = name;
    this.#bits = Math.log2(reader.bytesIn(`${name}.steps`));
    this.#steps = new CheckedBlocks(reader, `${name}.steps`, INDEX_BLOCK, damage);
    this.#marks = new CheckedBlocks(reader, `${name}.marks`, INDEX_BLOCK, damage);
    this.#whole = new WholeKeys(reader, name, width, damage);
  }

  /** Whether a column has an index. */
  static covers(reader: PackedReader, name: string): boolean {
    return reader.bytesIn(`${name}.steps`) > 0;
  }

  get source(): KeySource {
    const { path, header } = this.#reader;
    return { path, header: JSON.stringify(header), section: this.#name };
  }

  /** Tells every wanted key that is there with its number, in ascending order. Throws `stop()` when cancelled. */
  join(
    wanted: WantedKeys,
    onHit: (query: number, record: number) => void,
    cancelled: () => boolean,
    stop: () => Error,
  ): void {
    const shift = 32 - this.#bits;
    this.#whole.begin();
    for (let query = 0; query < wanted.count; query += 1) {
      if (query % LOOK_EVERY === 0 && cancelled()) {
        throw stop();
      }
      const prefix = wanted.prefixes[query] as number;
      const held = this.#goTo(prefix >>> shift);
      if (held > 0) {
        const mark = markOf(prefix, wanted.bytes[query * this.width + 4] as number, this.#bits);
        this.#addCandidates(query, held, mark, wanted.bytes, onHit);
      }
    }
    this.#whole.settle(wanted.bytes, onHit);
  }

  /** The number of a key, or -1. */
  find(key: Uint8Array): number {
    const prefix = new DataView(key.buffer, key.byteOffset).getUint32(0);
    const held = this.#goTo(prefix >>> (32 - this.#bits));
    let found = -1;
    const onHit = (_query: number, record: number): void => {
      found = record;
    };
    this.#whole.begin();
    this.#addCandidates(0, held, markOf(prefix, key[4] as number, this.#bits), key, onHit);
    this.#whole.settle(key, onHit);
    return found;
  }

  /** Goes to a step; returns how many keys it holds. `#before` then tells how many lie before it. */
  #goTo(step: number): number {
    const start = Math.floor(step / STEPS_PER_START);
    if (step < this.#step || start > Math.floor(this.#step / STEPS_PER_START) || this.#starts === null) {
      this.#starts ??= this.#reader.section(`${this.#name}.starts`, 'u32');
      this.#before = this.#starts[start] as number;
      this.#step = start * STEPS_PER_START;
    }
    let block = this.#steps.block(this.#step >>> INDEX_SHIFT);
    let before = this.#before;
    for (let passed = this.#step; passed < step;) {
      const stop = Math.min(step, (passed | INDEX_MASK) + 1);
      for (; passed < stop; passed += 1) {
        before += block[passed & INDEX_MASK] as number;
      }
      block = this.#steps.block(passed >>> INDEX_SHIFT);
    }
    this.#step = step;
    this.#before = before;
    return block[step & INDEX_MASK] as number;
  }

  /** Remembers the keys of the step whose mark fits. */
  #addCandidates(
    query: number,
    held: number,
    mark: number,
    wanted: Uint8Array,
    onHit: (query: number, record: number) => void,
  ): void {
    const end = this.#before + held;
    for (let record = this.#before; record < end;) {
      const marks = this.#marks.block(record >>> INDEX_SHIFT);
      const stop = Math.min(end, (record | INDEX_MASK) + 1);
      for (; record < stop; record += 1) {
        if (marks[record & INDEX_MASK] === mark && this.#whole.add(query, record)) {
          this.#whole.settle(wanted, onHit);
        }
      }
    }
  }
}
