/** 1 for hex digits. */
const DIGITS = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') {
  DIGITS[digit.charCodeAt(0)] = 1;
}
/** 1 for what stands behind a backslash for a quote, a slash or a control character. */
const HARMLESS = new Uint8Array(256);
for (const mark of '"\\/bfnrt') {
  HARMLESS[mark.charCodeAt(0)] = 1;
}
const BACKSLASH = 92;
const SHORTEST = 32;

/** True for one whole digest in [from, end): 32, 40 or 64 hex digits. */
export function isDigestAt(bytes: Uint8Array, from: number, end: number): boolean {
  const length = end - from;
  if (length !== 64 && length !== 40 && length !== 32) {
    return false;
  }
  let digits = 0;
  for (let at = from; at < end; at += 1) {
    digits += DIGITS[bytes[at] as number] as number;
  }
  return digits === length;
}

/** False where no digest can stand in a JSON text, written in [from, end), whatever its escapes and unseen characters are. */
export function holdsDigits(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from < SHORTEST) {
    return false;
  }
  // No run of digits fits between two of the places looked at.
  for (let at = from + SHORTEST - 1; at < end; at += SHORTEST) {
    if (DIGITS[bytes[at] as number] === 1 && digitsAround(bytes, from, at, end) >= SHORTEST) {
      return true;
    }
  }
  return mayHideDigits(bytes, from, end);
}

function digitsAround(bytes: Uint8Array, from: number, place: number, end: number): number {
  let first = place;
  while (first > from && DIGITS[bytes[first - 1] as number] === 1) {
    first -= 1;
  }
  let behind = place + 1;
  while (behind < end && DIGITS[bytes[behind] as number] === 1) {
    behind += 1;
  }
  return behind - first;
}

/** True where an escape may stand for a digit, or a character nobody sees between two of them. */
function mayHideDigits(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BACKSLASH) {
      at += 1;
      if (HARMLESS[bytes[at] as number] !== 1) {
        return true;
      }
    } else if (byte > 0x7f) {
      return true;
    }
  }
  return false;
}
