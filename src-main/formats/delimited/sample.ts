import { parseDigest } from '#shared/domain/hash.ts';
import type { Head } from '../head.ts';
import { HEAD_LINES } from '../head.ts';
import { skipBlanks } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { createRowFeeder } from './rows.ts';

export interface SampleRow {
  readonly cells: readonly string[];
  /** Line the row starts in; the next row's line minus one is where it ends at the latest. */
  readonly line: number;
  /** Starts with # outside quotes. */
  readonly isComment: boolean;
}

export interface Sample {
  /** Rows in front of the first one with the usual number of cells: titles, or ragged data. */
  readonly early: readonly SampleRow[];
  /** Rows from the first one with the usual number of cells on, at most HEAD_LINES. */
  readonly rows: readonly SampleRow[];
  /** Cells most rows have. */
  readonly width: number;
  /** Share of rows that have them. */
  readonly agreement: number;
  /** Cells of comment lines before the rows, as headers may hide there; empty when there is none of the same width. */
  readonly commentHeader: SampleRow | null;
}

/** The longest part of an input that is looked at. */
const SAMPLE_BYTES = 256 * 1024;
/** Title lines in front of the first row. */
const TITLE_ROWS = 20;

/** Rows of the head for one delimiter, as text. */
export function sampleRows(head: Head, delimiter: number): Sample {
  const all: SampleRow[] = [];
  const feeder = createRowFeeder(delimiter, 0, {
    row(row, line) {
      if (all.length < HEAD_LINES) {
        const cells = Array.from({ length: row.count }, (_, index) => row.text(index).trim());
        const first = row.bytes[skipBlanks(row.bytes, row.start, row.end)];
        all.push({ cells, line, isComment: first === 35 && cells[0] !== '#' });
      }
    },
    otherLine() {
      // Blank lines and comments say nothing about the columns.
    },
    overlong() {
      // A line that long is reported when the input is read.
    },
    openQuote() {
      // Reported when the input is read.
    },
  });
  feeder.push(wholeLines(head));
  feeder.end();
  const comments = all.filter((row) => row.isComment);
  const data = all.filter((row) => !row.isComment);
  const named = comments.length > 0 && data.length === 0 ? comments : data;
  const width = usualWidth(named);
  const first = firstRow(named.slice(0, TITLE_ROWS), width);
  const rows = named.slice(Math.max(first, 0));
  const firstLine = rows[0]?.line ?? 0;
  const headers = comments.filter((row) => row.line < firstLine && row.cells.length === width);
  return {
    early: named.slice(0, Math.max(first, 0)),
    rows,
    width,
    agreement: rows.length === 0 ? 0 : rows.filter(({ cells }) => cells.length === width).length / rows.length,
    commentHeader: headers.at(-1) ?? zeekHeader(comments, width),
  };
}

/** The line that names the columns of a log of Zeek: `#fields`, then a name for every cell. */
function zeekHeader(comments: readonly SampleRow[], width: number): SampleRow | null {
  const header = comments.find(({ cells }) => cells[0] === '#fields' && cells.length === width + 1);
  return header === undefined ? null : { ...header, cells: header.cells.slice(1) };
}

/**
 * The first row with the usual number of cells. Spreadsheets fill titles up to that number as well: where only rows with
 * one value stand in front of a row that names columns of digests, the table starts there.
 */
function firstRow(rows: readonly SampleRow[], width: number): number {
  const first = rows.findIndex((row) => row.cells.length === width && !isMark(row));
  const header = rows.findIndex((row, index) => index >= first && row.cells.length === width && !isFilledTitle(row));
  const isHeader = rows[header]?.cells.some((cell) => classifyName(cell) !== null) === true;
  return first >= 0 && isHeader ? header : first;
}

function isFilledTitle({ cells }: SampleRow): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return (
    filled.length <= 1 && filled.every((cell) => classifyName(cell)?.kind !== 'digest' && parseDigest(cell) === null)
  );
}

/** The `sep=;` in front of what Excel writes. */
function isMark(row: SampleRow): boolean {
  return row.line === 1 && row.cells[0]?.toLowerCase() === 'sep=' && row.cells.slice(1).join('') === '';
}

function wholeLines(head: Head): Buffer {
  const part = head.bytes.subarray(0, SAMPLE_BYTES);
  if (head.complete && part.length === head.bytes.length) {
    return part;
  }
  const feed = part.lastIndexOf(10);
  return feed < 0 ? part : part.subarray(0, feed + 1);
}

function usualWidth(rows: readonly SampleRow[]): number {
  const counts = new Map<number, number>();
  let best = 0;
  for (const { cells } of rows) {
    counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  }
  for (const [width, count] of counts) {
    if (best === 0 || count > (counts.get(best) ?? 0)) {
      best = width;
    }
  }
  return best;
}
