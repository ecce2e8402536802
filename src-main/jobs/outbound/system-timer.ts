import type { Clock } from '../../platform/clock.ts';
import type { Timer } from './port.ts';

/** Real timers by the engine's clock. They never keep a process alive. */
export function systemTimer(clock: Clock): Timer {
  return {
    now: () => clock.now(),
    steady: () => performance.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, Math.max(0, milliseconds)).unref();
      return () => clearTimeout(timer);
    },
  };
}
