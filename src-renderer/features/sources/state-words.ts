import type { SourceView } from '#shared/contract/sources.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { clock, remaining } from '../../components/words.ts';

const WORDS: Readonly<Record<SourceView['state'], string>> = {
  disabled: 'off',
  'no-key': 'no key',
  offline: 'offline',
  paused: 'paused',
  idle: 'nothing to ask',
  asking: 'asking',
  waiting: 'waiting',
  'backing-off': 'backing off',
  open: 'resting after faults',
  stopped: 'stopped',
};

/** What a source does, with when it goes on, and below it why or when it last answered. Moments in milliseconds. */
export function stateWords(
  view: SourceView,
  now: number,
  zone: Preferences['times'],
): { readonly state: string; readonly detail: string } {
  const until = view.until === null ? '' : ` until ${clock(view.until, now, zone)}`;
  const last = view.lastAnswerAt === null ? 'never asked' : `last answer ${ago(view.lastAnswerAt, now)}`;
  return { state: `${WORDS[view.state]}${until}`, detail: view.reason === '' ? last : view.reason };
}

/** Malicious items among those with an answer, in percent with two digits; a dash where nothing was answered. */
export function malicious100({ malicious, processed }: SourceView): string {
  return processed === 0 ? '–' : ((malicious / processed) * 100).toFixed(2);
}

function ago(at: number, now: number): string {
  return now - at < 1000 ? 'now' : `${remaining(now, at)} ago`;
}
