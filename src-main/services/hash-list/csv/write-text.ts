import type { ListRow } from '../../../db/repositories/hash-list.ts';
import { innerGuarded, withoutInnerGuards } from '../../../destinations/csv-rows.ts';
import { OWN_HEADER } from './columns.ts';

/**
 * Texts that a spreadsheet would run as a formula get an apostrophe in front, and so do texts that start with one, so
 * that taking one off again gives back exactly what was there.
 */
const NEEDS_GUARD = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20']/;

/** The first line of an export. */
export function headerLine(): string {
  return `${OWN_HEADER.join(',')}\n`;
}

/** One entry as a line of the export: times as ISO 8601 UTC, texts guarded against spreadsheets. */
export function entryLine(row: ListRow): string {
  const cells = [
    row.md5 ?? '',
    row.sha1 ?? '',
    row.sha256 ?? '',
    row.side,
    quoted(guarded(row.note)),
    quoted(guarded(row.reason)),
    quoted(guarded(row.addedBy)),
    isoTime(row.addedAt),
    row.expiresAt === null ? '' : isoTime(row.expiresAt),
  ];
  return `${cells.join(',')}\n`;
}

/** Takes the apostrophes off again; only for files that carry Assay's own header. */
export function unguarded(text: string): string {
  return withoutInnerGuards(text.startsWith("'") ? text.slice(1) : text);
}

/** Seconds since the epoch as `2026-11-22T04:42:18Z`. */
export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z`;
}

/** An ISO day or time as seconds since the epoch, or null. A time without a zone is UTC. */
export function parseIsoTime(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    text.trim(),
  );
  if (match === null) {
    return null;
  }
  const [, day = '', clock = '00:00', zone = 'Z'] = match;
  const time = Date.parse(`${day}T${clock}${zone}`);
  // A day that no month has would otherwise count on into the next one.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(Date.parse(day)).toISOString().startsWith(day);
  return !isDay || Number.isNaN(time) || time < 0 ? null : Math.floor(time / 1000);
}

function guarded(text: string): string {
  return innerGuarded(NEEDS_GUARD.test(text) ? `'${text}` : text);
}

function quoted(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
