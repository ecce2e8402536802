import { changedTags, joinedNotes, MOST_TAGS, NOTE_LENGTH } from '#shared/domain/annotation.ts';
import { DIGEST_KINDS, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { contradict } from '../file-identity.ts';
import type { AnnotationRow } from './rows.ts';

/** What is written on one file, taken together. */
export interface Together {
  /** The annotations that become one, the first giving its number. */
  readonly rows: readonly AnnotationRow[];
  readonly note: string;
  readonly tags: readonly string[];
  readonly digests: DigestSet;
}

/**
 * Takes the annotations on one file's digests together: notes a line apart, tags united. What cannot be taken in whole
 * stays by itself, and its digests with it: an annotation whose digests contradict the others', or one that would make the
 * note or the tags too many. Nothing written is cut.
 */
export function together(digests: DigestSet, found: readonly AnnotationRow[]): Together {
  const rows: AnnotationRow[] = [];
  let united: DigestSet = {};
  let note = '';
  let tags: readonly string[] = [];
  for (const row of found) {
    const joined = joinedNotes([note, row.note]);
    const all = changedTags(tags, row.tags);
    if (
      isOf(digests, row.digests) &&
      !contradict(united, row.digests) &&
      joined.length <= NOTE_LENGTH &&
      all.length <= MOST_TAGS
    ) {
      rows.push(row);
      united = { ...united, ...row.digests };
      [note, tags] = [joined, all];
    }
  }
  const elsewhere = new Set(found.filter((row) => !rows.includes(row)).flatMap((row) => Object.values(row.digests)));
  return { rows, note, tags, digests: completed(united, digests, elsewhere) };
}

/**
 * Whether what is written on some digests is about the file of others it shares one with: digests that contradict belong to
 * two files, unless the strongest one is the shared.
 */
export function isOf(file: DigestSet, annotated: DigestSet): boolean {
  const strongest = file.sha256 ?? file.sha1 ?? file.md5;
  return !contradict(file, annotated) || Object.values(annotated).some((hex) => hex === strongest);
}

function completed(united: DigestSet, digests: DigestSet, elsewhere: ReadonlySet<string>): DigestSet {
  const all: { [K in DigestKind]?: HexDigest } = { ...united };
  for (const kind of DIGEST_KINDS) {
    const hex = digests[kind];
    if (hex !== undefined && all[kind] === undefined && !elsewhere.has(hex)) {
      all[kind] = hex;
    }
  }
  return all;
}
