import { createSlots, hexRunEnd, isDigest, isWord, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, isBlank, skipBlanks, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import { isFileIdName } from '../names/file-id.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { unseenEnd } from '../parts/broken-runs.ts';
import { type ListMark, MARK_WINDOW, listMarkOf, withoutMark } from '../parts/list-mark.ts';
import { openLines } from '../parts/line-reader.ts';

const NOTHING: readonly string[] = [];
const TEXT_COLUMN = 'text';
/** Share of record lines that must start with a digest. */
const ENOUGH = 0.5;

/** One hash per line; text behind it is carried. */
export const list: Format = {
  id: 'list',
  label: 'One hash per line',
  probe(all) {
    const { head, mark } = seen(all);
    const { records } = head;
    if (holdsSeveral(head)) {
      return null;
    }
    const hits = records.filter(({ text }) => LINE.test(text)).length;
    const damaged = records.filter(({ text }) => !LINE.test(text) && whyNoDigest(firstWord(text)) !== null).length;
    const header = headerLine(head);
    const lines = records.length - (header.line === 0 ? 0 : 1);
    const why = `${hits} of ${lines} lines start with a hash${mark === null ? '' : ` ${mark.why}`}`;
    return hits > 0 && hits + damaged >= lines * ENOUGH ? fit(head, mark, hits, whyOf(header, why)) : null;
  },
  assume(all) {
    const { head, mark } = seen(all);
    return fit(head, mark, head.records.filter(({ text }) => LINE.test(text)).length, 'asked for');
  },
};

const LINE = /^["'`]?(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;

/** A digest in trailing text that stands alone: not part of a name. */
const ALONE = /(?:^|[\s"'`,;|:=([{<])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?=$|[\s"'`,;|)\]}>])/;
/** The same with nothing but separators before it. */
const NEXT = /^[\s"'`,;|:/-]+(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?=$|[\s"'`,;|)\]}>])/;
/** Share of lines with a further digest in a remark from which a list is free text. */
const MANY_FURTHER = 0.25;

/** The head as people see it: what they copied from may have put soft hyphens and the like into long words. */
function seen(all: Head): { readonly head: Head; readonly mark: ListMark | null } {
  const records = all.records.map((line) => ({ ...line, text: line.text.replaceAll(UNSEEN, '') }));
  const mark = listMarkOf(
    records.map(({ text }) => text),
    LINE,
  );
  return {
    head: { ...all, records: records.map((line) => ({ ...line, text: withoutMark(line.text, mark) })) },
    mark,
  };
}

const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]+/g;

/** True when lines hold more than one hash: then each one counts, which is what free text is for. */
function holdsSeveral(head: Head): boolean {
  const rests = head.records.flatMap(({ text }) => {
    const first = LINE.exec(text);
    return first === null ? [] : [text.slice(first[0].length)];
  });
  return (
    rests.some((rest) => NEXT.test(rest)) ||
    rests.filter((rest) => ALONE.test(rest)).length > rests.length * MANY_FURTHER
  );
}

function firstWord(text: string): string {
  return text.split(/[\s"'`,;|:]/, 1)[0] ?? '';
}

function fit(head: Head, mark: ListMark | null, digests: number, why: string): Fit {
  const header = headerLine(head);
  // Beyond the head there may be text that was not seen yet.
  const carries = !head.complete || head.records.some(({ text }) => hasTrailingText(text));
  return {
    why,
    digests: header.setAside === null ? digests : 0,
    carriedColumns: carries ? [TEXT_COLUMN] : NOTHING,
    digestColumns: [],
    isGuess: mark?.isGuess === true,
    open: (sink) => openList(sink, { header, mark, carries }),
    count: () => createLineCounter({ skipLines: header.line }),
    restart: {
      open: (sink, linesBefore) => openList(sink, { header, mark, carries }, linesBefore),
      count: (before) => createLineCounter({ skipLines: header.line }, before),
    },
  };
}

interface Header {
  /** 0 when there is none. */
  readonly line: number;
  /** What the lines below hold when it is no digest of a file. */
  readonly setAside: string | null;
}

const NO_HEADER: Header = { line: 0, setAside: null };

/** A header such as `sha256` or `imphash`. One of several words that names no digest of a file may be a title. */
function headerLine(head: Head): Header {
  const first = head.records[0];
  if (first === undefined || first.text.length > 40 || LINE.test(first.text)) {
    return NO_HEADER;
  }
  if (isFileIdName(first.text.replaceAll(/^["']|["']$/g, ''))) {
    return { line: first.line, setAside: null };
  }
  const meaning = /^["']?[A-Za-z][\w .-]*["']?$/.test(first.text) ? classifyName(first.text) : null;
  if (meaning?.kind === 'never') {
    return /\s/.test(first.text) ? NO_HEADER : { line: first.line, setAside: meaning.name };
  }
  return meaning === null ? NO_HEADER : { line: first.line, setAside: null };
}

function whyOf(header: Header, why: string): string {
  return header.setAside === null ? why : `${why}, which the first line names ${header.setAside}: no digests of a file`;
}

function hasTrailingText(text: string): boolean {
  const match = LINE.exec(text);
  return match !== null && /[^\s"'`,;|]/.test(text.slice(match[0].length));
}

interface ListPlan {
  readonly header: Header;
  readonly mark: ListMark | null;
  readonly carries: boolean;
}

function openList(sink: RecordSink, plan: ListPlan, linesBefore = 0): FormatReader {
  const { header, mark, carries } = plan;
  const { setAside } = header;
  const slots = createSlots();
  const cells: string[] = [''];
  const record = (bytes: Buffer, from: number, end: number, line: number, start: number): void => {
    slots.mask = 0;
    if (setAside !== null) {
      if (findDigest(bytes, from, end) >= 0) {
        sink.notDigest(setAside);
      }
      sink.without(line, `no hash of a file: ${setAside}`, excerptOf(bytes, from, end));
      return;
    }
    if (takeDigest(bytes, from, end, slots) !== 0) {
      sink.hash(line, from === start ? 1 : columnOf(bytes, start, from), slots, NOTHING);
      return;
    }
    const at = (isQuote(bytes[from] as number) ? from + 1 : from) + markLength(bytes, from, end, mark);
    const stop = hexRunEnd(bytes, at, end);
    if (unseenEnd(bytes, stop, end) > stop) {
      const shown = withSeenWord(bytes, start, from, end);
      record(shown, from - start, shown.length, line, 0);
    } else if (stop < end && isWord(bytes[stop] as number)) {
      reportBad(sink, bytes, from, end, line, start);
    } else if (takeDigest(bytes, at, stop, slots) === 0) {
      reportBad(sink, bytes, from, end, line, start);
    } else {
      const text = carries ? trailingText(bytes, stop, end) : '';
      cells[0] = text;
      if (text.length >= 32 && ALONE.test(text)) {
        sink.notDigest('further hash of a line');
      }
      sink.hash(line, columnOf(bytes, start, at), slots, text === '' ? NOTHING : cells);
    }
  };
  return openLines(sink, { skipLines: header.line, record }, linesBefore);
}

function markLength(bytes: Buffer, from: number, end: number, mark: ListMark | null): number {
  const isMarked = mark?.line.test(bytes.toString('latin1', from, Math.min(end, from + MARK_WINDOW))) === true;
  return isMarked ? mark.length : 0;
}

/** The line without unseen characters in its first word: they part a digest and are no part of it. */
function withSeenWord(bytes: Buffer, start: number, from: number, end: number): Buffer {
  const parts = [bytes.subarray(start, from)];
  let kept = from;
  let at = from;
  while (at < end && !isBlank(bytes[at] as number)) {
    const next = unseenEnd(bytes, at, end);
    if (next > at) {
      parts.push(bytes.subarray(kept, at));
      kept = next;
    }
    at = Math.max(next, at + 1);
  }
  return Buffer.concat([...parts, bytes.subarray(kept, end)]);
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
