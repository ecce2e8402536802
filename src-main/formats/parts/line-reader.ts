import { createLineFeeder } from '../bytes/lines.ts';
import { createFrameFilter } from '../bytes/openpgp.ts';
import { excerptOf, isBlank, trimBlanks } from '../bytes/text.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

export const OVERLONG = 'the line is longer than 1 MiB';

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

/** A reader of formats with one record per line: leaves out blank lines, comments, the header and an OpenPGP frame. */
export function openLines(sink: RecordSink, rules: LineRules): FormatReader {
  const skipLines = rules.skipLines ?? 0;
  const frame = createFrameFilter();
  let others = 0;

  const tellOthers = (): void => {
    if (others > 0) {
      sink.otherLines(others);
      others = 0;
    }
  };

  const feeder = createLineFeeder({
    line(bytes, start, stop, line) {
      const end = trimBlanks(bytes, start, stop);
      let from = start;
      while (from < end && isBlank(bytes[from] as number)) {
        from += 1;
      }
      if (from === end) {
        frame.blankLine();
        others += 1;
      } else if (
        frame.isFrame(bytes, start, end) ||
        line <= skipLines ||
        isComment(bytes, from, end) ||
        rules.isOther?.(bytes, from, end, start) === true
      ) {
        others += 1;
      } else {
        rules.record(bytes, from, end, line, start);
      }
    },
    overlong(excerpt, line) {
      sink.reject(line, 0, OVERLONG, excerptOf(excerpt, 0, excerpt.length));
    },
  });
  return {
    push(chunk) {
      feeder.push(chunk);
      tellOthers();
    },
    end() {
      feeder.end();
      rules.finish?.();
      tellOthers();
    },
  };
}

function isComment(bytes: Buffer, from: number, end: number): boolean {
  const first = bytes[from];
  return first === 35 || first === 59 || (first === 47 && from + 1 < end && bytes[from + 1] === 47);
}
