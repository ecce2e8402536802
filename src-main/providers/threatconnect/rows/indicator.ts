import { setImmediate } from 'node:timers/promises';
import { INDICATOR_TYPES, type IndicatorType } from '#shared/domain/indicator.ts';
import type { PulledIndicator, UnreadableIndicator } from '../../indicator-port.ts';
import { plainName, plainText } from '../../own-words.ts';
import { headSchema, idSchema, rowSchema, type Head, type Row } from '../wire/schema.ts';
import { addressTerms, fileTerms, hostTerms, type Terms } from './terms.ts';

/** A page's rows as they are taken. */
export interface ReadRows {
  /** Each id once, the one that was modified last. */
  readonly rows: readonly PulledIndicator[];
  /** Ids of all rows in the order they came, of other types too. */
  readonly ids: readonly number[];
  /** Rows of other types. */
  readonly skipped: number;
  /** See IndicatorPage. Each id once, none of `rows`. */
  readonly unreadable: readonly UnreadableIndicator[];
  /** See IndicatorPage. */
  readonly unidentified: readonly string[];
}

/** What one row of a list is. */
type ReadRow =
  | { readonly kind: 'indicator'; readonly indicator: PulledIndicator }
  | { readonly kind: 'other-type'; readonly id: number | null }
  | { readonly kind: 'unreadable'; readonly row: UnreadableIndicator }
  | { readonly kind: 'unidentified'; readonly owner: string };

const LONGEST_SUMMARY = 1000;
/** As long as one in the settings of a job. */
const LONGEST_NAME = 500;
const LONGEST_LINK = 2000;

/** Rows that are read in one go: a few milliseconds, in which nothing else of the process is done. */
const AT_ONCE = 250;

/** Reads the rows of a list one by one: what is wrong with one says nothing about the others. */
export async function readRows(data: readonly unknown[]): Promise<ReadRows> {
  const rows = new Map<number, PulledIndicator>();
  const unreadable = new Map<number, UnreadableIndicator>();
  const unidentified: string[] = [];
  const ids: number[] = [];
  let skipped = 0;
  for (const [position, value] of data.entries()) {
    if (position > 0 && position % AT_ONCE === 0) {
      await setImmediate();
    }
    const read = readRow(value);
    if (read.kind === 'unidentified') {
      unidentified.push(read.owner);
      continue;
    }
    const id = idOf(read);
    if (id !== null) {
      ids.push(id);
    }
    if (read.kind === 'other-type') {
      skipped += 1;
    } else if (read.kind === 'unreadable') {
      unreadable.set(read.row.id, read.row);
    } else if ((rows.get(read.indicator.id)?.modifiedAt ?? 0) <= read.indicator.modifiedAt) {
      rows.set(read.indicator.id, read.indicator);
    }
  }
  const others = [...unreadable.values()].filter(({ id }) => !rows.has(id));
  return { rows: [...rows.values()], ids, skipped, unreadable: others, unidentified };
}

function idOf(read: Exclude<ReadRow, { kind: 'unidentified' }>): number | null {
  return read.kind === 'indicator' ? read.indicator.id : read.kind === 'unreadable' ? read.row.id : read.id;
}

/**
 * One row. Without an id nobody can say whether it is one of those that are known; with one it is there, whatever else
 * cannot be read.
 */
function readRow(value: unknown): ReadRow {
  const head = headSchema.safeParse(value);
  if (!head.success) {
    return { kind: 'unidentified', owner: '' };
  }
  const { id: given, type: named, ownerName } = head.data;
  const id = idSchema.safeParse(given);
  const type = INDICATOR_TYPES.find((known) => known === named) ?? null;
  if (type === null && typeof named === 'string') {
    return { kind: 'other-type', id: id.success ? id.data : null };
  }
  if (!id.success) {
    return { kind: 'unidentified', owner: shownName(ownerName ?? '') };
  }
  const row = rowSchema.safeParse(value);
  const indicator = row.success && type !== null ? toIndicator(type, row.data) : null;
  if (indicator !== null) {
    return { kind: 'indicator', indicator };
  }
  const field = type === null ? 'type' : row.success ? 'lastModified' : String(row.error.issues[0]?.path[0] ?? 'row');
  return { kind: 'unreadable', row: unreadableOf(id.data, type, head.data, field) };
}

/** What can be told of a row one field of which cannot be read. */
function unreadableOf(id: number, type: IndicatorType | null, head: Head, field: string): UnreadableIndicator {
  return {
    id,
    type: type ?? INDICATOR_TYPES.find((known) => OWN_FIELDS[known].some((name) => name in head)) ?? null,
    summary: shownSummary(head.summary ?? ''),
    owner: shownName(head.ownerName ?? ''),
    why: `Indicator ${id} cannot be read: what ThreatConnect tells as its ${field} is not as documented.`,
  };
}

/** Fields that indicators of one type have and those of the others have not. */
const OWN_FIELDS: Readonly<Record<IndicatorType, readonly (keyof Head)[]>> = {
  Address: ['ip'],
  File: ['md5', 'sha1', 'sha256'],
  Host: ['hostName'],
};

/** A summary as it is kept and shown, of rows and of deleted ones alike: the two are compared. */
export function shownSummary(summary: string): string {
  return plainText(summary, LONGEST_SUMMARY);
}

/** Name of an owner or tag as it is kept and compared. */
export function shownName(name: string): string {
  return plainName(name, LONGEST_NAME);
}

/** Null without a moment of its last change: then nobody could tell which of two states is the later one. */
function toIndicator(type: IndicatorType, row: Row): PulledIndicator | null {
  const modifiedAt = moment(row.lastModified) ?? moment(row.dateAdded);
  if (modifiedAt === null) {
    return null;
  }
  const terms = termsOf(type, row);
  return {
    id: row.id,
    type,
    summary: shownSummary(row.summary),
    terms: 'terms' in terms ? terms.terms : [],
    owner: shownName(row.ownerName),
    rating: row.rating,
    confidence: row.confidence,
    threatAssess: row.threatAssessScore,
    falsePositives: Math.min(Math.ceil(row.falsePositives ?? 0), Number.MAX_SAFE_INTEGER),
    tags: [...new Set(row.tags.map(shownName))].sort(),
    modifiedAt,
    active: row.active ?? true,
    link: secureLink(row.webLink),
    invalid: 'invalid' in terms ? terms.invalid : null,
  };
}

function termsOf(type: IndicatorType, row: Row): Terms {
  if (type === 'File') {
    return fileTerms([row.md5 ?? null, row.sha1 ?? null, row.sha256 ?? null], row.summary);
  }
  return type === 'Address' ? addressTerms(told(row.ip) ?? row.summary) : hostTerms(told(row.hostName) ?? row.summary);
}

/** Null for a field that is there and says nothing. */
function told(field: string | null | undefined): string | null {
  return field === undefined || field === null || field.trim() === '' ? null : field;
}

/** ISO 8601, as a rule whole seconds of UTC; without a zone it is UTC, too. What lies before 1970 is its beginning. */
function moment(text: string | null | undefined): number | null {
  const [, day, time, zone] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/i.exec(text?.trim() ?? '') ?? [];
  const at = day === undefined || time === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone ?? 'Z'}`);
  return Number.isNaN(at) ? null : Math.max(0, Math.floor(at));
}

/** A page people can open; empty for anything but https, and for addresses that carry a name. */
function secureLink(text: string | null | undefined): string {
  const url = URL.parse(text ?? '');
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.href.length <= LONGEST_LINK
    ? url.href
    : '';
}
