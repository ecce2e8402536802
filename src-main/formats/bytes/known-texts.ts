import { textOf } from './text.ts';

const SLOTS = 1024;
/** Longer texts are rarely met again. */
const LONGEST = 32;

/** Texts of bytes. Short ones that come again and again, as types and categories do, are made once. */
export class KnownTexts {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** The same as textOf. */
  textOf(bytes: Buffer, from: number, end: number): string {
    const length = end - from;
    if (length <= 0 || length > LONGEST) {
      return textOf(bytes, from, end);
    }
    const slot = slotOf(bytes, from, end);
    const known = this.#texts[slot] as string;
    if (isWritten(known, bytes, from, end)) {
      return known;
    }
    const text = textOf(bytes, from, end);
    this.#texts[slot] = text;
    return text;
  }
}

/** By four of the bytes: what is taken for another text costs no more than one that is new. */
function slotOf(bytes: Buffer, from: number, end: number): number {
  const middle = from + ((end - from) >> 1);
  const first = Math.imul(bytes[from] as number, 31) + (bytes[end - 1] as number);
  const second = Math.imul(bytes[middle] as number, 131) + Math.imul(bytes[from + ((end - from) >> 2)] as number, 17);
  return (Math.imul(first, 37) + second + end - from) & (SLOTS - 1);
}

/** True where the bytes are those of this text of ASCII. */
function isWritten(text: string, bytes: Buffer, from: number, end: number): boolean {
  if (text.length !== end - from) {
    return false;
  }
  for (let at = 0; at < text.length; at += 1) {
    const byte = bytes[from + at] as number;
    if (text.charCodeAt(at) !== byte || byte > 0x7f) {
      return false;
    }
  }
  return true;
}
