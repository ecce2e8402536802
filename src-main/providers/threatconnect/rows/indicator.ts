import { setImmediate } from 'node:timers/promises';
import { INDICATOR_TYPES, type IndicatorType } from '#shared/domain/indicator.ts';
import type { PulledIndicator } from '../../indicator-port.ts';
import { plainName, plainText } from '../../own-words.ts';
import { idSchema, rowSchema, type Row, typeSchema } from '../wire/schema.ts';
import { addressTerms, fileTerms, hostTerms, type Terms } from './terms.ts';

/** A page's rows as they are taken. */
export interface ReadRows {
  /** Each id once, the one that was modified last. */
  readonly rows: readonly PulledIndicator[];
  /** Ids of all rows in the order they came, of other types too. */
  readonly ids: readonly number[];
  /** Rows of other types. */
  readonly skipped: number;
}

const LONGEST_SUMMARY = 1000;
/** As long as one in the settings of a job. */
const LONGEST_NAME = 500;
const LONGEST_LINK = 2000;

/** Rows that are read in one go: some ten milliseconds, in which nothing else of the process is done. */
const AT_ONCE = 1000;

/** Reads the rows of a list, or says which field of which row is not as documented. */
export async function readRows(data: readonly unknown[]): Promise<ReadRows | { readonly unreadableAt: string }> {
  const rows = new Map<number, PulledIndicator>();
  const ids: number[] = [];
  let skipped = 0;
  for (const [position, value] of data.entries()) {
    if (position > 0 && position % AT_ONCE === 0) {
      await setImmediate();
    }
    const head = typeSchema.safeParse(value);
    if (!head.success) {
      return { unreadableAt: `type of row ${position + 1}` };
    }
    const id = idSchema.safeParse(head.data.id);
    if (id.success) {
      ids.push(id.data);
    }
    const type = INDICATOR_TYPES.find((known) => known === head.data.type);
    if (type === undefined) {
      skipped += 1;
      continue;
    }
    const row = rowSchema.safeParse(value);
    const indicator = row.success ? toIndicator(type, row.data) : null;
    if (indicator === null) {
      const field = row.success ? 'lastModified' : (row.error.issues[0]?.path.join('.') ?? '');
      return { unreadableAt: `${field === '' ? 'a row' : field} of row ${position + 1}` };
    }
    const known = rows.get(indicator.id);
    if (known === undefined || known.modifiedAt <= indicator.modifiedAt) {
      rows.set(indicator.id, indicator);
    }
  }
  return { rows: [...rows.values()], ids, skipped };
}

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
