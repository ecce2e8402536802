/** One way a condition can be met: what has to hold together. */
export type Way<T> = readonly T[];

/** Ways an AND may multiply to. */
const MOST_WAYS = 256;
/** Conditions kept in all ways together when an AND multiplies them; beyond it ways are listed side by side. */
const MOST_CONDITIONS = 16_384;

/**
 * Every way of the left with every way of the right; side by side where that would be too many. The left one may be used up:
 * it grows, so that a long condition costs no copy for each of its parts.
 */
export function allOf<T>(left: Way<T>[], right: readonly Way<T>[]): Way<T>[] {
  const ways = left.length * right.length;
  if (ways > MOST_WAYS || ways * (longest(left) + longest(right)) > MOST_CONDITIONS) {
    return addAll(left, right);
  }
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

/** Adds the elements of another list, of any length: as arguments of one call they may be too many. */
export function addAll<T>(into: T[], more: readonly T[]): T[] {
  for (const one of more) {
    into.push(one);
  }
  return into;
}

function longest<T>(ways: readonly Way<T>[]): number {
  return ways.reduce((most, { length }) => Math.max(most, length), 0);
}
