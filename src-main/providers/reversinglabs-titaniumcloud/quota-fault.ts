import type { RequestFault } from '../port.ts';
import { untilNextDay, windowOfWait } from '../quota-window.ts';

const MINUTE_MS = 60_000;

/**
 * A 429, or a 403 that speaks of a quota. The service counts days and months in UTC and says which one is spent at best in
 * words. A time to wait decides; without one the words do, and without those it is the day, which is asked again tomorrow
 * when it was the month. Times in milliseconds.
 */
export function quotaFault(said: string, words: string, until: number | null, now: number): RequestFault {
  const window = until === null ? windowOfWords(words) : windowOfWait(until, now);
  const which = window === 'day' || window === 'month' ? `quota of the ${window}` : 'quota';
  return {
    outcome: 'quota',
    at: 'quota',
    message: `The ${which} of this account of ReversingLabs TitaniumCloud is used up for now (${said}).`,
    window,
    until: until ?? endOf(window, now),
    sent: true,
  };
}

function windowOfWords(words: string): 'minute' | 'day' | 'month' {
  if (/\bmonth/i.test(words)) {
    return 'month';
  }
  return /\bper (?:second|minute)\b|\brate\b|\btoo fast\b/i.test(words) ? 'minute' : 'day';
}

function endOf(window: RequestFault['window'], now: number): number {
  if (window === 'month') {
    return nextMonth(now);
  }
  return window === 'minute' ? now + MINUTE_MS : untilNextDay(now);
}

/** A minute after the month ends in UTC, for clocks that differ. */
function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) + MINUTE_MS;
}
