import { createSlots, hexRunEnd, isDigest, isWord, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, isBlank, skipBlanks, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { openLines } from '../parts/line-reader.ts';

const NOTHING: readonly string[] = [];
const TEXT_COLUMN = 'text';
/** Share of record lines that must start with a digest. */
const ENOUGH = 0.5;

/** One hash per line; text behind it is carried. */
export const list: Format = {
  id: 'list',
  label: 'One hash per line',
  probe(head) {
    const { records } = head;
    const hits = records.filter(({ text }) => LINE.test(text)).length;
    const damaged = records.filter(({ text }) => !LINE.test(text) && whyNoDigest(firstWord(text)) !== null).length;
    const header = headerLine(head);
    const lines = records.length - (header === 0 ? 0 : 1);
    return hits > 0 && hits + damaged >= lines * ENOUGH
      ? fit(head, hits, `${hits} of ${lines} lines start with a hash`)
      : null;
  },
  assume(head) {
    return fit(head, head.records.filter(({ text }) => LINE.test(text)).length, 'asked for');
  },
};

const LINE = /^["'`]?(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;

function firstWord(text: string): string {
  return text.split(/[\s"'`,;|:]/, 1)[0] ?? '';
}

function fit(head: Head, digests: number, why: string): Fit {
  const skipLines = headerLine(head);
  // Beyond the head there may be text that was not seen yet.
  const carries = !head.complete || head.records.some(({ text }) => hasTrailingText(text));
  return {
    why,
    digests,
    carriedColumns: carries ? [TEXT_COLUMN] : NOTHING,
    digestColumns: [],
    open: (sink) => openList(sink, skipLines, carries),
    count: () => createLineCounter({ skipLines }),
  };
}

/** The line of a one-word header such as `sha256`, else 0. */
function headerLine(head: Head): number {
  const first = head.records[0];
  if (first === undefined || first.text.length > 40 || LINE.test(first.text)) {
    return 0;
  }
  const meaning = /^["']?[A-Za-z][\w .-]*["']?$/.test(first.text) ? classifyName(first.text) : null;
  return meaning === null || meaning.kind === 'never' ? 0 : first.line;
}

function hasTrailingText(text: string): boolean {
  const match = LINE.exec(text);
  return match !== null && /[^\s"'`,;|]/.test(text.slice(match[0].length));
}

function openList(sink: RecordSink, skipLines: number, carries: boolean): FormatReader {
  const slots = createSlots();
  const cells: string[] = [''];
  const record = (bytes: Buffer, from: number, end: number, line: number, start: number): void => {
    slots.mask = 0;
    if (takeDigest(bytes, from, end, slots) !== 0) {
      sink.hash(line, from === start ? 1 : columnOf(bytes, start, from), slots, NOTHING);
      return;
    }
    const at = isQuote(bytes[from] as number) ? from + 1 : from;
    const stop = hexRunEnd(bytes, at, end);
    if (stop < end && isWord(bytes[stop] as number)) {
      reportBad(sink, bytes, from, end, line, start);
    } else if (takeDigest(bytes, at, stop, slots) === 0) {
      reportBad(sink, bytes, from, end, line, start);
    } else {
      const text = carries ? trailingText(bytes, stop, end) : '';
      cells[0] = text;
      sink.hash(line, columnOf(bytes, start, at), slots, text === '' ? NOTHING : cells);
    }
  };
  return openLines(sink, { skipLines, record });
}

/** A line that does not start with a digest: a damaged one, one with a digest elsewhere, or none at all. */
function reportBad(sink: RecordSink, bytes: Buffer, from: number, end: number, line: number, start: number): void {
  let stop = from;
  while (stop < end && !isSeparator(bytes[stop] as number)) {
    stop += 1;
  }
  const why = whyNoDigest(textOf(bytes, from, stop).replaceAll(/^["'`]|["'`]$/g, ''));
  const excerpt = excerptOf(bytes, from, end);
  if (why !== null) {
    sink.reject(line, columnOf(bytes, start, from), why, excerpt);
    return;
  }
  const elsewhere = findDigest(bytes, stop, end);
  if (elsewhere < 0) {
    sink.without(line, 'no hash in this line', excerpt);
  } else {
    sink.reject(line, columnOf(bytes, start, elsewhere), 'the hash is not at the start of the line', excerpt);
  }
}

function findDigest(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    if (!isWord(bytes[at] as number)) {
      at += 1;
      continue;
    }
    let stop = at;
    while (stop < end && isWord(bytes[stop] as number)) {
      stop += 1;
    }
    if (isDigest(bytes, at, stop)) {
      return at;
    }
    at = stop;
  }
  return -1;
}

function trailingText(bytes: Buffer, from: number, end: number): string {
  let at = from;
  while (at < end && isSeparator(bytes[at] as number)) {
    at += 1;
  }
  const first = bytes[at];
  if (first === 35) {
    at += 1;
  } else if (first === 47 && bytes[at + 1] === 47 && at + 1 < end) {
    at += 2;
  }
  return textOf(bytes, skipBlanks(bytes, at, end), end);
}

function isQuote(byte: number): boolean {
  return byte === 34 || byte === 39 || byte === 96;
}

function isSeparator(byte: number): boolean {
  return isBlank(byte) || byte === 44 || byte === 59 || byte === 124 || byte === 58 || isQuote(byte);
}
