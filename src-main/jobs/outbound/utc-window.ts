import type { QuotaWindow } from '#shared/domain/outcome.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The first millisecond of the UTC hour, day or month that holds `at`. */
export function startOfWindow(window: Exclude<QuotaWindow, 'minute'>, at: number): number {
  if (window === 'month') {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  }
  const length = window === 'hour' ? HOUR : DAY;
  return Math.floor(at / length) * length;
}

/** The first millisecond after the UTC hour, day or month that holds `at`. */
export function endOfWindow(window: Exclude<QuotaWindow, 'minute'>, at: number): number {
  if (window === 'month') {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  }
  return startOfWindow(window, at) + (window === 'hour' ? HOUR : DAY);
}
