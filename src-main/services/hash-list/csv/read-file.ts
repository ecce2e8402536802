import { finished } from 'node:stream/promises';
import { type CsvError, type Parser, parse } from 'csv-parse';
import type { ListProblem } from '#shared/contract/hash-list.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, DIGEST_LABEL, type DigestKind, parseDigest } from '#shared/domain/hash.ts';
import { createBreather } from '../breathe.ts';
import { type CsvColumn, type CsvHeader, delimiterOf, readHeader } from './columns.ts';
import { parseIsoTime, unguarded } from './write-text.ts';
import type { Incoming } from '../draft.ts';
import { excerpt, lineProblem, whyNoDigest } from '../problems.ts';

const SIDES: Readonly<Record<string, ListSide>> = {
  malicious: 'malicious',
  'non-malicious': 'non-malicious',
  blacklist: 'malicious',
  whitelist: 'non-malicious',
};

export type CsvRow = Incoming & { readonly line: number };

export interface CsvRead {
  /** Records that name at least one thing; blank ones and the header are not counted. */
  readonly lines: number;
  readonly rows: readonly CsvRow[];
  readonly problems: readonly ListProblem[];
  /** The file ends inside a quoted cell: what comes after its opening line is unknown and cannot be left out. */
  readonly brokenOff: boolean;
}

/** Reads a hash-list CSV, fed in pieces of text. Each record becomes a row or a problem that names its line. */
export async function readListCsv(file: string, texts: AsyncIterable<string>): Promise<CsvRead> {
  const reader = new ListCsvReader(file);
  const breather = createBreather(1);
  let parser: Parser | null = null;
  try {
    for await (const text of texts) {
      parser ??= openParser(delimiterOf(text.split(/\r|\n/, 1)[0] ?? ''), reader);
      await fed(parser, text);
      if (breather.isDue()) {
        await breather.pause();
      }
      reader.throwFault();
    }
    if (parser !== null) {
      parser.end();
      await finished(parser);
    }
  } catch (error) {
    if (!isCsvError(error)) {
      throw error;
    }
    reader.breakOff();
  }
  reader.throwFault();
  return reader.result();
}

class ListCsvReader {
  readonly #file: string;
  readonly #rows: CsvRow[] = [];
  readonly #problems: ListProblem[] = [];
  #header: CsvHeader | null = null;
  #lines = 0;
  /** The last line of the record before. */
  #ended = 0;
  #brokenOff = false;
  #fault: unknown = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** One record. Never throws: the parser would take that for a fault of its own. */
  take(record: readonly string[]): void {
    const line = this.#ended + 1;
    // Counted here: the parser takes a CRLF inside a cell for two lines.
    this.#ended = line + record.reduce((breaks, cell) => breaks + lineBreaks(cell), 0);
    if (this.#fault !== null || record.every((cell) => cell.trim() === '')) {
      return;
    }
    if (this.#header === null) {
      try {
        this.#header = readHeader(record, this.#file);
      } catch (error) {
        this.#fault = error;
      }
      return;
    }
    this.#lines += 1;
    const read = readRecord(record, this.#header, line);
    if ('message' in read) {
      this.#problems.push(read);
    } else {
      this.#rows.push(read);
    }
  }

  breakOff(): void {
    const detail = 'a quote opens here that is never closed; nothing after it was read';
    this.#lines += 1;
    this.#brokenOff = true;
    this.#problems.push(lineProblem(this.#ended + 1, 'malformed', '', detail));
  }

  throwFault(): void {
    if (this.#fault !== null) {
      throw this.#fault;
    }
  }

  result(): CsvRead {
    if (this.#header === null) {
      readHeader([], this.#file);
    }
    return { lines: this.#lines, rows: this.#rows, problems: this.#problems, brokenOff: this.#brokenOff };
  }
}

function openParser(delimiter: string, reader: ListCsvReader): Parser {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: 1 << 20,
    // Records are taken as they are parsed, so that those before a fault are not lost with the stream.
    on_record: (record: string[]) => {
      reader.take(record);
      return null;
    },
  });
  // A fault reaches the writer below; without a listener it would also end the process.
  parser.on('error', () => undefined);
  parser.resume();
  return parser;
}

function fed(parser: Parser, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(text, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function readRecord(record: readonly string[], header: CsvHeader, line: number): CsvRow | ListProblem {
  const cell = (column: CsvColumn): string => {
    const place = header.places[column];
    return place === undefined ? '' : (record[place] ?? '');
  };
  const text = (column: CsvColumn): string | null => {
    const value = header.isOwn ? unguarded(cell(column)) : cell(column);
    return value === '' ? null : value;
  };
  if (record.slice(header.cells).some((extra) => extra.trim() !== '')) {
    const detail = `${record.length} cells, where the header has ${header.cells}`;
    return lineProblem(line, 'malformed', record.join(' '), detail);
  }
  const digests = readDigests(cell, line);
  if ('message' in digests) {
    return digests;
  }
  const hash = digests.sha256 ?? digests.sha1 ?? digests.md5 ?? '';
  const side = SIDES[cell('list').trim().toLowerCase()];
  if (side === undefined) {
    const said = cell('list').trim();
    const detail = said === '' ? 'no side is named in the column list' : `"${excerpt(said)}" is no side`;
    return lineProblem(line, 'no-side', hash, `${detail}; it must be malicious or non-malicious`);
  }
  const times = { addedAt: cell('addedAt').trim(), expiresAt: cell('expiresAt').trim() };
  for (const [column, value] of Object.entries(times)) {
    if (value !== '' && parseIsoTime(value) === null) {
      return lineProblem(
        line,
        'malformed',
        hash,
        `${excerpt(value)} in ${column} is no date like 2026-11-22T04:42:18Z`,
      );
    }
  }
  return {
    line,
    side,
    digests,
    note: text('notes'),
    reason: text('reason'),
    addedBy: text('addedBy'),
    addedAt: parseIsoTime(times.addedAt),
    expiresAt: parseIsoTime(times.expiresAt),
  };
}

function readDigests(cell: (column: CsvColumn) => string, line: number): { [K in DigestKind]?: string } | ListProblem {
  const digests: { [K in DigestKind]?: string } = {};
  for (const column of ['hash', ...DIGEST_KINDS] as const) {
    const value = cell(column);
    if (value.trim() === '') {
      continue;
    }
    const digest = parseDigest(value);
    if (digest === null || (column !== 'hash' && digest.kind !== column)) {
      return lineProblem(line, 'not-a-hash', value.trim(), whyNoDigest(value));
    }
    if (digests[digest.kind] !== undefined && digests[digest.kind] !== digest.hex) {
      return lineProblem(
        line,
        'malformed',
        value.trim(),
        `two different ${DIGEST_LABEL[digest.kind]} hashes for one file`,
      );
    }
    digests[digest.kind] = digest.hex;
  }
  return Object.keys(digests).length > 0 ? digests : lineProblem(line, 'not-a-hash', '', 'no hash');
}

function lineBreaks(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n|\n|\r/).length - 1 : 0;
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('CSV_');
}
