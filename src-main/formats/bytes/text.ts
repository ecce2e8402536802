import { isAscii, isUtf8 } from 'node:buffer';

const EXCERPT_CHARACTERS = 120;
const SHORT_PART = 128;

/** The same memory as a Buffer, for its text functions. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Text of [start, end). Bytes that are no UTF-8 are read as Latin-1, so that no character is replaced. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  if (start >= end) {
    return '';
  }
  if (isAsciiPart(bytes, start, end)) {
    return bytes.toString('latin1', start, end);
  }
  const part = bytes.subarray(start, end);
  return part.toString(isUtf8(part) ? 'utf8' : 'latin1');
}

/** True when [start, end) is ASCII. Most parts are short: making a view of one costs more than looking at each byte. */
export function isAsciiPart(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > SHORT_PART) {
    return isAscii(bytes.subarray(start, end));
  }
  let seen = 0;
  for (let at = start; at < end; at += 1) {
    seen |= bytes[at] as number;
  }
  return seen < 0x80;
}

/** Where `tail`, the end of textOf(bytes, start, end), begins: a character takes the bytes of the encoding textOf chose. */
export function startOfTail(bytes: Buffer, start: number, end: number, tail: string): number {
  const isLatin1 = !isUtf8(bytes.subarray(start, end));
  return end - (isLatin1 ? tail.length : Buffer.byteLength(tail));
}

/** What stands behind the last blank. A loop: the pattern for it looks at every word in the text again. */
export function lastWordOf(text: string): string {
  let start = text.length;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) {
    start -= 1;
  }
  return text.slice(start);
}

/** A short, printable quotation of a line, for people. */
export function excerptOf(bytes: Buffer, start: number, end: number): string {
  return quote(textOf(bytes, start, characterCut(bytes, start, start + 4 * EXCERPT_CHARACTERS, end)));
}

/** The last place at or before `at` where no UTF-8 sequence of [start, end) is cut in two; `end` when it comes first. */
export function characterCut(bytes: Uint8Array, start: number, at: number, end: number): number {
  if (at >= end) {
    return end;
  }
  let cut = at;
  while (cut > start && cut > at - 3 && ((bytes[cut] as number) & 0xc0) === 0x80) {
    cut -= 1;
  }
  return cut;
}

/** Control characters become spaces, the length is cut to 120 characters. */
export function quote(text: string): string {
  const cut = text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS - 1)}…` : text;
  // eslint-disable-next-line no-control-regex
  return cut.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

/** The first byte of [start, end) that is neither space nor tab (nor the other blanks of ASCII), or `end`. */
export function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at] as number)) {
    at += 1;
  }
  return at;
}

/** The end of [start, end) without trailing blanks. */
export function trimBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1] as number)) {
    at -= 1;
  }
  return at;
}

/** Space, tab, carriage return, vertical tab, form feed. */
export function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** 1-based column, in characters, of the byte at `at` in a line that starts at `start`. */
export function columnOf(bytes: Uint8Array, start: number, at: number): number {
  return charactersIn(bytes, start, at) + 1;
}

/** Characters that begin in [start, end): bytes that do not continue a UTF-8 sequence. */
export function charactersIn(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; at += 1) {
    characters += ((bytes[at] as number) & 0xc0) === 0x80 ? 0 : 1;
  }
  return characters;
}
