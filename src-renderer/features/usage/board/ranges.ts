import { lastRange, USUAL_BARS, type LastRange } from '#shared/domain/usage/last-range.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { rangeWords } from '../../../charts/index.ts';

/** A range as it is chosen: the last so many days, or from (inclusive) to (exclusive) in seconds. */
export type RangeChoice = Pick<Preferences['board'], 'range' | 'from' | 'to'>;

/** A stretch of time, and how many bars it is drawn with. */
export type Stretch = LastRange;

const DAY = 86_400;

/** Ranges that end now, and their lengths. */
const LAST = {
  '24h': { label: '24 h', words: '24 hours', span: DAY },
  '7d': { label: '7 d', words: '7 days', span: 7 * DAY },
  '30d': { label: '30 d', words: '30 days', span: 30 * DAY },
  '90d': { label: '90 d', words: '90 days', span: 90 * DAY },
} as const;

/** Ranges that end now, shortest first. */
export const LAST_RANGES = Object.keys(LAST) as readonly (keyof typeof LAST)[];

const LONGEST = 3660 * DAY;

/**
 * The stretch a choice means at a moment. One that ends now reaches to the end of the interval that runs, so that all of
 * its intervals are whole and the figures stay where they are until the next one begins.
 */
export function stretchOf(choice: RangeChoice, now: number): Stretch {
  if (choice.range === 'custom') {
    return { from: choice.from, to: Math.max(choice.to, choice.from + 60), bars: USUAL_BARS };
  }
  return lastRange(LAST[choice.range].span, now);
}

/** Whether the present is part of a stretch, so that its figures go on changing. */
export function isLive(stretch: Pick<Stretch, 'from' | 'to'>, now: number): boolean {
  return stretch.to > now;
}

/** "7 d", "12 Nov 06:00 to 14 Nov 18:00". */
export function labelOf(choice: RangeChoice, zone: Preferences['times']): string {
  return choice.range === 'custom' ? rangeWords(choice.from, choice.to, zone) : LAST[choice.range].label;
}

/** "the last 7 days", for sentences. */
export function sentenceOf(choice: RangeChoice, zone: Preferences['times']): string {
  return choice.range === 'custom' ? labelOf(choice, zone) : `the last ${LAST[choice.range].words}`;
}

/** What a range is compared with: "the 7 d before", "as long before". */
export function beforeOf(choice: RangeChoice): string {
  return choice.range === 'custom' ? 'as long before' : `the ${LAST[choice.range].label} before`;
}

/** What is wrong with the ends of a range, said where it is wrong; null where nothing is. */
export function rangeFault(
  from: number | null,
  to: number | null,
  now: number,
): { readonly at: 'from' | 'to'; readonly fault: string } | null {
  if (from === null) {
    return { at: 'from', fault: 'Give the day and the time at which the range begins.' };
  }
  if (to === null) {
    return { at: 'to', fault: 'Give the day and the time at which the range ends.' };
  }
  if (from >= now) {
    return { at: 'from', fault: 'The range begins in the future: nothing is recorded there.' };
  }
  if (to - from < 60) {
    return { at: 'to', fault: 'The range ends before it begins, or in the same minute. Choose a later end.' };
  }
  return to - from > LONGEST
    ? { at: 'from', fault: 'The range is longer than ten years. Choose a later beginning.' }
    : null;
}

/** Seconds as the field of the platform takes them, "2026-11-19T09:26", in the zone the person chose. */
export function fieldOf(at: number, zone: Preferences['times']): string {
  const date = new Date(at * 1000);
  const shifted = zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The other way round; null for what is no time. */
export function timeOf(field: string, zone: Preferences['times']): number | null {
  const at = Date.parse(zone === 'utc' ? `${field}Z` : field);
  return Number.isFinite(at) && at >= 0 ? Math.floor(at / 1000) : null;
}
