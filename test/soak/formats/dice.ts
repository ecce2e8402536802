import { seededRandom } from '#main/simulators/server/draw.ts';

/** Choices that a seed decides. */
export interface Dice {
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  /** True in that share of cases. */
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** The same seed and number give the same choices in every run. */
export function diceOf(seed: number, number: number): Dice {
  const random = seededRandom(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
  const below = (end: number): number => Math.floor(random() * Math.max(1, end));
  return {
    below,
    chance: (share) => random() < share,
    pick(from) {
      const [first] = from;
      if (first === undefined) {
        throw new RangeError('nothing to choose from');
      }
      return from[below(from.length)] ?? first;
    },
  };
}
