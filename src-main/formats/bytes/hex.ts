import { DIGEST_BIT } from '#shared/domain/hash.ts';
import type { DigestSlots } from '../record-sink.ts';

const NOT_HEX = 0xff;

/** Value of each byte as a hex digit, 255 for all others. */
const HEX_VALUE = buildHexValues();

/** The slots of one reader: allocated once, written for every record. */
export function createSlots(): DigestSlots {
  return { mask: 0, md5: new Uint8Array(16), sha1: new Uint8Array(20), sha256: new Uint8Array(32) };
}

export function isHex(byte: number): boolean {
  return (HEX_VALUE[byte] as number) !== NOT_HEX;
}

/** ASCII letters and digits: a digest next to one of them is a slice of something longer. */
export function isWord(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90);
}

/** The end of the run of hex digits that starts at `from`; `from` itself when there is none. */
export function hexRunEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (HEX_VALUE[bytes[at] as number] as number) !== NOT_HEX) {
    at += 1;
  }
  return at;
}

/**
 * Decodes exactly the hex digits of [from, end) into the slot their number names and returns its DIGEST_BIT. Returns 0,
 * with the mask untouched, when the length fits no kind or a byte is no hex digit. A text is to be given as UTF-8: as Latin-1
 * other characters would lose their high byte and could pass for digits.
 */
export function takeDigest(bytes: Uint8Array, from: number, end: number, slots: DigestSlots): number {
  const digits = end - from;
  if (digits === 64) {
    return decodeHex(bytes, from, 32, slots.sha256) ? mark(slots, DIGEST_BIT.sha256) : 0;
  }
  if (digits === 32) {
    return decodeHex(bytes, from, 16, slots.md5) ? mark(slots, DIGEST_BIT.md5) : 0;
  }
  if (digits === 40) {
    return decodeHex(bytes, from, 20, slots.sha1) ? mark(slots, DIGEST_BIT.sha1) : 0;
  }
  return 0;
}

/** True when [from, end) is one whole digest: 32, 40 or 64 hex digits and nothing else. */
export function isDigest(bytes: Uint8Array, from: number, end: number): boolean {
  const digits = end - from;
  return (digits === 64 || digits === 40 || digits === 32) && hexRunEnd(bytes, from, end) === end;
}

function mark(slots: DigestSlots, bit: number): number {
  slots.mask |= bit;
  return bit;
}

function decodeHex(bytes: Uint8Array, from: number, length: number, into: Uint8Array): boolean {
  // Bad digits are looked for once at the end: their 255 survives the OR and no branch is paid per digit.
  let seen = 0;
  let at = from;
  for (let index = 0; index < length; index += 1) {
    const high = HEX_VALUE[bytes[at] as number] as number;
    const low = HEX_VALUE[bytes[at + 1] as number] as number;
    seen |= high | low;
    into[index] = (high << 4) | low;
    at += 2;
  }
  return seen < 16;
}

function buildHexValues(): Uint8Array {
  const values = new Uint8Array(256).fill(NOT_HEX);
  for (let digit = 0; digit < 16; digit += 1) {
    const text = digit.toString(16);
    values[text.charCodeAt(0)] = digit;
    values[text.toUpperCase().charCodeAt(0)] = digit;
  }
  return values;
}
