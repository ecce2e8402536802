import type { NoAnswer } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';

/** `items.no_answer` as stored. Never renumber; append only. */
export const NO_ANSWER_CODE: Readonly<Record<NoAnswer, number>> = { 'not-known': 1, 'could-not-ask': 2 };

/** `items.no_answer` of an item that was made when its hash was queued and has no answer yet. It is no evidence. */
export const NOT_ASKED = 3;

export function noAnswerOfCode(code: number | null): NoAnswer | null {
  if (code === null) {
    return null;
  }
  return code === NO_ANSWER_CODE['could-not-ask'] ? 'could-not-ask' : 'not-known';
}

/** How a digest was tied to its `files` row. Never renumber. */
export const LINK_CLASS = { anchor: 0, computed: 1, source: 2 } as const;
export type LinkClass = keyof typeof LINK_CLASS;

const LINK_SHIFT: Readonly<Record<DigestKind, number>> = { md5: 0, sha1: 4, sha256: 8 };

/** The class of one digest in a `files.links` value. */
export function linkClass(links: number, kind: DigestKind): LinkClass {
  const code = (links >> LINK_SHIFT[kind]) & 15;
  if (code === LINK_CLASS.computed) {
    return 'computed';
  }
  return code === LINK_CLASS.source ? 'source' : 'anchor';
}

/** `links` with the class of one digest set. */
export function withLink(links: number, kind: DigestKind, link: LinkClass): number {
  const shift = LINK_SHIFT[kind];
  return (links & ~(15 << shift)) | (LINK_CLASS[link] << shift);
}

/** `links` of digests tied together by one class: the strongest is the anchor. */
export function linksOf(kinds: readonly DigestKind[], link: LinkClass): number {
  const anchor = [...DIGEST_KINDS].reverse().find((kind) => kinds.includes(kind));
  return kinds.reduce((links, kind) => withLink(links, kind, kind === anchor ? 'anchor' : link), 0);
}

/** The key a digest is found by: its first 6 bytes as an integer. Other digests may share it; confirm what it finds. */
export function digestKey(digest: Uint8Array): number {
  const high = ((digest[0] as number) << 16) | ((digest[1] as number) << 8) | (digest[2] as number);
  const low = ((digest[3] as number) << 16) | ((digest[4] as number) << 8) | (digest[5] as number);
  return high * 0x1000000 + low;
}

/** `digestKey` of a digest in hex. */
export function digestKeyOfHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16);
}
