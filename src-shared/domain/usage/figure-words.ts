import { grouped } from '../grouped.ts';
import { sizeText } from '../size-text.ts';
import type { PanelUnit } from './panels.ts';

const DAY = 86_400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const ONE: Readonly<Record<PanelUnit, string>> = {
  items: 'item',
  hashes: 'hash',
  requests: 'request',
  entries: 'entry',
  calls: 'call',
  runs: 'run',
  bytes: 'byte',
  milliseconds: 'ms',
  'per cent': '%',
};

/** A figure with its unit: "148,206 items", "6.1 GB", "480 ms", "84 %". */
export function figure(value: number, unit: PanelUnit): string {
  switch (unit) {
    case 'bytes':
      return sizeText(value);
    case 'milliseconds':
      return `${grouped(Math.round(value))} ms`;
    case 'per cent':
      return `${percent(value)} %`;
    default:
      return `${grouped(Math.round(value))} ${value === 1 ? ONE[unit] : unit}`;
  }
}

/** The same where the unit is plain from what stands around it: counts alone. */
export function bareFigure(value: number, unit: PanelUnit): string {
  return unit === 'bytes' || unit === 'milliseconds' || unit === 'per cent'
    ? figure(value, unit)
    : grouped(Math.round(value));
}

/** How long something is, in whole units: "7 days", "24 hours", "90 min". */
export function spanText(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes >= (2 * DAY) / 60) {
    return `${grouped(Math.round(seconds / DAY))} days`;
  }
  if (minutes === 60) {
    return 'one hour';
  }
  return minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${minutes} min`;
}

/** An interval: "13 Nov, 12:00 to 18:00 UTC", "13 Nov UTC", "the week from 9 Nov UTC". With the year when it is not this one. */
export function intervalText(start: number, stepSeconds: number, now: number): string {
  const day = dayText(start, now);
  if (stepSeconds === 7 * DAY) {
    return `the week from ${day} UTC`;
  }
  if (stepSeconds >= DAY) {
    return stepSeconds === DAY ? `${day} UTC` : `${day} to ${dayText(start + stepSeconds - DAY, now)} UTC`;
  }
  const end = clockText(start + stepSeconds);
  return `${day}, ${clockText(start)} to ${end === '00:00' ? '24:00' : end} UTC`;
}

/** A moment: "13 Nov 12:00 UTC", with the year when it is not this one. */
export function momentText(at: number, now: number): string {
  return `${dayText(at, now)} ${clockText(at)} UTC`;
}

/** "12:00", UTC. */
export function clockText(at: number): string {
  return new Date(at * 1000).toISOString().slice(11, 16);
}

/** How a total compares to the one before: "12 % more", "as many"; null where there is nothing to compare with. */
export function changeText(total: number | null, before: number | null): string | null {
  if (total === null || before === null) {
    return null;
  }
  if (total === before) {
    return 'the same as';
  }
  if (before === 0) {
    return null;
  }
  const change = (100 * Math.abs(total - before)) / before;
  return `${change < 1 ? 'under 1' : grouped(Math.round(change))} % ${total > before ? 'more' : 'less'} than`;
}

function dayText(at: number, now: number): string {
  const date = new Date(at * 1000);
  const year = date.getUTCFullYear();
  const text = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
  return year === new Date(now * 1000).getUTCFullYear() ? text : `${text} ${year}`;
}

function percent(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : String(Math.round(value));
}
