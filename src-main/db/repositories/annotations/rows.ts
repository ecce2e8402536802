import type { Annotation } from '#shared/domain/annotation.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { kindOfBytes } from '../asking/codes.ts';

/** An annotation as stored, with the digests it stands on. Times are seconds since the epoch. */
export interface AnnotationRow extends Annotation {
  readonly id: number;
  readonly changedAt: number;
  readonly changedBy: string;
  /** The change that wrote it last. */
  readonly changeId: number;
  readonly digests: DigestSet;
}

interface StoredAnnotation {
  readonly id: number;
  readonly note: string;
  readonly tags: string;
  readonly changedAt: number;
  readonly changedBy: string;
  readonly changeId: number;
}

const BY_ID = `SELECT id, note, tags, changed_at AS changedAt, changed_by AS changedBy, change_id AS changeId
  FROM annotations WHERE id = +?`;

/** The annotation a digest stands on, or null. */
export function annotationIdOf(db: ReadableDb, digest: Uint8Array): number | null {
  const find = prepared<number>(db, 'SELECT annotation_id FROM annotation_digests WHERE digest = +?').pluck(true);
  return find.get(digest) ?? null;
}

/** One annotation, or null when it is gone. */
export function annotationById(db: ReadableDb, id: number): AnnotationRow | null {
  const row = prepared<StoredAnnotation>(db, BY_ID).get(id);
  return row === undefined
    ? null
    : { ...row, tags: JSON.parse(row.tags) as string[], digests: digestsOfAnnotation(db, id) };
}

/** The digests an annotation stands on. */
export function digestsOfAnnotation(db: ReadableDb, id: number): DigestSet {
  const sql = 'SELECT digest FROM annotation_digests WHERE annotation_id = +?';
  const digests = prepared<Buffer>(db, sql).pluck(true).all(id);
  return Object.fromEntries(digests.map((digest) => [kindOfBytes(digest.length), digest.toString('hex') as HexDigest]));
}

/** The annotations these digests stand on, in the order of the digests, each once. */
export function annotationsOn(db: ReadableDb, digests: DigestSet): AnnotationRow[] {
  // The strongest digest names a file best: what stands on it comes first.
  const ids = [digests.sha256, digests.sha1, digests.md5]
    .filter((hex) => hex !== undefined)
    .map((hex) => annotationIdOf(db, Buffer.from(hex, 'hex')))
    .filter((id) => id !== null);
  return [...new Set(ids)].map((id) => annotationById(db, id)).filter((row) => row !== null);
}

/** Whether anything is annotated at all. */
export function hasAnnotations(db: ReadableDb): boolean {
  return prepared(db, 'SELECT 1 FROM annotation_digests WHERE annotation_id > 0 LIMIT 1').get() !== undefined;
}
