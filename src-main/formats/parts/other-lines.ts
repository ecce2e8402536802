import { excerptOf } from '../bytes/text.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

/** Counts the lines of an input that are no records, and tells them once per chunk: most inputs have many of them. */
export class OtherLines {
  readonly #sink: RecordSink;
  #count = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  add(count: number): void {
    this.#count += count;
  }

  /** Reads with `feeder`, and tells what was counted behind every chunk. `end` is called behind the last line. */
  readWith(feeder: FormatReader, end?: () => void): FormatReader {
    return {
      push: (chunk) => {
        feeder.push(chunk);
        this.tell();
      },
      end: () => {
        feeder.end();
        end?.();
        this.tell();
      },
      linesRead: () => feeder.linesRead?.() ?? null,
    };
  }

  /** Tells what is not told yet: nothing may follow a fault. */
  tell(): void {
    if (this.#count > 0) {
      this.#sink.otherLines(this.#count);
      this.#count = 0;
    }
  }
}

/** A line over LINE_LIMIT is a record that cannot be used; `excerpt` is its start. */
export function rejectOverlong(sink: RecordSink, excerpt: Buffer, line: number): void {
  sink.reject(line, 0, 'the line is longer than 1 MiB', excerptOf(excerpt, 0, excerpt.length));
}
