import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { Limits, WindowSpend } from '../../db/repositories/queue-types.ts';
import { endOfWindow } from '../../jobs/outbound/utc-window.ts';

/** How one source is asked, as far as it decides how long calls take. */
export interface CallPace {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Nothing is sent before; milliseconds since the epoch. */
  readonly notBefore: number;
  readonly limits: Limits;
  readonly spends: readonly WindowSpend[];
  readonly minuteMs: number;
  /** Milliseconds one request takes. */
  readonly latencyMs: number;
  readonly concurrency: number;
}

type FixedWindow = Exclude<QuotaWindow, 'minute'>;
const FIXED: readonly FixedWindow[] = ['hour', 'day', 'month'];
/** Further ahead nothing is worth saying. */
const FARTHEST_MS = 10 * 366 * 86_400_000;
/** What the ledger adds to a minute, so that the source's own clock agrees. */
const MINUTE_MARGIN = 1 / 600;

/**
 * When the last of so many calls will be answered, if nothing else is sent and nothing fails; milliseconds since the
 * epoch. Null when a limit of 0 stands against it, or it lies more than ten years ahead.
 */
export function endOfCalls(calls: number, pace: CallPace): number | null {
  if ((pace.limits.minute ?? 1) < 1) {
    return calls > 0 ? null : pace.now;
  }
  const spent = new Map<FixedWindow, number>(FIXED.map((window) => [window, spentIn(pace, window)]));
  let at = Math.max(pace.now, pace.notBefore);
  let isFirst = true;
  let left = calls;
  while (left > 0 && at < pace.now + FARTHEST_MS) {
    const [room, full] = roomIn(pace.limits, spent);
    const end = Math.min(...FIXED.filter((window) => pace.limits[window] !== null).map((one) => endOfWindow(one, at)));
    const most = Math.min(left, room);
    const needed = timeFor(most, pace, at, isFirst);
    const fits = at + needed <= end ? most : Math.max(0, Math.floor((most * (end - at)) / needed));
    left -= fits;
    isFirst = false;
    if (left <= 0) {
      return at + needed;
    }
    for (const window of FIXED) {
      spent.set(window, (spent.get(window) ?? 0) + fits);
    }
    const next = fits < most ? end : endOfWindow(full, at);
    for (const window of FIXED) {
      if (endOfWindow(window, at) <= next) {
        spent.set(window, 0);
      }
    }
    at = next;
  }
  return left > 0 ? null : at;
}

/** How many calls the fixed windows still have, and which of them is the one that ends it. */
function roomIn(limits: Limits, spent: ReadonlyMap<FixedWindow, number>): [number, FixedWindow] {
  let least = Number.POSITIVE_INFINITY;
  let full: FixedWindow = 'day';
  for (const window of FIXED) {
    const room = Math.max(0, (limits[window] ?? Number.POSITIVE_INFINITY) - (spent.get(window) ?? 0));
    // Of two that are full the longer one decides.
    if (room <= least && room < Number.POSITIVE_INFINITY) {
      least = room;
      full = window;
    }
  }
  return [least, full];
}

/** Milliseconds for so many calls under the minute and what is on its way at a time. */
function timeFor(calls: number, pace: CallPace, at: number, isFirst: boolean): number {
  const { latencyMs, concurrency, minuteMs } = pace;
  const byLatency = Math.ceil(calls / concurrency) * latencyMs;
  const limit = pace.limits.minute;
  if (limit === null || calls <= 0) {
    return byLatency;
  }
  const cycle = minuteMs * (1 + MINUTE_MARGIN) + latencyMs;
  const minute = isFirst ? pace.spends.find((spend) => spend.window === 'minute') : undefined;
  const free = Math.max(0, limit - (minute?.spent ?? 0));
  if (calls <= free) {
    return byLatency;
  }
  const firstWait = minute !== undefined && free < limit ? Math.max(0, (minute.freesAt ?? at) - at) : cycle;
  const rounds = Math.ceil((calls - free) / limit);
  const last = calls - free - (rounds - 1) * limit;
  return Math.max(byLatency, firstWait + (rounds - 1) * cycle + Math.ceil(last / concurrency) * latencyMs);
}

function spentIn(pace: CallPace, window: FixedWindow): number {
  return pace.spends.find((spend) => spend.window === window)?.spent ?? 0;
}
