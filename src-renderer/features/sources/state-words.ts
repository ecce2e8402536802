import type { SourceView } from '#shared/contract/sources.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { clock, number, remaining } from '../../components/words.ts';

const WORDS: Readonly<Record<SourceView['state'], string>> = {
  disabled: 'off',
  'no-key': 'no key',
  offline: 'offline',
  paused: 'paused',
  idle: 'nothing to ask',
  asking: 'asking',
  waiting: 'waiting',
  'backing-off': 'backing off',
  open: 'resting',
  stopped: 'stopped',
};

/**
 * What a source does, with when it goes on, and below it in a few words why, or when it last answered. The sentence of
 * the source itself says it whole. Moments in milliseconds.
 */
export function stateWords(
  view: SourceView,
  now: number,
  zone: Preferences['times'],
): { readonly state: string; readonly detail: string } {
  const until = view.until === null ? '' : ` until ${clock(view.until, now, zone)}`;
  const state = view.state === 'no-key' ? missingWords(view.key) : `${WORDS[view.state]}${until}`;
  return { state, detail: detailOf(view, now) };
}

/** What keeps a source from being asked at all: no key, one that cannot be read, or one that does not suffice. */
function missingWords({ place, fault }: SourceView['key']): string {
  if (fault !== null) {
    return 'key not readable';
  }
  return place === null ? WORDS['no-key'] : 'not set up';
}

function detailOf(view: SourceView, now: number): string {
  switch (view.state) {
    case 'no-key':
      return view.key.fault === null && view.key.place === null ? 'add it in the settings' : 'see the settings';
    case 'offline':
      return 'nothing leaves';
    case 'paused':
      return 'until resumed';
    case 'waiting':
      return waitWords(view);
    case 'backing-off':
      return 'after a fault';
    case 'open':
      return 'after repeated faults';
    case 'stopped':
      return 'see the settings';
    default:
      return view.lastAnswerAt === null ? 'never asked' : `last answer ${ago(view.lastAnswerAt, now)}`;
  }
}

/** By the clock it waits for the longest window that is spent; else for answers that pend, or for a process. */
function waitWords({ quota, until, new: fresh, rescanning }: SourceView): string {
  if (until === null) {
    return fresh === 0 && rescanning > 0 ? 'for pending answers' : 'no process asks';
  }
  const spent = quota.findLast(({ spent: calls, limit }) => limit !== null && calls >= limit);
  return spent === undefined || spent.limit === null
    ? 'told to wait'
    : `${number(spent.limit)} a ${spent.window}, spent`;
}

/** Malicious items among those with an answer, in percent with two digits; a dash where nothing was answered. */
export function malicious100({ malicious, processed }: SourceView): string {
  return processed === 0 ? '–' : ((malicious / processed) * 100).toFixed(2);
}

function ago(at: number, now: number): string {
  return now - at < 1000 ? 'now' : `${remaining(now, at)} ago`;
}
