import { LINE_LIMIT } from '../bytes/lines.ts';
import { type Counted, NONE_COUNTED, type RecordCounter } from '../record-sink.ts';

/**
 * Counts the rows of delimited text with regular expressions over lines, where the reader walks over bytes: quoted
 * cells may go over line ends, a stray quote costs nothing but itself, comments and blank lines are left out. Goes on with
 * what was counted `before`.
 */
export function createRowCounter(delimiter: string, skipLines: number, before: Counted = NONE_COUNTED): RecordCounter {
  const mark = delimiter === '|' ? '\\|' : delimiter === '\t' ? '\\t' : delimiter;
  const patterns: Patterns = {
    blank: delimiter === '\t' ? /^[ \r\v\f]*$/ : /^[\t\v\f\r ]*$/,
    comment:
      delimiter === '\t'
        ? /^[ \r\v\f]*#[^\t]*$|^#(?:set_separator|empty_field|unset_field|path|open|types|close)\t/
        : new RegExp(`^[\\t\\v\\f\\r ]*#[^${mark}]*$`),
    /** A whole quoted cell and what is written behind its closing quote. */
    quoted: new RegExp(` *"[^"]*(?:""[^"]*)*"(?!") *([^${mark}]*)`, 'y'),
    opens: / *"/y,
    plain: new RegExp(`[^${mark}]*`, 'y'),
    closing: new RegExp(`[^"]*(?:""[^"]*)*"(?!") *([^${mark}]*)`, 'y'),
  };
  let { records } = before;
  let lineNumber = before.lines;
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Lines of a row whose quote is open; the first one is number `firstOpen`. */
  let open: string[] = [];
  let openBytes = 0;

  const takeLine = (line: string, isPreamble: boolean): void => {
    /** Lines to look at, the next one last. */
    const queue = [line];
    let first = isPreamble;
    while (queue.length > 0) {
      const next = queue.pop() ?? '';
      const text = next.endsWith('\r') ? next.slice(0, -1) : next;
      const skipped = open.length === 0 && (first || patterns.blank.test(text) || patterns.comment.test(text));
      first = false;
      if (skipped) {
        continue;
      }
      const fresh = open.length === 0;
      const isTooLong = !fresh && openBytes + next.length + 1 > LINE_LIMIT;
      const state = isTooLong ? 'broken' : fresh && !text.includes('"') ? 'closed' : walk(text, patterns, fresh);
      if (state === 'closed') {
        records += 1;
        open = [];
        openBytes = 0;
        continue;
      }
      open.push(next);
      openBytes += next.length + 1;
      if (state === 'broken') {
        // One by one: there may be more short lines than a call has room for.
        abandon()
          .reverse()
          .forEach((other) => queue.push(other));
      }
    }
  };

  /** The quote was a stray mark: its line is a row of its own, the others are looked at again. */
  const abandon = (): string[] => {
    const [, ...others] = open;
    records += 1;
    open = [];
    openBytes = 0;
    return others;
  };

  const closeLine = (): void => {
    lineNumber += 1;
    if (heldBytes > LINE_LIMIT) {
      settle();
      records += 1;
    } else {
      const [only] = held;
      const whole = only !== undefined && held.length === 1 ? only : Buffer.concat(held);
      takeLine(whole.toString('latin1'), lineNumber <= skipLines);
    }
    held = [];
    heldBytes = 0;
  };

  const settle = (): void => {
    while (open.length > 0) {
      abandon().forEach((line) => takeLine(line, false));
    }
  };

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let at = 0;
      while (at < bytes.length) {
        const feed = bytes.indexOf(10, at);
        const end = feed < 0 ? bytes.length : feed;
        if (heldBytes <= LINE_LIMIT && end > at) {
          const part = bytes.subarray(at, end);
          held.push(feed < 0 ? Buffer.from(part) : part);
        }
        heldBytes += end - at;
        if (feed >= 0) {
          closeLine();
        }
        at = end + 1;
      }
    },
    end() {
      if (heldBytes > 0) {
        closeLine();
      }
      settle();
      return records;
    },
    counted: () => (heldBytes > 0 || open.length > 0 ? null : { lines: lineNumber, records }),
  };
}

interface Patterns {
  readonly blank: RegExp;
  readonly comment: RegExp;
  readonly quoted: RegExp;
  readonly opens: RegExp;
  readonly plain: RegExp;
  readonly closing: RegExp;
}

/** Walks over the cells of one line; `fresh` when the line does not start inside quotes. */
function walk(line: string, patterns: Patterns, fresh: boolean): 'open' | 'closed' | 'broken' {
  let at = 0;
  if (!fresh) {
    const closed = match(patterns.closing, line, 0);
    if (closed === null) {
      return 'open';
    }
    if ((closed[1] ?? '') !== '') {
      return 'broken';
    }
    at = closed[0].length;
  }
  for (;;) {
    if (!fresh && at === line.length) {
      return 'closed';
    }
    if (!fresh || at > 0) {
      // On a delimiter.
      at += 1;
    }
    const quoted = match(patterns.quoted, line, at);
    if (quoted === null && match(patterns.opens, line, at) !== null) {
      return 'open';
    }
    at += (quoted ?? match(patterns.plain, line, at) ?? [''])[0].length;
    if (at >= line.length) {
      return 'closed';
    }
    fresh = false;
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
