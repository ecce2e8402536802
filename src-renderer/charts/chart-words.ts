import type { PanelData } from '#shared/contract/usage.ts';
import type { PanelUnit } from '#shared/domain/usage/panels.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { bytes, number } from '../components/words.ts';

/** The zone times are shown in: the preference of the window. */
export type Zone = Preferences['times'];

const DAY = 86_400;
const HOUR = 3600;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A value with its unit where numbers alone would not say it: "148,206", "2.31 GB", "97.3 %", "420 ms". */
export function valueWords(unit: PanelUnit, value: number | null): string {
  if (value === null) {
    return 'not known';
  }
  switch (unit) {
    case 'bytes':
      return bytes(Math.round(value));
    case 'per cent':
      return `${number(Math.round(value * 10) / 10)} %`;
    case 'milliseconds':
      return value < 1000 ? `${Math.round(value)} ms` : `${number(Math.round(value / 10) / 100)} s`;
    default:
      return number(Math.round(value * 10) / 10);
  }
}

/** One interval: "13 Nov, 12:00 to 18:00", "13 Nov" for a whole day. Seconds since the epoch. */
export function intervalWords(start: number, stepSeconds: number, zone: Zone): string {
  const end = start + stepSeconds;
  const isFromMidnight = clockOf(start, zone) === '00:00';
  const isToMidnight = clockOf(end, zone) === '00:00';
  const last = dayOf(end - 1, zone);
  if (isFromMidnight && isToMidnight) {
    return dayOf(start, zone) === last ? last : `${dayOf(start, zone)} to ${last}`;
  }
  const until = isToMidnight ? '24:00' : clockOf(end, zone);
  return dayOf(start, zone) === last
    ? `${last}, ${clockOf(start, zone)} to ${until}`
    : `${dayOf(start, zone)}, ${clockOf(start, zone)} to ${last}, ${until}`;
}

/** A stretch of time with its year and zone: "12 Nov 2026, 00:00 to 19 Nov 2026, 00:00 UTC". */
export function rangeWords(from: number, to: number, zone: Zone): string {
  return `${momentWords(from, zone)} to ${momentWords(to, zone)}${zone === 'utc' ? ' UTC' : ''}`;
}

/** What the time compared with is called: "7 d before", "24 h before". Ranges are widened to intervals: rounded down. */
export function beforeWords({ from, to }: Pick<PanelData, 'from' | 'to'>): string {
  const seconds = to - from;
  if (seconds >= 5 * DAY) {
    return `${Math.floor(seconds / DAY)} d before`;
  }
  return seconds >= 2 * HOUR ? `${Math.floor(seconds / HOUR)} h before` : `${Math.floor(seconds / 60)} min before`;
}

/** The change against the time before: "+12 %", "−3 %", "as before"; null where none can be said. */
export function changeWords(total: number | null, before: number | null): string | null {
  if (total === null || before === null || before === 0) {
    return null;
  }
  const share = ((total - before) / before) * 100;
  if (Math.abs(share) < 0.5) {
    return total === before ? 'as before' : share < 0 ? 'under −1 %' : 'under +1 %';
  }
  return share > 999 ? `× ${number(Math.round(total / before))}` : signed(Math.round(share));
}

/** "12 Nov". */
export function dayOf(at: number, zone: Zone): string {
  const { day, month } = calendarOf(at, zone);
  return `${day} ${month}`;
}

/** "12". */
export function dayNumberOf(at: number, zone: Zone): string {
  return String(calendarOf(at, zone).day);
}

/** "08:00". */
export function clockOf(at: number, zone: Zone): string {
  const { hours, minutes } = calendarOf(at, zone);
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** "12 Nov 2026, 08:00". */
export function momentWords(at: number, zone: Zone): string {
  return `${dayOf(at, zone)} ${calendarOf(at, zone).year}, ${clockOf(at, zone)}`;
}

interface Calendar {
  readonly year: number;
  readonly month: string;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
}

/** By the machine's zone as it is now: a kept format would go on in the one it was made in after a journey. */
function calendarOf(at: number, zone: Zone): Calendar {
  const date = new Date(at * 1000);
  return zone === 'utc'
    ? {
        year: date.getUTCFullYear(),
        month: MONTHS[date.getUTCMonth()] ?? '',
        day: date.getUTCDate(),
        hours: date.getUTCHours(),
        minutes: date.getUTCMinutes(),
      }
    : {
        year: date.getFullYear(),
        month: MONTHS[date.getMonth()] ?? '',
        day: date.getDate(),
        hours: date.getHours(),
        minutes: date.getMinutes(),
      };
}

function signed(share: number): string {
  return share < 0 ? `−${number(-share)} %` : `+${number(share)} %`;
}
