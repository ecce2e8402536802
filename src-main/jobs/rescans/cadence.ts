import type { LifePolicy } from '#shared/domain/life.ts';
import type { Timer } from '../outbound/port.ts';

const MINUTE_MS = 60_000;
const SHORTEST_MS = MINUTE_MS;
const LONGEST_MS = 6 * 60 * MINUTE_MS;
/** A sweep costs half a per cent of one core at the most. */
const IDLE_PER_BUSY = 200;
/** The first sweep lets a start come first. */
const FIRST_AFTER_MS = 5_000;

/**
 * Milliseconds between two sweeps under a policy: often enough that no item waits for longer than a twenty-fourth of the
 * shortest interval. A pending answer waits in the queue for its own time and is not counted.
 */
export function sweepPeriod(policy: LifePolicy): number {
  const intervals = [
    policy.rescan,
    policy.notKnown,
    ...Object.values(policy.sources).map((life) => (life.rescans && life.newAge !== null ? life.newInterval : null)),
  ].filter((interval) => interval !== null);
  const period = (Math.min(...intervals) * 1000) / 24;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, period));
}

/** Says when the next sweep is. */
export interface Cadence {
  /** Milliseconds until the next sweep; 0 or less: now. `isWanted`: something changed, or what was found is used up. */
  wait(period: number, isWanted: boolean): number;
  swept(busyMs: number): void;
}

/** By the wall clock, so that a machine that slept sweeps when it wakes; one that was set back does so, too. */
export function createCadence(timer: Timer): Cadence {
  const begunAt = timer.steady();
  let last: { readonly wall: number; readonly steady: number; readonly busyMs: number } | null = null;
  return {
    wait(period, isWanted) {
      if (last === null) {
        return begunAt + FIRST_AFTER_MS - timer.steady();
      }
      const rest = last.steady + last.busyMs * IDLE_PER_BUSY - timer.steady();
      const passed = timer.now() - last.wall;
      const isOver = isWanted || passed < 0;
      return Math.max(rest, isOver ? 0 : period - passed);
    },
    swept(busyMs) {
      last = { wall: timer.now(), steady: timer.steady(), busyMs };
    },
  };
}
