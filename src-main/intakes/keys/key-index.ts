import { crc32 } from 'node:zlib';
import type { AppError } from '#shared/errors/app-error.ts';
import type { PackedReader } from '../packed-reader.ts';
import { CheckedBlocks } from './checked-blocks.ts';
import { INDEX_BLOCK, KEY_BLOCK, markOf, STEPS_PER_START } from './key-layout.ts';

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
/** Blocks of keys read at once where hits lie close to each other. */
const MOST_BLOCKS = 16;
/** Keys compared closer to each other than this are read by blocks. */
const NEAR_KEYS = 2 * KEY_BLOCK;
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
  readonly #damage: (section: string) => AppError;
  readonly #stretch: Uint8Array;
  readonly #one: Uint8Array;
  #starts: Uint32Array | null = null;
  #keySums: Uint32Array | null = null;
  /** First and number of the blocks of keys in `#stretch`. */
  #first = 0;
  #held = 0;
  #run = 1;
  /** The key that was compared last. */
  #last = -1;
  #step = 0;
  #before = 0;

  /** `damage` makes the error for a section that is not what was written. */
  constructor(reader: PackedReader, name: string, width: number, damage: (section: string) => AppError) {
    this.width = width;
    this.count = Math.floor(reader.bytesIn(name) / width);
    this.#reader = reader;
    this.#name = name;
    this.#damage = damage;
    this.#bits = Math.log2(reader.bytesIn(`${name}.steps`));
    this.#steps = new CheckedBlocks(reader, `${name}.steps`, INDEX_BLOCK, damage);
    this.#marks = new CheckedBlocks(reader, `${name}.marks`, INDEX_BLOCK, damage);
    this.#one = new Uint8Array(width);
    this.#stretch = new Uint8Array(MOST_BLOCKS * KEY_BLOCK * width);
  }

  /** Whether a column has an index. */
  static covers(reader: PackedReader, name: string): boolean {
    return reader.bytesIn(`${name}.steps`) > 0;
  }

  /** Tells every wanted key that is there with its number, in ascending order. Throws `stop()` when cancelled. */
  join(
    wanted: WantedKeys,
    onHit: (query: number, record: number) => void,
    cancelled: () => boolean,
    stop: () => Error,
  ): void {
    const shift = 32 - this.#bits;
    for (let query = 0; query < wanted.count; query += 1) {
      if (query % LOOK_EVERY === 0 && cancelled()) {
        throw stop();
      }
      const prefix = wanted.prefixes[query] as number;
      const held = this.#goTo(prefix >>> shift);
      if (held > 0) {
        const at = query * this.width;
        const mark = markOf(prefix, wanted.bytes[at + 4] as number, this.#bits);
        const record = this.#find(held, mark, wanted.bytes, at);
        if (record !== -1) {
          onHit(query, record);
        }
      }
    }
  }

  /** The number of a key, or -1. */
  find(key: Uint8Array): number {
    const prefix = new DataView(key.buffer, key.byteOffset).getUint32(0);
    const held = this.#goTo(prefix >>> (32 - this.#bits));
    return held === 0 ? -1 : this.#find(held, markOf(prefix, key[4] as number, this.#bits), key, 0);
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

  #find(held: number, mark: number, wanted: Uint8Array, at: number): number {
    const end = this.#before + held;
    for (let record = this.#before; record < end;) {
      const marks = this.#marks.block(record >>> INDEX_SHIFT);
      const stop = Math.min(end, (record | INDEX_MASK) + 1);
      for (; record < stop; record += 1) {
        if (marks[record & INDEX_MASK] === mark && this.#isKey(record, wanted, at)) {
          return record;
        }
      }
    }
    return -1;
  }

  #isKey(record: number, wanted: Uint8Array, at: number): boolean {
    const number = Math.floor(record / KEY_BLOCK);
    const isNear = record - this.#last < NEAR_KEYS && record >= this.#last;
    this.#last = record;
    if (!this.#holds(number) && !isNear) {
      // Far from the one before: the key alone costs half of what its block does.
      this.#reader.readBytes(this.#name, record * this.width, this.width, this.#one);
      return this.#isSame(this.#one, 0, wanted, at, number);
    }
    this.#readBlocks(number);
    return this.#isSame(this.#stretch, (record - this.#first * KEY_BLOCK) * this.width, wanted, at, number);
  }

  #isSame(keys: Uint8Array, from: number, wanted: Uint8Array, at: number, number: number): boolean {
    for (let byte = this.width - 1; byte >= 0; byte -= 1) {
      if (keys[from + byte] !== wanted[at + byte]) {
        this.#verify(number);
        return false;
      }
    }
    return true;
  }

  #holds(number: number): boolean {
    return number >= this.#first && number < this.#first + this.#held;
  }

  /** Has a block of keys in memory, and more with it while the blocks asked for lie close together. */
  #readBlocks(number: number): void {
    if (this.#holds(number)) {
      return;
    }
    const gap = number - (this.#first + this.#held);
    this.#run = gap >= 0 && gap < this.#run * 2 ? Math.min(this.#run * 2, MOST_BLOCKS) : 1;
    const from = number * KEY_BLOCK * this.width;
    const bytes = Math.min(this.#run * KEY_BLOCK * this.width, this.count * this.width - from);
    this.#held = 0;
    this.#reader.readBytes(this.#name, from, bytes, this.#stretch);
    this.#first = number;
    this.#held = Math.ceil(bytes / (KEY_BLOCK * this.width));
  }

  /** A key whose mark fits and that differs may be another key, or damaged. */
  #verify(number: number): void {
    this.#keySums ??= this.#reader.section(`${this.#name}.sums`, 'u32');
    this.#readBlocks(number);
    const bytes = KEY_BLOCK * this.width;
    const from = (number - this.#first) * bytes;
    const most = (this.count - number * KEY_BLOCK) * this.width;
    if (crc32(this.#stretch.subarray(from, from + Math.min(bytes, most))) !== this.#keySums[number]) {
      throw this.#damage(this.#name);
    }
  }
}
