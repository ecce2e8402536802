/** The first place of a byte in [start, end), or `end`. Looks no further, unlike Buffer.indexOf. */
export function findByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== byte) {
    at += 1;
  }
  return at;
}

export function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 32) {
    at += 1;
  }
  return at;
}
