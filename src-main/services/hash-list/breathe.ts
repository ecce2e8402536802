import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work before the event loop gets its turn, in milliseconds: a window may be waiting on it. */
const STRETCH_MS = 8;
/** Lets other work in during long loops: `if (breather.isDue()) { await breather.pause(); }`. */
export interface Breather {
  isDue(): boolean;
  pause(): Promise<void>;
}

/** The clock is looked at once in `every` turns of the loop: 1 where a turn is long. */
export function createBreather(every = 32): Breather {
  let end = performance.now() + STRETCH_MS;
  let turns = 0;
  return {
    isDue() {
      turns += 1;
      return turns % every === 0 && performance.now() >= end;
    },
    async pause() {
      await setImmediate();
      end = performance.now() + STRETCH_MS;
    },
  };
}
