import { clockOf, dayNumberOf, dayOf, type Zone } from '../chart-words.ts';

/** A label of the time axis, which begins at its moment. */
export interface XTick {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly label: string;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Distances of labels that people count in; from a day on they are days of the calendar. */
const DISTANCES = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
] as const;

/**
 * Where the time axis is labelled, in the zone people chose: round hours of that zone, midnights across the change to
 * and from summer time. The first label and each first of a month name the month.
 */
export function xTicks(from: number, to: number, width: number, zone: Zone): readonly XTick[] {
  const span = to - from;
  const space = span > 2 * DAY ? 42 : 52;
  const distance = DISTANCES.find((candidate) => (candidate / span) * width >= space) ?? span;
  const times = distance < DAY ? hours(from, to, distance, zone) : days(from, to, distance / DAY, zone);
  return times.map((at, index) => ({ at, label: labelOf(at, index === 0 ? null : (times[index - 1] ?? null), zone) }));
}

function labelOf(at: number, before: number | null, zone: Zone): string {
  if (clockOf(at, zone) !== '00:00') {
    return clockOf(at, zone);
  }
  const isSameMonth = before !== null && dayOf(at, zone).split(' ')[1] === dayOf(before, zone).split(' ')[1];
  // Between hours a bare number would not be read as a day.
  const isAmongDays = before !== null && clockOf(before, zone) === '00:00';
  return isSameMonth && isAmongDays ? dayNumberOf(at, zone) : dayOf(at, zone);
}

/** Times whose clock in the zone is a multiple of the distance; the hour that a day has twice is labelled once. */
function hours(from: number, to: number, distance: number, zone: Zone): readonly number[] {
  // Zones are whole quarters of an hour apart.
  const grain = Math.min(distance, 15 * MINUTE);
  const found: number[] = [];
  for (let at = Math.ceil(from / grain) * grain; at < to; at += grain) {
    const isAfterLast = at - (found.at(-1) ?? Number.NEGATIVE_INFINITY) >= distance * 0.75;
    if (secondsOfDay(at, zone) % distance === 0 && isAfterLast) {
      found.push(at);
    }
  }
  return found;
}

function days(from: number, to: number, every: number, zone: Zone): readonly number[] {
  const found: number[] = [];
  // Counted from a fixed Monday, so that labels stay where they are while the range moves on.
  const start = (every - (calendarDay(from, zone) % every)) % every;
  for (let day = start; ; day += every) {
    const at = midnight(from, day, zone);
    if (at >= to) {
      return found;
    }
    if (at >= from) {
      found.push(at);
    }
  }
}

/** Days of the calendar since Monday, 5 January 1970. */
function calendarDay(at: number, zone: Zone): number {
  const date = new Date(at * 1000);
  const day =
    zone === 'utc'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
      : Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return day / 1000 / DAY - 4;
}

/** Midnight of the day of a time, so many days on, in the zone. */
function midnight(at: number, daysOn: number, zone: Zone): number {
  const date = new Date(at * 1000);
  if (zone === 'utc') {
    date.setUTCHours(0, 0, 0, 0);
    date.setUTCDate(date.getUTCDate() + daysOn);
  } else {
    date.setHours(0, 0, 0, 0);
    date.setDate(date.getDate() + daysOn);
  }
  return date.getTime() / 1000;
}

function secondsOfDay(at: number, zone: Zone): number {
  const date = new Date(at * 1000);
  return zone === 'utc'
    ? date.getUTCHours() * HOUR + date.getUTCMinutes() * MINUTE
    : date.getHours() * HOUR + date.getMinutes() * MINUTE;
}
