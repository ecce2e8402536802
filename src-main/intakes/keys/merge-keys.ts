import { compareKeys } from './sort-records.ts';
import type { KeyBlock } from './distinct-keys.ts';

/** What a key refers to once it is in one of two columns, or in both. */
export interface MergedRefs {
  only(side: 'base' | 'added', ref: number): number;
  both(base: number, added: number): number;
}

/** Keys of a block that are given on at once. */
const OUT_KEYS = 1 << 14;

/**
 * Two columns of ascending distinct keys of `width` bytes as one. Every block of `added` is used up before the next one is
 * asked for, so that what its references stand for may change with it.
 */
export function* mergeKeys(
  width: number,
  base: Iterable<KeyBlock>,
  added: Iterable<KeyBlock>,
  refs: MergedRefs,
): Generator<KeyBlock> {
  const out = new OutBlock(width);
  const held = new Cursor(base, width);
  for (const block of added) {
    for (let key = 0; key < block.count; key += 1) {
      const at = key * width;
      const ref = block.refs[key] ?? 0;
      for (; held.isAbove(block.keys, at) < 0; held.step()) {
        out.put(held.keys, held.at, refs.only('base', held.ref));
        if (out.isFull) {
          yield out.take();
        }
      }
      const isSame = held.isAbove(block.keys, at) === 0;
      out.put(block.keys, at, isSame ? refs.both(held.ref, ref) : refs.only('added', ref));
      if (isSame) {
        held.step();
      }
      if (out.isFull) {
        yield out.take();
      }
    }
  }
  for (; !held.isDone; held.step()) {
    out.put(held.keys, held.at, refs.only('base', held.ref));
    if (out.isFull) {
      yield out.take();
    }
  }
  yield out.take();
}

/** A place in a column. */
class Cursor {
  readonly #blocks: Iterator<KeyBlock>;
  readonly #width: number;
  #block: KeyBlock | null = null;
  #key = 0;

  constructor(blocks: Iterable<KeyBlock>, width: number) {
    this.#blocks = blocks[Symbol.iterator]();
    this.#width = width;
    this.#next();
  }

  get isDone(): boolean {
    return this.#block === null;
  }

  get keys(): Uint8Array {
    return this.#block?.keys ?? new Uint8Array(0);
  }

  get at(): number {
    return this.#key * this.#width;
  }

  get ref(): number {
    return this.#block?.refs[this.#key] ?? 0;
  }

  /** Below zero while its key lies before the other one; above zero at its end. */
  isAbove(keys: Uint8Array, at: number): number {
    return this.#block === null ? 1 : compareKeys(this.#block.keys, this.at, keys, at, this.#width);
  }

  step(): void {
    this.#key += 1;
    if (this.#block !== null && this.#key === this.#block.count) {
      this.#next();
    }
  }

  #next(): void {
    this.#key = 0;
    do {
      const next = this.#blocks.next();
      this.#block = next.done === true ? null : next.value;
    } while (this.#block?.count === 0);
  }
}

class OutBlock {
  readonly #width: number;
  readonly #keys: Uint8Array;
  readonly #refs = new Uint32Array(OUT_KEYS);
  #count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#keys = new Uint8Array(OUT_KEYS * width);
  }

  get isFull(): boolean {
    return this.#count === OUT_KEYS;
  }

  put(keys: Uint8Array, at: number, ref: number): void {
    this.#keys.set(keys.subarray(at, at + this.#width), this.#count * this.#width);
    this.#refs[this.#count] = ref;
    this.#count += 1;
  }

  take(): KeyBlock {
    const count = this.#count;
    this.#count = 0;
    return { count, keys: this.#keys.subarray(0, count * this.#width), refs: this.#refs.subarray(0, count) };
  }
}
