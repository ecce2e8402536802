import { csvCell, unrunnable } from '../../../destinations/csv-rows.ts';
import type { Session } from '../session.ts';
import { visibleLines } from './plain-text.ts';
import { tableLines, type TableColumn } from './table.ts';

export const FORMATS = ['table', 'json', 'jsonl', 'csv'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** One row of a listing as data: names and plain values. Null is an absent value. */
export type DataRow = Readonly<Record<string, unknown>>;

export interface Listing<R> {
  readonly rows: readonly R[];
  readonly columns: readonly TableColumn<R>[];
  readonly data: (row: R) => DataRow;
  /** Names of the columns of `data`, for CSV without rows; absent: that is empty. */
  readonly names?: readonly string[];
  /** Said instead of an empty table. */
  readonly whenEmpty: string;
  /** Lines below the table: totals, what is left out and how to see it. */
  readonly footer?: readonly string[];
}

/** Writes a listing in the asked format. `json` is one array. */
export async function writeListing<R>(session: Session, format: OutputFormat, listing: Listing<R>): Promise<void> {
  const { out } = session;
  if (format === 'table' && listing.rows.length === 0) {
    session.note(listing.whenEmpty);
    return;
  }
  const text = listingText(session, format, listing);
  await out.write(format !== 'table' && out.isTerminal ? visibleLines(text) : text);
}

/** A listing in the asked format. An empty table says what it is empty of. */
export function listingText<R>({ out, style }: Session, format: OutputFormat, listing: Listing<R>): string {
  if (format !== 'table') {
    const data = listing.rows.map((row) => listing.data(row));
    return textAs(format, data, listing.names ?? []);
  }
  if (listing.rows.length === 0) {
    return `${listing.whenEmpty}\n`;
  }
  const lines = tableLines(listing.columns, listing.rows, out.width, style.faint);
  return `${[...lines, ...(listing.footer ?? [])].join('\n')}\n`;
}

function textAs(
  format: Exclude<OutputFormat, 'table'>,
  data: readonly object[],
  namesOfNone: readonly string[],
): string {
  if (format === 'json') {
    return `${JSON.stringify(data, null, 2)}\n`;
  }
  if (format === 'jsonl') {
    return data.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
  const [first] = data;
  const names = first === undefined ? namesOfNone : Object.keys(first);
  const head = names.length === 0 ? [] : [csvLine(names)];
  return [...head, ...data.map((row) => csvLine(Object.values(row)))].join('');
}

function csvLine(cells: readonly unknown[]): string {
  return `${cells.map((cell) => csvCell(unrunnable(textOf(cell)))).join(',')}\n`;
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return '';
  }
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
