/** A date field's value as seconds since the epoch, the end of that day in UTC; null when it is empty. */
export function secondsOfDay(day: string): number | null {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(start) ? null : Math.floor(start / 1000) + 86_399;
}

/** Seconds since the epoch as a date field's value; empty for null. */
export function dayOfSeconds(seconds: number | null): string {
  return seconds === null ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);
}
