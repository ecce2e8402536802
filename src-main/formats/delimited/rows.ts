import { LINE_LIMIT, type LineHandler, createLineFeeder, trimReturn } from '../bytes/lines.ts';
import { isBlank } from '../bytes/text.ts';
import type { FormatReader } from '../record-sink.ts';
import { Row } from './row.ts';
import { findByte, skipSpaces } from './scan.ts';

const QUOTE = 34;

export interface RowHandler {
  /** One row; it is reused for the next one. `line` is where it starts. */
  row(row: Row, line: number): void;
  /** A blank line, a comment, or a line before the first row. */
  otherLine(): void;
  /** A line over 1 MiB. */
  overlong(excerpt: Buffer, line: number): void;
  /** At the end: the line of the first quote that no other one closes. The lines after it were read one row each. */
  openQuote(line: number): void;
}

interface HeldLine {
  readonly bytes: Buffer;
  readonly line: number;
}

/**
 * Cuts delimited text into rows (RFC 4180, read leniently). A quote that opens in one line and closes in a later one
 * must be followed by a delimiter or a line end, and within 1 MiB: otherwise it was a stray mark, its line is read as
 * written and reading goes on with the next line, so that a lost quote costs no rows. Lines are numbered behind
 * `linesBefore`, which end outside of quotes.
 */
export function createRowFeeder(
  delimiter: number,
  skipLines: number,
  handler: RowHandler,
  linesBefore = 0,
): FormatReader {
  const row = new Row();
  let pending: HeldLine[] = [];
  let pendingBytes = 0;
  let openQuoteLine = 0;

  const giveUpQuote = (): HeldLine[] => {
    const [first, ...others] = pending as [HeldLine, ...HeldLine[]];
    pending = [];
    pendingBytes = 0;
    row.split(first.bytes, 0, trimReturn(first.bytes, 0, first.bytes.length), delimiter, true);
    handler.row(row, first.line);
    return others;
  };

  const fresh = (bytes: Buffer, start: number, stop: number, line: number): void => {
    const end = trimReturn(bytes, start, stop);
    if (line <= skipLines || isNoRow(bytes, start, end, delimiter)) {
      handler.otherLine();
    } else if (row.split(bytes, start, end, delimiter, false)) {
      handler.row(row, line);
    } else {
      hold(bytes, start, stop, line);
    }
  };

  const hold = (bytes: Buffer, start: number, stop: number, line: number): void => {
    pending.push({ bytes: Buffer.from(bytes.subarray(start, stop)), line });
    pendingBytes += stop - start + 1;
  };

  /** Takes one line into an open row; returns lines that have to be read again. */
  const resume = (bytes: Buffer, start: number, stop: number, line: number): HeldLine[] => {
    hold(bytes, start, stop, line);
    const state =
      pendingBytes > LINE_LIMIT ? 'broken' : stateAfter(bytes, start, trimReturn(bytes, start, stop), delimiter);
    if (state === 'open') {
      return [];
    }
    if (state === 'broken') {
      return giveUpQuote();
    }
    const first = (pending[0] as HeldLine).line;
    const whole = joined(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    row.split(whole, 0, trimReturn(whole, 0, whole.length), delimiter, true);
    row.spansLines = true;
    handler.row(row, first);
    row.spansLines = false;
    return [];
  };

  const reread = (lines: HeldLine[]): void => {
    let queue = lines;
    for (let next = 0; next < queue.length; next += 1) {
      const { bytes, line } = queue[next] as HeldLine;
      if (pending.length === 0) {
        fresh(bytes, 0, bytes.length, line);
        continue;
      }
      const again = resume(bytes, 0, bytes.length, line);
      if (again.length > 0) {
        queue = [...again, ...queue.slice(next + 1)];
        next = -1;
      }
    }
  };

  const settle = (): void => {
    while (pending.length > 0) {
      reread(giveUpQuote());
    }
  };

  const lines: LineHandler = {
    line(bytes, start, stop, line) {
      if (pending.length === 0) {
        fresh(bytes, start, stop, line);
      } else {
        reread(resume(bytes, start, stop, line));
      }
    },
    overlong(excerpt, line) {
      settle();
      handler.overlong(excerpt, line);
    },
  };
  const feeder = createLineFeeder(lines, linesBefore);
  return {
    push: (chunk) => feeder.push(chunk),
    end() {
      feeder.end();
      openQuoteLine = pending[0]?.line ?? 0;
      settle();
      if (openQuoteLine > 0) {
        handler.openQuote(openQuoteLine);
      }
    },
    linesRead: () => (pending.length > 0 ? null : (feeder.linesRead?.() ?? null)),
  };
}

/** Blank lines, and lines that start with # and hold no delimiter. */
function isNoRow(bytes: Buffer, start: number, end: number, delimiter: number): boolean {
  let at = start;
  while (at < end && isBlank(bytes[at] as number)) {
    if (bytes[at] === delimiter) {
      return false;
    }
    at += 1;
  }
  if (at === end) {
    return true;
  }
  if (bytes[at] !== 35) {
    return false;
  }
  const first = findByte(bytes, delimiter, at, end);
  return (
    first === end ||
    (delimiter === 9 && at === start && ZEEK.has(bytes.toString('latin1', at, Math.min(first, at + 16))))
  );
}

/** What Zeek writes around the rows of its logs beside `#fields`, which names the columns. */
const ZEEK = new Set(['#set_separator', '#empty_field', '#unset_field', '#path', '#open', '#types', '#close']);

/** Whether a line that starts inside quotes ends inside them, outside, or shows that the quote was a stray mark. */
function stateAfter(bytes: Buffer, start: number, end: number, delimiter: number): 'open' | 'closed' | 'broken' {
  let inside = true;
  let at = start;
  /** True while inside the quote that opened in an earlier line. */
  let carriedOver = true;
  while (at < end) {
    if (inside) {
      const quote = findByte(bytes, QUOTE, at, end);
      if (quote === end) {
        return 'open';
      }
      if (quote + 1 < end && bytes[quote + 1] === QUOTE) {
        at = quote + 2;
        continue;
      }
      at = skipSpaces(bytes, quote + 1, end);
      if (at < end && bytes[at] !== delimiter) {
        if (carriedOver) {
          return 'broken';
        }
        at = findByte(bytes, delimiter, at, end);
      }
      inside = false;
      carriedOver = false;
    } else {
      // On a delimiter: the next cell starts behind it.
      const from = skipSpaces(bytes, at + 1, end);
      inside = from < end && bytes[from] === QUOTE;
      at = inside ? from + 1 : findByte(bytes, delimiter, from, end);
    }
  }
  return inside ? 'open' : 'closed';
}

function joined(lines: readonly HeldLine[], room: number): Buffer {
  const whole = Buffer.alloc(room - 1);
  let at = 0;
  for (const { bytes } of lines) {
    at += bytes.copy(whole, at);
    if (at < whole.length) {
      whole[at] = 10;
      at += 1;
    }
  }
  return whole;
}
