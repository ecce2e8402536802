import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';

/**
 * Sections of an intake file (kind `intake`, version 1). U entries (distinct digest sets), N occurrences (records with
 * a hash, in source order).
 *
 * Entries are grouped by which digests they have and by what ties them (`meta.groups`: [{ mask, link, count, stride }]) and
 * sorted inside a group by the strongest digest, then the weaker ones. An entry number is its place in that order.
 *
 * | section      | type  | length | content |
 * | digests      | bytes | sum of count x stride | per entry: strongest digest first, then the weaker ones |
 * | firstOcc     | u32   | U | number of the entry's first occurrence: sorting by it gives source order |
 * | occEntry     | u32   | N | the entry of each occurrence |
 * | occLine      | u32   | N | 1-based line in its input |
 * | occColumn    | u32   | N or absent | 1-based column, where the format has one |
 * | carriedAt    | f64   | N + 1 or absent | byte offsets into `carried` |
 * | carried      | bytes | | per occurrence: cells of meta.columns, each u32 LE length + UTF-8 |
 * | troubles     | bytes | | NDJSON: rejected and hash-less records with place, reason and excerpt, in source order |
 * | inputs       | bytes | | JSON: one InputFileView per input, plus `firstOccurrence` of each |
 */
export const INTAKE_FILE_VERSION = 1;

/** What ties an entry's digests together: nothing to tie, only the dropped list, or bytes Assay read itself. */
export const ENTRY_LINK = { single: 0, asserted: 1, computed: 2 } as const;
export type EntryLink = keyof typeof ENTRY_LINK;

export interface EntryGroup {
  readonly mask: number;
  readonly link: EntryLink;
  readonly count: number;
  /** Bytes per entry in `digests`. */
  readonly stride: number;
}

/** Kinds of a mask, strongest first: the order of digests inside an entry. */
export function kindsOfMask(mask: number): readonly DigestKind[] {
  const kinds: DigestKind[] = [];
  if ((mask & 4) !== 0) {
    kinds.push('sha256');
  }
  if ((mask & 2) !== 0) {
    kinds.push('sha1');
  }
  if ((mask & 1) !== 0) {
    kinds.push('md5');
  }
  return kinds;
}

export function strideOfMask(mask: number): number {
  return kindsOfMask(mask).reduce((sum, kind) => sum + DIGEST_BYTES[kind], 0);
}
