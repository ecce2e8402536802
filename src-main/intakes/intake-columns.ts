import { DIGEST_BIT, DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import type { InputFileView } from '#shared/contract/intake.ts';

/**
 * Sections of an intake file (kind `intake`, version 1). U entries (distinct digest sets), N occurrences (records with
 * a hash, in source order).
 *
 * Entries are grouped by which digests they have and by what ties them (`meta.groups`: [{ mask, link, count, stride }]) and
 * sorted inside a group by the strongest digest, then the weaker ones. An entry number is its place in that order.
 *
 * | section      | type  | length | content |
 * | digests      | bytes | sum of count x stride | per entry: strongest digest first, then the weaker ones |
 * | by.G.KIND    | u32   | count of group G | groups with several digests: places inside the group ordered by a weaker digest |
 * | firstOcc     | u32   | U | number of the entry's first occurrence: sorting by it gives source order |
 * | occEntry     | u32   | N | the entry of each occurrence |
 * | occLine      | u32   | N | 1-based line in its input, 0 where there are no lines |
 * | occColumn    | u32   | N or absent | 1-based column, where the format has one |
 * | carriedAt    | f64   | N + 1 or absent | byte offsets into `carried` |
 * | carried      | bytes | or absent | per occurrence: cells of `columns`, each u32 LE length + UTF-8; empty ones at the end left out |
 * | columns      | bytes | | JSON: names of the carried columns |
 * | troubles     | bytes | | NDJSON: rejected and hash-less records with place, reason and excerpt, in source order |
 * | troublesAt   | f64   | | byte offset of every 256th line of `troubles` |
 * | inputs       | bytes | | JSON: StoredInput per input |
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

/** One input as kept with the intake. */
export interface StoredInput {
  readonly view: InputFileView;
  /** Number of the first occurrence read from it; occurrences of an input follow each other. */
  readonly firstOccurrence: number;
  /** Samples of a folder: the carried column that names the file of each occurrence. */
  readonly fileColumn: number | null;
}

/** Header `meta` of an intake file. */
export interface IntakeMeta {
  readonly groups: readonly EntryGroup[];
  readonly entries: number;
  readonly occurrences: number;
  readonly troubles: number;
}

/** Name of the section that orders a group by one of its weaker digests. */
export function orderSection(group: number, kind: DigestKind): string {
  return `by.${group}.${kind}`;
}

/** Kinds of a mask, strongest first: the order of digests inside an entry. */
export function kindsOfMask(mask: number): readonly DigestKind[] {
  return KINDS_OF_MASK[mask & 7] ?? [];
}

const KINDS_OF_MASK: readonly (readonly DigestKind[])[] = Array.from({ length: 8 }, (_, mask) =>
  (['sha256', 'sha1', 'md5'] as const).filter((kind) => (mask & DIGEST_BIT[kind]) !== 0),
);

export function strideOfMask(mask: number): number {
  return kindsOfMask(mask).reduce((sum, kind) => sum + DIGEST_BYTES[kind], 0);
}

/** Where a kind's digest lies inside an entry of this mask, in bytes. -1 when the mask has none. */
export function offsetInEntry(mask: number, kind: DigestKind): number {
  let offset = 0;
  for (const candidate of kindsOfMask(mask)) {
    if (candidate === kind) {
      return offset;
    }
    offset += DIGEST_BYTES[candidate];
  }
  return -1;
}
