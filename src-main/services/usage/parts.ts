import { CACHE_AGES, INBOUND_DOORS, type Split } from '#shared/domain/usage/panels.ts';
import type { AvoidedBy, Outcome } from '#shared/domain/outcome.ts';
import { sourceLabel, sourceOfCode, SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';

/** What a recorded figure is filed under. */
export interface Filed {
  /** Code of the source, 0 for none. */
  readonly source: number;
  readonly detail: string;
}

/** Stands for figures that belong to no part that has a name of its own. */
export const OTHER_PART = 'other';
/** The one part of a panel that is not broken down. */
export const WHOLE = 'all';

/** Details of two words are a reason and a status: "not-asked-for malicious". */
const REASON_WORD = 0;
const STATUS_WORD = 1;

/** Which part of a panel a figure belongs to when the panel is broken down that way. */
export function partOf(split: Split, { source, detail }: Filed): string {
  switch (split) {
    case 'none':
      return WHOLE;
    case 'source':
      return sourceOfCode(source) ?? OTHER_PART;
    case 'status':
      return wordOf(detail, detail.includes(' ') ? STATUS_WORD : 0);
    case 'reason':
      return wordOf(detail, REASON_WORD);
    default:
      return detail === '' ? OTHER_PART : detail;
  }
}

/** What a part is called. */
export function labelOf(split: Split, key: string): string {
  if (key === OTHER_PART) {
    return 'Other';
  }
  switch (split) {
    case 'source':
      return isSource(key) ? sourceLabel(key) : key;
    case 'none':
      return 'All';
    case 'reason':
      return worded(REASONS, key);
    case 'door':
      return worded(DOORS, key);
    case 'side':
      return key === 'non-malicious' ? 'false detections' : `known ${key}`;
    case 'direction':
      return worded(DIRECTIONS, key);
    case 'age':
      return CACHE_AGES.find((age) => age.key === key)?.label ?? key;
    default:
      return key.replaceAll('-', split === 'state' ? ' ' : '-');
  }
}

/** Parts that have an order of their own, in it; empty where the largest goes first. */
export function orderOf(split: Split): readonly string[] {
  switch (split) {
    case 'status':
      return STATUSES;
    case 'side':
      return ['malicious', 'non-malicious'];
    case 'direction':
      return Object.keys(DIRECTIONS);
    case 'door':
      return INBOUND_DOORS;
    case 'age':
      return CACHE_AGES.map(({ key }) => key);
    default:
      return [];
  }
}

const DOORS: Readonly<Record<string, string>> = { intakes: 'lists and folders', 'look-ups': 'look-ups' };

const DIRECTIONS: Readonly<Record<string, string>> = {
  'to-malicious': 'turned malicious',
  'from-malicious': 'no longer malicious',
};

const AVOIDED: Readonly<Record<AvoidedBy, string>> = {
  'hash-list': 'hash list',
  'known-set': 'known set',
  fresh: 'fresh answer',
  link: 'under another digest',
  queued: 'queued already',
  conclusive: 'conclusive elsewhere',
};

/** As the record of requests names them. */
const FAILED: Readonly<Record<Exclude<Outcome, 'answer' | 'not-known' | 'pending'>, string>> = {
  'invalid-input': 'refused as no hash',
  auth: 'key refused',
  quota: 'quota met',
  transient: 'not reached',
  protocol: 'no valid answer',
  'could-not-ask': 'could not ask',
  lost: 'answer lost',
};

const REASONS: Readonly<Record<string, string>> = {
  ...AVOIDED,
  ...FAILED,
  unsent: 'not sent',
  'not-asked-for': 'nobody asked for them',
  size: 'maximum size',
};

/** The word for a key, or the key: one may be named like what every object has. */
function worded(words: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}

function wordOf(detail: string, place: number): string {
  return detail.split(' ')[place] || OTHER_PART;
}

function isSource(key: string): key is SourceId {
  return SOURCE_IDS.some((id) => id === key);
}
