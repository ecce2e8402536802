import { LINE_LIMIT } from '../bytes/lines.ts';
import { type Counted, NONE_COUNTED, type RecordCounter } from '../record-sink.ts';
import { createFrameLines } from './frame-lines.ts';

const PREFIX_BYTES = 80;

export interface LineCounting {
  readonly skipLines?: number;
  /** First bytes (of the text after blanks) of lines that may be no records; only such lines are looked at closer. */
  readonly suspects?: string;
  /** Looks at the first bytes of a suspect, without blanks in front, as Latin-1. */
  isOther?(prefix: string): boolean;
  /** Lines with at least this many blanks in front go on with the line before; 0 for none. */
  readonly continuationBlanks?: number;
}

/**
 * Counts lines that hold records, byte by byte: not blank, no comment (`#`, `;`, `//`), no OpenPGP frame, not skipped.
 * Shares nothing with the readers but the rules. Goes on with what was counted `before`.
 */
export function createLineCounter(rules: LineCounting = {}, before: Counted = NONE_COUNTED): RecordCounter {
  const suspects = new Set(Buffer.from(rules.suspects ?? '', 'latin1'));
  const skipLines = rules.skipLines ?? 0;
  const continuationBlanks = rules.continuationBlanks ?? 0;
  let { records } = before;
  let line = before.lines + 1;
  let length = 0;
  /** First byte that is not blank, 0 while there is none (a NUL byte counts as 1). */
  let first = 0;
  let indent = 0;
  let prefix = '';
  const frame = createFrameLines();
  /** Whether the next line may be one of a frame; asked for every line, so it is kept here. */
  let inFrame = false;

  const isRecord = (): boolean => {
    if (length > LINE_LIMIT) {
      return true;
    }
    if (first === 0) {
      frame.blankLine();
      inFrame = frame.isOpen;
      return false;
    }
    if (first === 45 || inFrame) {
      // A line with blanks in front is no mark of a frame, but counts among its lines.
      const isFrame = frame.isFrame(indent === 0 ? prefix : '');
      inFrame = frame.isOpen;
      if (isFrame) {
        return false;
      }
    }
    if (line <= skipLines || first === 35 || first === 59 || (first === 47 && prefix.startsWith('//'))) {
      return false;
    }
    if (continuationBlanks > 0 && indent >= continuationBlanks) {
      return false;
    }
    return !(suspects.has(first) && rules.isOther?.(prefix) === true);
  };

  const closeLine = (): void => {
    if (isRecord()) {
      records += 1;
    }
    line += 1;
    length = 0;
    first = 0;
    indent = 0;
    prefix = '';
  };

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        const byte = chunk[at] as number;
        if (byte === 10) {
          closeLine();
          at += 1;
          continue;
        }
        if (first === 0) {
          if (byte === 32 || (byte >= 9 && byte <= 13)) {
            indent += 1;
            length += 1;
            at += 1;
            continue;
          }
          first = byte === 0 ? 1 : byte;
        }
        const wanted = first === 45 || first === 47 || inFrame || suspects.has(first);
        const from = at;
        while (at < chunk.length && chunk[at] !== 10) {
          at += 1;
        }
        if (wanted && prefix.length < PREFIX_BYTES) {
          prefix += String.fromCharCode(...chunk.subarray(from, Math.min(at, from + PREFIX_BYTES - prefix.length)));
        }
        length += at - from;
      }
    },
    end() {
      if (length > 0) {
        closeLine();
      }
      return records;
    },
    counted: () => (length > 0 || frame.isOpen ? null : { lines: line - 1, records }),
  };
}
