import type { Timer } from './port.ts';

/** No timer is trusted for longer: a machine that slept, or whose clock was set, is noticed within this time. */
export const HEARTBEAT_MS = 15_000;
/** A clock that is set back by less is not worth a look. */
const BACKWARDS_MS = 1_000;

/** Waits for a moment of the wall clock or for being woken, whichever comes first. One waits at a time. */
export interface Sleeper {
  /** Counts wakes; hand it back to `sleep`, so that one which came in between is not slept through. */
  readonly wakes: number;
  wake(): void;
  /** `until` in milliseconds since the epoch, null for until woken. Also ends when the clock was set back. */
  sleep(until: number | null, sinceWakes: number): Promise<void>;
}

/** `heartbeatMs`: no timer is trusted for longer. */
export function createSleeper(timer: Timer, heartbeatMs: number = HEARTBEAT_MS): Sleeper {
  let wakes = 0;
  let finish: (() => void) | null = null;
  return {
    get wakes() {
      return wakes;
    },
    wake() {
      wakes += 1;
      finish?.();
    },
    sleep(until, sinceWakes) {
      if (wakes !== sinceWakes) {
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        let disarm = (): void => undefined;
        let before = timer.now();
        finish = () => {
          finish = null;
          disarm();
          resolve();
        };
        const look = (): void => {
          const now = timer.now();
          if (until === null) {
            return;
          }
          if (now >= until || now < before - BACKWARDS_MS) {
            finish?.();
            return;
          }
          before = now;
          disarm = timer.after(Math.min(until - now, heartbeatMs), look);
        };
        look();
      });
    },
  };
}
