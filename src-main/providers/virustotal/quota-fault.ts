import type { RequestFault } from '../port.ts';
import { windowOfWait } from '../quota-window.ts';

const MINUTE_MS = 60_000;

/**
 * A 429. The error does not say which quota it was: without `Retry-After` it is taken for the minute, the only one that
 * is worth trying again soon. A wait that ends where a UTC day or month begins is that window. Times in milliseconds.
 */
export function quotaFault(said: string, until: number | null, now: number): RequestFault {
  const window = until === null ? 'minute' : windowOfWait(until, now);
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
