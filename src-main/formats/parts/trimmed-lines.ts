import { createLineFeeder, type LineHandler } from '../bytes/lines.ts';
import { skipBlanks, trimBlanks } from '../bytes/text.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { OtherLines, rejectOverlong } from './other-lines.ts';

/** What a format does with its lines. Blank lines are counted, overlong ones rejected without it. */
export interface TrimmedLineHandler {
  /**
   * A line with text in [from, end), without surrounding blanks; it starts at `start`. The bytes are valid during the
   * call only. False counts the line among those that are no records; else it belongs to one, or was reported.
   */
  line(bytes: Buffer, start: number, from: number, end: number, line: number): boolean;
  /** Behind a blank line. */
  blank?(): void;
  /** In front of a line that is too long to be read. */
  overlong?(): void;
  /** Behind the last line, to report what was held back. */
  end?(): void;
}

/** A reader of lines of which surrounding blanks say nothing but where the text starts. */
export function readTrimmedLines(sink: RecordSink, handler: TrimmedLineHandler, linesBefore = 0): FormatReader {
  const others = new OtherLines(sink);
  const lines: LineHandler = {
    line(bytes, start, stop, line) {
      const end = trimBlanks(bytes, start, stop);
      const from = skipBlanks(bytes, start, end);
      if (from === end) {
        others.add(1);
        handler.blank?.();
      } else if (!handler.line(bytes, start, from, end, line)) {
        others.add(1);
      }
    },
    overlong(excerpt, line) {
      handler.overlong?.();
      rejectOverlong(sink, excerpt, line);
    },
  };
  return others.readWith(createLineFeeder(lines, linesBefore), () => handler.end?.());
}
