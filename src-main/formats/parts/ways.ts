/** One way a condition can be met: what has to hold together. */
export type Way<T> = readonly T[];

/** Ways kept when an AND multiplies them; beyond it they are listed side by side. */
export const MOST_WAYS = 256;

/** Every way of the left with every way of the right; side by side where that would be too many. */
export function allOf<T>(left: readonly Way<T>[], right: readonly Way<T>[]): Way<T>[] {
  if (left.length * right.length > MOST_WAYS) {
    return [...left, ...right];
  }
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}
