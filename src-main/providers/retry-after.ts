/** Longer waits than a month are taken for a mistake of the server. */
const LONGEST_MS = 31 * 24 * 60 * 60 * 1000;

/**
 * When a `Retry-After` header says to come back, milliseconds since the epoch, or null when it says nothing usable. Both
 * forms of RFC 9110, 10.2.3 are read: seconds, and an HTTP date. A moment in the past is `now`.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  const at = /^\d{1,9}$/.test(text) ? now + Number(text) * 1000 : httpDate(text);
  return at === null || at - now > LONGEST_MS ? null : Math.max(at, now);
}

/** Only texts that look like a date: `Date.parse` takes a bare number for a year. */
function httpDate(text: string): number | null {
  const at = /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
