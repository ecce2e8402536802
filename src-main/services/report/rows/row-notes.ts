import type { DigestSet } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { together } from '../../../db/repositories/annotations/merge.ts';
import { annotationsOfDigests } from '../../../db/repositories/annotations/reads.ts';
import type { Digest } from '../../triage/digest-keys.ts';

/** What people wrote on the file of a row. */
export interface RowNotes {
  readonly note: string;
  readonly tags: readonly string[];
}

const NOTHING: RowNotes = { note: '', tags: [] };

/** Notes and tags of rows, by the digests that are certainly each row's file, in the order of the rows. */
export function notesOf(db: ReadableDb, rows: readonly (readonly Digest[])[]): readonly RowNotes[] {
  const found = annotationsOfDigests(
    db,
    rows.flatMap((digests) => digests.map(({ bytes }) => bytes)),
  );
  return found.size === 0 ? rows.map(() => NOTHING) : rows.map((digests) => notesOfRow(digests, found));
}

function notesOfRow(digests: readonly Digest[], found: ReturnType<typeof annotationsOfDigests>): RowNotes {
  const annotations = digests.flatMap(({ hex }) => found.get(hex) ?? []);
  if (annotations.length === 0) {
    return NOTHING;
  }
  const set: DigestSet = Object.fromEntries(digests.toReversed().map(({ kind, hex }) => [kind, hex]));
  const { note, tags } = together(set, [...new Map(annotations.map((each) => [each.id, each])).values()]);
  return { note, tags };
}
