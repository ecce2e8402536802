import type { FormatReader, RecordCounter } from '../record-sink.ts';

const LINE_FEED = 10;
const RETURN = 13;

export interface LineEnds {
  readonly head: Uint8Array;
  /** Whether lines end with a line feed. */
  readonly isUsual: boolean;
  reader(inner: FormatReader): FormatReader;
  counter(inner: RecordCounter): RecordCounter;
}

/**
 * Inputs whose lines end with a lone carriage return (classic Mac OS, some spreadsheet exports) are read as if they
 * ended with a line feed. All others pass through untouched.
 */
export function withAnyLineEnds(head: Uint8Array): LineEnds {
  if (head.includes(LINE_FEED) || !head.includes(RETURN)) {
    return { head, isUsual: true, reader: (inner) => inner, counter: (inner) => inner };
  }
  return {
    head: withLineFeeds(head),
    isUsual: false,
    reader: (inner) => ({ push: (chunk) => inner.push(withLineFeeds(chunk)), end: () => inner.end() }),
    counter: (inner) => ({ push: (chunk) => inner.push(withLineFeeds(chunk)), end: () => inner.end() }),
  };
}

function withLineFeeds(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === RETURN ? LINE_FEED : byte));
}
