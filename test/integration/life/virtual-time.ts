import type { Timer } from '#main/jobs/outbound/port.ts';

/** A clock and timers of a test's own: time passes only when it is told to. */
export interface VirtualTime extends Timer {
  /** Milliseconds until the next timer; null when none is armed. */
  untilNext(): number | null;
  /** Lets that much time pass, firing every timer at its moment. */
  pass(milliseconds: number): void;
  /** The machine sleeps: all the time passes at once, and what was due in between fires late. */
  sleep(milliseconds: number): void;
  /** Somebody sets the wall clock, by so much; no time passes. */
  setWall(byMilliseconds: number): void;
}

interface Armed {
  /** By the steady clock. */
  readonly at: number;
  readonly run: () => void;
}

/** Starts at a moment, milliseconds since the epoch. */
export function createVirtualTime(start: number): VirtualTime {
  let steady = 0;
  let wall = start;
  let armed: Armed[] = [];

  function next(): Armed | undefined {
    return armed.reduce<Armed | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    );
  }
  function move(milliseconds: number): void {
    steady += milliseconds;
    wall += milliseconds;
  }
  function fireDue(): void {
    for (let due = next(); due !== undefined && due.at <= steady; due = next()) {
      const fired = due;
      armed = armed.filter((one) => one !== fired);
      fired.run();
    }
  }

  return {
    now: () => wall,
    steady: () => steady,
    after(milliseconds, run) {
      const timer: Armed = { at: steady + Math.max(0, milliseconds), run };
      armed.push(timer);
      return () => {
        armed = armed.filter((one) => one !== timer);
      };
    },
    untilNext() {
      const first = next();
      return first === undefined ? null : Math.max(0, first.at - steady);
    },
    pass(milliseconds) {
      const end = steady + milliseconds;
      for (let due = next(); due !== undefined && due.at <= end; due = next()) {
        move(Math.max(0, due.at - steady));
        fireDue();
      }
      move(end - steady);
    },
    sleep(milliseconds) {
      move(milliseconds);
      fireDue();
    },
    setWall(byMilliseconds) {
      wall += byMilliseconds;
    },
  };
}
