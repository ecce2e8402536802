import { DIGEST_BYTES, type DigestKind, kindOfHexLength } from '#shared/domain/hash.ts';
import { LINE_LIMIT } from '../bytes/lines.ts';
import { classifyName } from './classify-name.ts';
import { customFieldBefore } from './custom-field.ts';
import { announcesFileId } from './file-id.ts';
import { LABEL_BYTES, kindNamedBy, setAsideBy } from './label-before.ts';

/**
 * How far into a line pieces of a digest are put together, in bytes: lines over LINE_LIMIT are read in parts, and all of
 * this is in the first one.
 */
export const JOIN_LIMIT = LINE_LIMIT - 8 * 1024;
/** The longest line that may be broken inside a digest. */
export const WRAP_LIMIT = 1000;
/** Bytes of a line's end that tell whether a digest may go on in the next line. */
export const END_BYTES = LABEL_BYTES + 64 + 8;

/**
 * Characters nobody sees, which web pages and mail put into long words: soft hyphen, zero-width space, joiner and
 * non-joiner, word joiner, byte order mark. As the Latin-1 view of their UTF-8.
 */
export const UNSEEN = /^(?:\u00c2\u00ad|\u00e2\u0080[\u008b-\u008d]|\u00e2\u0081\u00a0|\u00ef\u00bb\u00bf)+$/;
const EVERY_UNSEEN = /\u00c2\u00ad|\u00e2\u0080[\u008b-\u008d]|\u00e2\u0081\u00a0|\u00ef\u00bb\u00bf/g;

/** The Latin-1 view of a text in UTF-8 without such characters. */
export function withoutUnseen(text: string): string {
  return text.replaceAll(EVERY_UNSEEN, '');
}

/** The most bytes of such characters in one place. */
export const UNSEEN_BYTES = 24;

/** The end of a line that may hold the first half of a digest. */
export interface OpenEnd {
  /** Bytes of the tail in front of the half, and behind it with its mark. */
  readonly from: number;
  readonly digits: string;
  readonly kind: DigestKind | null;
  readonly mark: string;
  /** Bytes of the line without trailing blanks. */
  readonly width: number;
}

/** Of a half: a label far in front is no label; the mark stands right behind it. */
const END =
  /(?<![0-9A-Za-z\u0080-\u00ff])([0-9a-fA-F]{4,66})(=|\\|-|\u00c2\u00ad|\u00e2\u0080[\u008b-\u008d]|\u00e2\u0081\u00a0)?[\t\r ]{0,4}$/;
const SHORTEST_HALF = 12;
/** A line this wide was broken because it was full. */
const FULL_LINE = 56;
const SHORTEST_FULL = 25;
/** Lengths of digests that are not looked up: whole values, not halves. */
const WHOLE_OTHERS = new Set([48, 56]);
const DATE = /^(?:19|20)\d\d(?:[01]\d[0-3]\d)?$/;

/**
 * The half of a digest a line may end with, or null. `tail` is the end of the line, at most END_BYTES of it, as Latin-1;
 * `width` the length of the line in bytes.
 */
export function openEnd(tail: string, width: number): OpenEnd | null {
  const match = width > WRAP_LIMIT ? null : END.exec(tail);
  if (match === null) {
    return null;
  }
  const [, run = '', mark = ''] = match;
  // Quoted-printable writes `=` as `=3D`.
  const isEscaped = run.startsWith('3D') && tail.charAt(match.index - 1) === '=';
  const digits = isEscaped ? run.slice(2) : run;
  const before = tail.slice(Math.max(0, match.index - LABEL_BYTES), match.index);
  if (digits.length < (mark === '' ? SHORTEST_HALF : 4) || digits.length > 63 || setAsideBy(before) !== null) {
    return null;
  }
  if (announcesFileId(before, digits) || customFieldBefore(before) !== null) {
    return null;
  }
  const kind = kindNamedBy(before);
  const whole = kindOfHexLength(digits.length);
  // A whole digest is one unless its label promises another kind, or a line of mail was broken right behind it.
  if (whole !== null && (kind === whole || (kind === null && mark !== '='))) {
    return null;
  }
  const blanks = /[\t\r ]*$/.exec(match[0])?.[0].length ?? 0;
  return { from: match.index + run.length - digits.length, digits, kind, mark, width: width - blanks };
}

