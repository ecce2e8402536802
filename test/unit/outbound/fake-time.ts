import type { Timer } from '#main/jobs/outbound/port.ts';

/** Time that a test moves. `pass` fires what falls due, in order; `jump` sets the wall clock alone. */
export interface FakeTime extends Timer {
  pass(milliseconds: number): Promise<void>;
  /** The wall clock is set, or the machine slept: no timer fires by itself. */
  jump(milliseconds: number): void;
  /** Timers that are armed. */
  readonly armed: number;
  /** Timers that fired since the start. */
  readonly fired: number;
}

export function fakeTime(start = Date.UTC(2026, 10, 22, 9, 30)): FakeTime {
  let wall = start;
  let steady = 0;
  let fired = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => wall,
    steady: () => steady,
    after(milliseconds, run) {
      const timer = { at: steady + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(milliseconds) {
      await settled();
      const end = steady + milliseconds;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) {
          break;
        }
        timers.delete(next);
        wall += next.at - steady;
        steady = next.at;
        fired += 1;
        next.run();
        await settled();
      }
      wall += end - steady;
      steady = end;
      await settled();
    },
    jump(milliseconds) {
      wall += milliseconds;
    },
    get armed() {
      return timers.size;
    },
    get fired() {
      return fired;
    },
  };
}

/** Lets everything run that needs no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
