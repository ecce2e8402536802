import type { HistoryLane, ItemChange, ItemState } from '#shared/contract/history.ts';
import { sourceShortLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { counted, time } from '../words.ts';
import { runs } from './lane-drawing.ts';

const DAY = 86_400;
/** Below it four marks cannot stand for four days. */
const SAME_DAYS = 4 * DAY;
/** Of a long history the newest states are told; the table has all. */
const MOST_TOLD = 6;

/** The day of a moment, in the zone the person chose: "14 Nov 2026". */
export function dayOf(at: number, zone: Preferences['times']): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at * 1000);
}

/** A mark of an axis over so many seconds: the day, or, where the marks would fall on the same days, the time of it. */
export function axisWords(at: number, seconds: number, zone: Preferences['times']): string {
  return seconds >= SAME_DAYS
    ? dayOf(at, zone)
    : new Intl.DateTimeFormat('en-GB', {
        ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
      }).format(at * 1000);
}

/** The name of a lane; where a hash stands for several files, with the start of the file's digest. */
export function laneName(lane: HistoryLane, lanes: readonly HistoryLane[]): string {
  const label = sourceShortLabel(lane.source);
  return new Set(lanes.map(({ hash }) => hash)).size > 1 ? `${label}, ${lane.hash.slice(0, 8)}…` : label;
}

/** A lane in words, for those who do not see it: "unknown from 24 Oct 2026, malicious since 14 Nov 2026". */
export function laneWords(lane: HistoryLane, zone: Preferences['times']): string {
  const told = runs(lane.stretches);
  const shown = told.slice(-MOST_TOLD);
  const words = shown.map(({ status, from, to }) => `${status} ${to === null ? 'since' : 'from'} ${dayOf(from, zone)}`);
  const before = told.length - shown.length;
  return [...(before > 0 ? [counted(before, 'earlier state')] : []), ...words].join(', ');
}

/** What a source says now and what it said before: "malicious since 14 Nov 2026; was non-malicious for 21 days". */
export function nowAndBefore(lane: HistoryLane, zone: Preferences['times']): string {
  const told = runs(lane.stretches);
  const [present, before] = [told.at(-1), told.at(-2)];
  if (present === undefined) {
    return '';
  }
  const since = `${present.status} since ${dayOf(present.from, zone)}`;
  return before === undefined ? since : `${since}; was ${before.status} ${spanWords(present.from - before.from)}`;
}

function spanWords(seconds: number): string {
  if (seconds < DAY) {
    return 'for less than a day';
  }
  return `for ${counted(Math.round(seconds / DAY), 'day')}`;
}

/** What changed: "non-malicious to malicious", or what else is new where the status is the same. */
export function changeWords({ before, after }: Pick<ItemChange, 'before' | 'after'>): string {
  if (before.status !== after.status || before.noAnswer !== after.noAnswer) {
    return `${stateWords(before)} to ${stateWords(after)}`;
  }
  const parts = [
    before.score === after.score ? null : `score ${before.score ?? 'none'} to ${after.score ?? 'none'}`,
    before.threat === after.threat ? null : `name ${before.threat ?? 'none'} to ${after.threat ?? 'none'}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function stateWords({ status, noAnswer }: ItemState): string {
  return noAnswer === 'not-known' ? 'does not know it' : status;
}

/** The newest flip in one line: "Turned malicious at WildFire on 2026-11-14 08:00 UTC". */
export function flipWords(change: ItemChange, zone: Preferences['times']): string {
  const what = change.flip === 'raised' ? 'Turned malicious' : 'Ceased to be malicious';
  return `${what} at ${sourceShortLabel(change.source)} on ${time(change.at, zone)}`;
}
