/** One way a condition can be met: what has to hold together. */
export type Way<T> = readonly T[];

/** Ways an AND may multiply to. */
const MOST_WAYS = 256;
/** Conditions kept in all ways together when an AND multiplies them; beyond it ways are listed side by side. */
const MOST_CONDITIONS = 16_384;

/** Every way of the left with every way of the right; side by side where that would be too many. */
export function allOf<T>(left: readonly Way<T>[], right: readonly Way<T>[]): Way<T>[] {
  const ways = left.length * right.length;
  const length = longest(left) + longest(right);
  if (ways > MOST_WAYS || ways * length > MOST_CONDITIONS) {
    return [...left, ...right];
  }
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function longest<T>(ways: readonly Way<T>[]): number {
  return ways.reduce((most, { length }) => Math.max(most, length), 0);
}
