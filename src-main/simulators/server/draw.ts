import { createHash } from 'node:crypto';

/** Numbers from 0 up to 1 that depend on the text alone: the same text gives the same numbers in every run. */
export interface Draw {
  /** The n-th number, n from 0 to 7. */
  at(n: number): number;
}

/** Draws from a text. About a microsecond. */
export function drawFrom(text: string): Draw {
  const bytes = createHash('sha256').update(text).digest();
  return { at: (n) => bytes.readUInt32BE((n & 7) * 4) / 2 ** 32 };
}

/** A stream of numbers from 0 up to 1 that a seed decides (mulberry32, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
