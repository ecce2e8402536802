import type { QuotaWindow } from '#shared/domain/outcome.ts';

const MINUTE_MS = 60_000;
/** A wait this short means the minute; a window's end is met within it, as clocks differ. */
const MINUTE_AT_MOST_MS = 2 * MINUTE_MS;

/** Which window a wait until `until` stands for, by where it ends; null when it is none. Milliseconds since the epoch. */
export function windowOfWait(until: number, now: number): QuotaWindow | null {
  const date = new Date(now);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  if (until - now <= MINUTE_AT_MOST_MS) {
    return 'minute';
  }
  const isAt = (moment: number): boolean => Math.abs(until - moment) <= MINUTE_AT_MOST_MS;
  if (isAt(nextDay(now))) {
    return 'day';
  }
  return isAt(nextMonth) ? 'month' : null;
}

/** A minute after the next 00:00 UTC, for sources whose day begins then; the minute is for clocks that differ. */
export function untilNextDay(now: number): number {
  return nextDay(now) + MINUTE_MS;
}

function nextDay(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}
