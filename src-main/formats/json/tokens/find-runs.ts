import { hexRunEnd, isWord } from '../../bytes/hex.ts';

const SHORTEST = 32;

/**
 * Calls `onRun` for every run of 32 or more hex digits that no letter or digit touches. Looks at every 32nd byte only
 * where there is none: no such run fits between two of them.
 */
export function findHexRuns(
  bytes: Uint8Array,
  from: number,
  end: number,
  onRun: (start: number, stop: number) => void,
): void {
  let edge = from;
  let at = from + SHORTEST - 1;
  while (at < end) {
    if (!isWord(bytes[at] as number)) {
      edge = at + 1;
      at += SHORTEST;
      continue;
    }
    let start = at;
    while (start > edge && isWord(bytes[start - 1] as number)) {
      start -= 1;
    }
    let stop = at + 1;
    while (stop < end && isWord(bytes[stop] as number)) {
      stop += 1;
    }
    if (stop - start >= SHORTEST && hexRunEnd(bytes, start, stop) === stop) {
      onRun(start, stop);
    }
    edge = stop;
    at = stop + SHORTEST;
  }
}

/** True for a UUID written with dashes, in braces or not, and nothing else. */
export function isUuid(bytes: Buffer, from: number, end: number): boolean {
  const length = end - from;
  return (
    (length === 36 || length === 38) &&
    /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(bytes.toString('latin1', from, end))
  );
}
