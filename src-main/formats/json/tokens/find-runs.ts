import { hexRunEnd, isHex, isWord } from '../../bytes/hex.ts';

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

/** True where 32 hex digits follow each other, whatever stands beside them. */
export function holdsHexRun(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from + SHORTEST - 1; at < end; at += SHORTEST) {
    if (!isHex(bytes[at] as number)) {
      continue;
    }
    let start = at;
    while (start > from && isHex(bytes[start - 1] as number)) {
      start -= 1;
    }
    if (hexRunEnd(bytes, at, end) - start >= SHORTEST) {
      return true;
    }
  }
  return false;
}

const UUID_BYTES = 36;
const DASH = 45;
const OPENING = 123;
const CLOSING = 125;

/** True for a UUID written with dashes, in braces or not, and nothing else. */
export function isUuid(bytes: Uint8Array, from: number, end: number): boolean {
  const length = end - from;
  if (length !== UUID_BYTES && length !== UUID_BYTES + 2) {
    return false;
  }
  const start = bytes[from] === OPENING ? from + 1 : from;
  const stop = bytes[end - 1] === CLOSING ? end - 1 : end;
  return (
    stop - start === UUID_BYTES &&
    bytes[start + 8] === DASH &&
    bytes[start + 13] === DASH &&
    bytes[start + 18] === DASH &&
    bytes[start + 23] === DASH &&
    hexRunEnd(bytes, start, stop) === start + 8 &&
    hexRunEnd(bytes, start + 9, stop) === start + 13 &&
    hexRunEnd(bytes, start + 14, stop) === start + 18 &&
    hexRunEnd(bytes, start + 19, stop) === start + 23 &&
    hexRunEnd(bytes, start + 24, stop) === stop
  );
}
