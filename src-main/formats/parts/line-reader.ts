import { createFrameFilter } from '../bytes/openpgp.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { readTrimmedLines, type TrimmedLineHandler } from './trimmed-lines.ts';

export interface LineRules {
  /** Physical lines at the start that hold no records: a header and what stands before it. */
  readonly skipLines?: number;
  /** Lines of the format's own frame, e.g. a repeated header. */
  isOther?(bytes: Buffer, from: number, end: number, start: number): boolean;
  /** One record in [from, end), without surrounding blanks; the line starts at `start`. Reports it exactly once. */
  record(bytes: Buffer, from: number, end: number, line: number, start: number): void;
  /** Called once behind the last line, to report what was held back. */
  finish?(): void;
}

/**
 * A reader of formats with one record per line: leaves out blank lines, comments, the header and an OpenPGP frame. It goes
 * on behind `linesBefore`, where these ended outside of a frame.
 */
export function openLines(sink: RecordSink, rules: LineRules, linesBefore = 0): FormatReader {
  const skipLines = rules.skipLines ?? 0;
  const frame = createFrameFilter();
  const handler: TrimmedLineHandler = {
    line(bytes, start, from, end, line) {
      if (
        frame.isFrame(bytes, start, end) ||
        line <= skipLines ||
        isComment(bytes, from, end) ||
        rules.isOther?.(bytes, from, end, start) === true
      ) {
        return false;
      }
      rules.record(bytes, from, end, line, start);
      return true;
    },
    blank: () => frame.blankLine(),
    end: () => rules.finish?.(),
  };
  const reader = readTrimmedLines(sink, handler, linesBefore);
  return { ...reader, linesRead: () => (frame.isOpen ? null : (reader.linesRead?.() ?? null)) };
}

function isComment(bytes: Buffer, from: number, end: number): boolean {
  const first = bytes[from];
  return first === 35 || first === 59 || (first === 47 && from + 1 < end && bytes[from + 1] === 47);
}
