import { DIGEST_BIT, kindOfByteLength, kindOfHexLength } from '#shared/domain/hash.ts';
import { isHex, isWord, takeDigest } from '../bytes/hex.ts';
import { GROUP_GAP, UNSEEN_BYTES, announcesBytes, labelInGroup, opensGroup } from '../names/broken-digest.ts';
import { LABEL_BYTES } from '../names/label-before.ts';
import type { DigestSlots, RecordSink } from '../record-sink.ts';

/** Where a run of unseen characters that starts at `at` ends; `at` itself when there is none. */
export function unseenEnd(bytes: Buffer, at: number, end: number): number {
  let place = at;
  while (place < end && place - at <= UNSEEN_BYTES) {
    const length = unseenLength(bytes, place, end);
    if (length === 0) {
      break;
    }
    place += length;
  }
  return place - at <= UNSEEN_BYTES ? place : at;
}

function unseenLength(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] as number;
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  const third = at + 2 < end ? (bytes[at + 2] as number) : 0;
  if (first === 0xc2) {
    return second === 0xad ? 2 : 0;
  }
  if (first === 0xe2) {
    return (second === 0x80 && third >= 0x8b && third <= 0x8d) || (second === 0x81 && third === 0xa0) ? 3 : 0;
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

/** The hex digits between pairs of places. */
export function digitsOf(bytes: Buffer, places: readonly number[]): string {
  return places
    .map((from, index) => (index % 2 === 0 ? bytes.toString('latin1', from, places[index + 1]) : ''))
    .join('');
}

/** Where a run of bytes written `aa bb cc`, `aa:bb` or `aa-bb` ends; `from` is at its first two digits. */
export function bytesRunEnd(bytes: Buffer, from: number, end: number): number {
  const mark = bytes[from + 2];
  let at = from + 2;
  if (mark !== 32 && mark !== 58 && mark !== DASH) {
    return at;
  }
  while (at + 2 < end && bytes[at] === mark && isHex(bytes[at + 1] as number) && isHex(bytes[at + 2] as number)) {
    const next = at + 3 < end ? (bytes[at + 3] as number) : 0;
    if (isWord(next) || next >= 0x80) {
      break;
    }
    at += 3;
  }
  return at;
}

const DASH = 45;

/** True when a run of bytes has the length of a digest and what is in front of it says so. */
export function isAnnouncedRun(bytes: Buffer, context: number, from: number, end: number): boolean {
  const count = (end - from + 1) / 3;
  return (
    kindOfByteLength(count) !== null &&
    announcesBytes(bytes.toString('latin1', Math.max(context, from - LABEL_BYTES), from), count)
  );
}

const VALUE = /([,;|] ?[A-Za-z][A-Za-z0-9-]{1,15}=)([0-9a-fA-F]{32,})(?![0-9A-Za-z\u0080-\u00ff])/y;
/** The longest value of a group: SHA-512 and what else stands among digests. */
const VALUE_BYTES = 160;

/**
 * Takes the further digests of `MD5=...,SHA256=...,IMPHASH=...` into `slots`, which hold the first one at [from, stop).
 * Returns where the group ends, in front of `limit`.
 */
export function restOfGroup(
  sink: RecordSink,
  slots: DigestSlots,
  bytes: Buffer,
  labelStart: number,
  from: number,
  stop: number,
  end: number,
  limit: number,
): number {
  const first = kindOfHexLength(stop - from);
  if (!isGroupMark(bytes, stop, end) || first === null) {
    return stop;
  }
  if (!opensGroup(bytes.toString('latin1', labelStart, from), first)) {
    return stop;
  }
  let at = stop;
  while (isGroupMark(bytes, at, end)) {
    const text = bytes.toString('latin1', at, Math.min(end, at + GROUP_GAP + VALUE_BYTES + 1));
    VALUE.lastIndex = 0;
    const match = VALUE.exec(text);
    const [whole = '', between = '', value = ''] = match ?? [];
    const isNear = match !== null && value.length <= VALUE_BYTES && at + whole.length < limit;
    const label = isNear ? labelInGroup(between, value.length) : null;
    if (label === null || ('kind' in label && (slots.mask & DIGEST_BIT[label.kind]) !== 0)) {
      break;
    }
    if ('aside' in label) {
      sink.notDigest(label.aside);
    } else {
      takeDigest(bytes, at + between.length, at + whole.length, slots);
    }
    at += whole.length;
  }
  return at;
}

/** `,`, `;` or `|`. */
function isGroupMark(bytes: Buffer, at: number, end: number): boolean {
  const byte = at < end ? bytes[at] : 0;
  return byte === 44 || byte === 59 || byte === 124;
}
