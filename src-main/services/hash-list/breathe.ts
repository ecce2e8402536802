import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work before the event loop gets its turn, in milliseconds: a window may be waiting on it. */
const STRETCH_MS = 8;

/** Returns a function to await in long loops; it lets other work in when its stretch is over. */
export function createBreather(): () => Promise<void> | undefined {
  let end = performance.now() + STRETCH_MS;
  return () => {
    if (performance.now() < end) {
      return undefined;
    }
    return setImmediate().then(() => {
      end = performance.now() + STRETCH_MS;
    });
  };
}
