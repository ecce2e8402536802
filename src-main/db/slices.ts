/** Longest stretch a bulk write may hold the one writer's transaction, in milliseconds. */
export const SLICE_MS = 32;

/** A write cut into transactions: each stretch up to a `yield` commits on its own. */
export type Sliced<Result> = Generator<undefined, Result, undefined>;

/** Tells when the present stretch has used its time; after a `yield` call `restart`. */
export interface Slice {
  isOver(): boolean;
  restart(): void;
}

export function startSlice(milliseconds: number = SLICE_MS): Slice {
  let end = performance.now() + milliseconds;
  return {
    isOver: () => performance.now() >= end,
    restart: () => {
      end = performance.now() + milliseconds;
    },
  };
}

export function isSliced(value: unknown): value is Sliced<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { next?: unknown }).next === 'function' &&
    typeof (value as { return?: unknown }).return === 'function'
  );
}
