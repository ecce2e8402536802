import { LINE_LIMIT } from '../bytes/lines.ts';

export interface SplitLine {
  /** The line as Latin-1, without its line feed; '' when it is over the limit. */
  readonly text: string;
  readonly isOverlong: boolean;
}

/** Cuts chunks into lines for the counters; readers have a cutter of their own. */
export function createLineSplitter(onLine: (line: SplitLine) => void): {
  push(chunk: Uint8Array): void;
  end(): void;
} {
  let parts: string[] = [];
  let length = 0;
  const close = (): void => {
    const isOverlong = length > LINE_LIMIT;
    onLine({ text: isOverlong ? '' : parts.join(''), isOverlong });
    parts = [];
    length = 0;
  };
  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let at = 0;
      while (at < bytes.length) {
        const feed = bytes.indexOf(10, at);
        const end = feed < 0 ? bytes.length : feed;
        if (length <= LINE_LIMIT && end > at) {
          parts.push(bytes.toString('latin1', at, end));
        }
        length += end - at;
        if (feed >= 0) {
          close();
        }
        at = end + 1;
      }
    },
    end() {
      if (length > 0) {
        close();
      }
    },
  };
}
