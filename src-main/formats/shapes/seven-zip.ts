import { createSlots, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, textOf } from '../bytes/text.ts';
import { createSevenZipCounter } from '../counters/seven-zip-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { readTrimmedLines } from '../parts/trimmed-lines.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';

const HEADER = /^(?:[A-Za-z0-9-]+ +)*Size +Name$/;
const DASHES = /^-{8,}(?: +-{8,})*$/;
const SUM = /^[A-Za-z0-9-]+ +for (?:data|streams)(?: and names)?: /;

/** What `7z h` prints: hashes, size and name side by side between two lines of dashes, and sums over all files. */
export const sevenZip: Format = {
  id: 'seven-zip',
  label: '7-Zip hash listing',
  probe(head) {
    const at = head.lines.findIndex(
      ({ text }, index) => HEADER.test(text) && DASHES.test(head.lines[index + 1]?.text ?? ''),
    );
    return at < 0 ? null : fit(head, `header names ${columnsOf(head.lines[at]?.text ?? '').join(', ')}`);
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  const header = head.lines.find(({ text }) => HEADER.test(text))?.text ?? '';
  return {
    why,
    digests: head.lines.filter(({ text }) => /(?:^| )[0-9a-f]{32,64} /.test(text)).length,
    carriedColumns: ['Name', 'Size'],
    digestColumns: columnsOf(header).filter((name) => classifyName(name)?.kind === 'digest'),
    open: openListing,
    count: createSevenZipCounter,
  };
}

function columnsOf(header: string): string[] {
  return header.split(/ +/);
}

function openListing(sink: RecordSink): FormatReader {
  const slots = createSlots();
  let columns: readonly string[] = [];
  let isInside = false;

  const takeRow = (bytes: Buffer, start: number, from: number, end: number, line: number): void => {
    const row = rowOf(textOf(bytes, start, end), columns);
    const problem = takeValues(sink, slots, row.values, columns);
    if (slots.mask !== 0) {
      sink.hash(line, columnOf(bytes, start, from), slots, [row.name, row.size]);
    } else if (problem === null) {
      sink.without(line, 'no MD5, SHA-1 or SHA-256 in this row', excerptOf(bytes, from, end));
    } else {
      sink.reject(line, columnOf(bytes, start, from), problem, excerptOf(bytes, from, end));
    }
  };

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    const text = textOf(bytes, from, end);
    if (DASHES.test(text)) {
      // The second line of dashes stands above the sum over all files.
      isInside = columns.length > 0 && !isInside;
      columns = isInside ? columns : [];
      return false;
    }
    if (isInside) {
      takeRow(bytes, start, from, end, line);
      return true;
    }
    columns = HEADER.test(text) ? columnsOf(text) : [];
    if (SUM.test(text) || /[0-9a-fA-F]{32}/.test(text)) {
      sink.notDigest('sum over files');
    }
    return false;
  };

  return readTrimmedLines(sink, { line: takeLine });
}

interface Listed {
  readonly values: readonly string[];
  readonly size: string;
  readonly name: string;
}

/** Values hold no blanks, names may: cut from the left. A row without values (a folder) starts with blanks. */
function rowOf(text: string, columns: readonly string[]): Listed {
  const count = columns.length - 2;
  const words = text.startsWith(' ') ? [] : text.split(/ +/, count + 1);
  const values = words.slice(0, count);
  const behind = new RegExp(`^(?:\\S+ +){${values.length}}(?:(\\d+)  )?(.*)$`, 's').exec(text.trimStart());
  return { values, size: behind?.[1] ?? '', name: behind?.[2] ?? '' };
}

/** Takes the digests of a row; returns why one is not usable, or null. */
function takeValues(
  sink: RecordSink,
  slots: DigestSlots,
  values: readonly string[],
  columns: readonly string[],
): string | null {
  let problem: string | null = null;
  slots.mask = 0;
  values.forEach((value, index) => {
    const meaning = classifyName(columns[index] ?? '');
    if (meaning?.kind === 'digest') {
      const bytes = Buffer.from(value);
      const mask = slots.mask;
      if (takeDigest(bytes, 0, bytes.length, slots) === 0 || slots.mask === mask) {
        problem = `${columns[index]}: ${whyNoDigest(value) ?? 'not a hash'}`;
      }
    } else {
      sink.notDigest(meaning?.kind === 'never' ? meaning.name : 'other algorithm');
    }
  });
  return problem;
}