/**
 * The kind of the digest that a line's end and the first word of the next line make together, or null when nothing
 * shows that they belong together: two values in two lines are never glued on their length alone.
 */
function kindAcrossLines(end: OpenEnd, next: string): DigestKind | null {
  const kind = kindOfHexLength(end.digits.length + next.length);
  if (kind === null) {
    return null;
  }
  if (end.kind !== null) {
    return end.kind === kind ? kind : null;
  }
  if (end.mark !== '') {
    return end.mark !== '=' || kindOfHexLength(end.digits.length) === null || end.width >= FULL_LINE ? kind : null;
  }
  const isFull = end.width >= FULL_LINE && end.digits.length >= SHORTEST_FULL && !WHOLE_OTHERS.has(end.digits.length);
  return isFull && kindOfHexLength(next.length) === null && !DATE.test(next) ? kind : null;
}

/** Digits of a line between the first and the last part of a digest: no digest, and no word by chance. */
const LEAST_MIDDLE = 8;
const MOST_MIDDLE = 31;
/** What may stand behind the digits of such a line. */
export const ONLY_BLANKS = /^[\t\r ]{0,4}$/;

/**
 * True when a line of nothing but the digits `next`, which end at `width`, may lie between the first and the last part of
 * a digest: a label in front of the first part promises more digits, and lines before this one (`middle`: their digits, 0
 * for none) were as wide.
 */
export function goesOnAcrossLines(end: OpenEnd, middle: number, next: string, width: number): boolean {
  const { length } = next;
  return (
    end.kind !== null &&
    end.mark === '' &&
    width < FULL_LINE &&
    length >= LEAST_MIDDLE &&
    length <= MOST_MIDDLE &&
    (middle === 0 || middle === length) &&
    end.digits.length + length < DIGEST_BYTES[end.kind] * 2
  );
}

/**
 * The kind of the digest that the parts so far and the first word of the next line make together, or null. Behind lines of
 * `middle` digits the last part is shorter: lines all as wide are more likely values of their own, cut for show.
 */
export function kindBehindLines(end: OpenEnd, middle: number, next: string): DigestKind | null {
  return middle > 0 && next.length >= middle ? null : kindAcrossLines(end, next);
}

/** In front of the first digest of `MD5=...,SHA256=...,IMPHASH=...`: one file. */
const FIRST_OF_GROUP = /(?:^|[^A-Za-z0-9_.-])(MD5|SHA-?1|SHA-?256)=$/i;
/** Between two values of such a group. */
const IN_GROUP = /^[,;|] ?([A-Za-z][A-Za-z0-9-]{1,15})=$/;
/** The most bytes between two values of a group. */
export const GROUP_GAP = 19;

/** True when a digest of this kind, with `before` in front of it, opens a group of digests of one file. */
export function opensGroup(before: string, kind: DigestKind): boolean {
  const meaning = classifyName(FIRST_OF_GROUP.exec(before)?.[1] ?? '');
  return meaning?.kind === 'digest' && meaning.digest === kind;
}

/** What the text between two values of a group says about the second one: its kind, what it is set aside by, or null. */
export function labelInGroup(
  between: string,
  digits: number,
): { readonly kind: DigestKind } | { readonly aside: string } | null {
  const label = IN_GROUP.exec(between)?.[1];
  const meaning = label === undefined ? null : classifyName(label);
  if (meaning?.kind === 'never') {
    return { aside: meaning.name };
  }
  return meaning?.kind === 'digest' && meaning.digest === kindOfHexLength(digits) ? { kind: meaning.digest } : null;
}

const OF_A_CERTIFICATE = /cert|key|finger|thumb|serial|issuer|signer/i;

/**
 * True when `before` announces a digest of this kind that is written byte by byte. Without a label such bytes are a
 * dump, and colons right behind the name of the algorithm are how keys and certificates are shown.
 */
export function announcesBytes(before: string, bytes: number): boolean {
  const kind = kindOfHexLength(bytes * 2);
  return (
    kind !== null &&
    /[=\t ]["'`(]?$/.test(before) &&
    setAsideBy(before) === null &&
    kindNamedBy(before) === kind &&
    !OF_A_CERTIFICATE.test(before)
  );
}
