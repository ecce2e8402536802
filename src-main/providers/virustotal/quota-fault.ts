import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { RequestFault } from '../port.ts';

const MINUTE_MS = 60_000;
/** A wait this short means the minute; VirusTotal says by name only that some quota is used up. */
const MINUTE_AT_MOST_MS = 2 * MINUTE_MS;

/**
 * A 429. The error does not say which quota it was: without `Retry-After` it is taken for the minute, the only one that
 * is worth trying again soon. A wait that ends where a UTC day or month begins is that window. Times in milliseconds.
 */
export function quotaFault(said: string, until: number | null, now: number): RequestFault {
  const window = until === null ? 'minute' : windowOf(until, now);
  const which = window === 'day' || window === 'month' ? `quota of the ${window}` : 'quota';
  return {
    outcome: 'quota',
    at: 'quota',
    message: `VirusTotal's ${which} of this key is used up for now (${said}).`,
    window,
    until: until ?? now + MINUTE_MS,
    sent: true,
  };
}

function windowOf(until: number, now: number): QuotaWindow | null {
  const date = new Date(now);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const nextDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
  if (until - now <= MINUTE_AT_MOST_MS) {
    return 'minute';
  }
  const isAt = (moment: number): boolean => Math.abs(until - moment) <= MINUTE_AT_MOST_MS;
  if (isAt(nextDay)) {
    return 'day';
  }
  return isAt(nextMonth) ? 'month' : null;
}
