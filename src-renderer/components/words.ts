import type { Preferences } from '#shared/settings/schema.ts';

/** 1234567 -> "1,234,567". */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** A count with its noun: "1 row", "2,184 rows". */
export { counted } from '#shared/domain/grouped.ts';

/** `65.0 MB`, as the terminal says it. */
export { sizeText as bytes } from '#shared/domain/size-text.ts';

/** Age in the largest unit that says enough: "3 h", "12 d". Times in seconds since the epoch. */
export function age(at: number | null, now: number): string {
  if (at === null) {
    return '–';
  }
  const seconds = Math.max(0, now - at);
  if (seconds < 60) {
    return 'now';
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${number(Math.floor(seconds / 86_400))} d`;
}

/** The absolute time, in the zone the person chose. */
export function time(at: number | null, zone: Preferences['times']): string {
  if (at === null) {
    return 'no time';
  }
  const date = new Date(at * 1000);
  if (zone === 'utc') {
    return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(date);
}

export function duration(milliseconds: number): string {
  if (milliseconds < 59_500) {
    return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  }
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A moment of the near future or past (milliseconds): "09:31" today, "Fri 00:41" within a week, else the date. */
export function clock(at: number, now: number, zone: Preferences['times']): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const day = (value: number): string =>
    new Intl.DateTimeFormat('sv-SE', { ...timeZone, dateStyle: 'short' }).format(value);
  const hour = new Intl.DateTimeFormat('sv-SE', { ...timeZone, timeStyle: 'short' }).format(at);
  if (day(at) === day(now)) {
    return hour;
  }
  return Math.abs(at - now) < 6 * 86_400_000
    ? `${new Intl.DateTimeFormat('en-GB', { ...timeZone, weekday: 'short' }).format(at)} ${hour}`
    : day(at);
}

/** A moment (milliseconds) to the second, for records: "2026-11-19 09:26:41". */
export function instant(at: number, zone: Preferences['times']): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  return new Intl.DateTimeFormat('sv-SE', { ...timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

/** How long from now (both in milliseconds), in one unit: "41 s", "12 min", "14 h", "11 d". */
export function remaining(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  if (seconds < 100) {
    return `${seconds} s`;
  }
  if (seconds < 6000) {
    return `${Math.ceil(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${number(Math.round(seconds / 86_400))} d`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
