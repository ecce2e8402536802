import type { ExportRow } from '../services/intake/port.ts';
import { isoTime, numbered } from './jsonl-rows.ts';

const OWN_COLUMNS = [
  'hash',
  'kind',
  'verdict',
  'rule',
  'source',
  'answeredAt',
  'ageSeconds',
  'conflict',
  'stale',
  'ambiguous',
  'weak',
  'asserted',
  'md5',
  'sha1',
  'sha256',
  'file',
  'line',
  'occurrences',
] as const;

/** Columns that stand between those above and the carried ones. The cells of a row come as one piece, each with a comma in front. */
export interface MoreColumns<Row extends ExportRow> {
  readonly names: readonly string[];
  readonly cells: (row: Row) => string;
}

/** Stands between Assay's columns and the carried ones in exports of a directory with simulated sources. */
const MARK_COLUMN = 'simulated';

/**
 * Rows as CSV (RFC 4180, line feeds, UTF-8): Assay's columns, then the carried ones.
 *
 * Text that came from a list and starts with `=`, `+`, `-`, `@`, a tab or a line end gets a single quote in front, and so
 * does such a beginning behind a semicolon, tab or line end: spreadsheets run such a cell as a formula, and the list may
 * come from an attacker. JSONL carries it unchanged.
 * A carried column named like one of Assay's is numbered. `now` is seconds since the epoch. With `simulated` every row says
 * `true` in a column of that name: the answers are made up.
 */
export function csvRows<Row extends ExportRow = ExportRow>(
  columns: readonly string[],
  now: number,
  simulated = false,
  more: MoreColumns<Row> | null = null,
): { readonly header: string; readonly row: (row: Row) => string } {
  const own = [...OWN_COLUMNS, ...(simulated ? [MARK_COLUMN] : []), ...(more?.names ?? [])];
  const names = numbered([...own, ...columns]);
  const mark = simulated ? ',true' : '';
  return {
    header: `${names.map((name, index) => csvCell(index < own.length ? name : unrunnable(name))).join(',')}\n`,
    row: (row) => csvRow(row, columns.length, now, more === null ? mark : mark + more.cells(row)),
  };
}

function csvRow(row: ExportRow, columns: number, now: number, mark: string): string {
  const { verdict, digests } = row;
  const { answeredAt, flags } = verdict;
  let line =
    `${row.hash},${row.kind},${verdict.status},${verdict.rule},${verdict.source ?? ''},` +
    `${answeredAt === null ? '' : isoTime(answeredAt)},${answeredAt === null ? '' : Math.max(0, now - answeredAt)},` +
    `${flags.includes('conflict')},${flags.includes('stale')},${flags.includes('ambiguous')},` +
    `${flags.includes('weak')},${flags.includes('asserted')},` +
    `${digests.md5 ?? ''},${digests.sha1 ?? ''},${digests.sha256 ?? ''},` +
    `${csvCell(unrunnable(row.file))},${row.line},${row.occurrences}${mark}`;
  for (let index = 0; index < columns; index += 1) {
    line += `,${csvCell(unrunnable(row.carried[index] ?? ''))}`;
  }
  return `${line}\n`;
}

/** What a formula begins with, in full width too, as spreadsheets of East Asia read it, or behind a line end they pass over. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** What may end a cell inside of one: semicolons or tabs where a country has them for commas, and line ends then. */
const SPLIT = /[;\t\r\n]/;
/** A formula behind such an end, with the quotes and blanks that are passed over. */
const INNER_FORMULA = /([;\t\r\n][" ]*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const GUARDED_INNER = /([;\t\r\n][" ]*)'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Text that no spreadsheet takes for a formula when it has it in one cell, as a table on the clipboard gives it. */
export function unrunnable(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/**
 * A single quote in front of what would be a formula if the cell were split. Where the comma is the decimal sign,
 * spreadsheets split a double-clicked file at semicolons, and hold quotes that begin within such a cell for text.
 */
export function innerGuarded(text: string): string {
  return SPLIT.test(text) ? text.replace(INNER_FORMULA, "$1'") : text;
}

/** The text that was guarded so. */
export function withoutInnerGuards(text: string): string {
  return SPLIT.test(text) ? text.replace(GUARDED_INNER, '$1') : text;
}

// oxlint-disable-next-line no-control-regex -- all but tabs and line ends: a file that holds some is no text to most programs
const CONTROL = /[\0-\u0008\u000b\u000c\u000e-\u001f]/g;

/** One CSV cell: quoted where it must be and where programs that guess the separator may split it; runs nothing when split. */
export function csvCell(text: string): string {
  const shown = innerGuarded(text.replaceAll(CONTROL, '\ufffd'));
  return /[",;\t\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
