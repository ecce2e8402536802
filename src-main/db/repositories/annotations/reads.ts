import { byCount, tagKey, type TagCount } from '#shared/domain/annotation.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import { CHANGE } from '../../change-kinds.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { oldestSeq } from '../changes.ts';
import { certainDigests } from './certain-digests.ts';
import { together } from './merge.ts';
import { annotationById, annotationIdOf, annotationsOn, hasAnnotations, type AnnotationRow } from './rows.ts';

/** What is written on one file: as one, and the annotations it comes from. */
export interface FileAnnotation {
  readonly note: string;
  readonly tags: readonly string[];
  readonly rows: readonly AnnotationRow[];
}

const NOTHING: FileAnnotation = { note: '', tags: [], rows: [] };

/**
 * What is written on files, in their order; at most some thousand. Each is known by digests that certainly are one file, and
 * by those this machine knows it has besides. `now` is seconds since the epoch.
 */
function annotationsOfFiles(
  db: ReadableDb,
  args: { readonly files: readonly DigestSet[]; readonly now: number },
): FileAnnotation[] {
  if (!hasAnnotations(db)) {
    return args.files.map(() => NOTHING);
  }
  return args.files.map((file) => {
    const known = certainDigests(db, file, args.now);
    const { note, tags, rows } = together(known, annotationsOn(db, known));
    return rows.length === 0 ? NOTHING : { note, tags, rows };
  });
}

/** Annotations after a number, in the order of their numbers, at most `limit`; with a tag only those that carry it. */
function annotationsAfter(
  db: ReadableDb,
  args: { readonly after: number; readonly limit: number; readonly tag: string | null },
): { readonly rows: AnnotationRow[]; readonly next: number | null } {
  const ids = prepared<number>(db, 'SELECT id FROM annotations WHERE id > ? ORDER BY id LIMIT ?')
    .pluck(true)
    .all(args.after, args.limit);
  const key = args.tag === null ? null : tagKey(args.tag);
  const rows = ids
    .map((id) => annotationById(db, id))
    .filter((row) => row !== null)
    .filter(({ tags }) => key === null || tags.some((tag) => tagKey(tag) === key));
  return { rows, next: ids.length < args.limit ? null : (ids.at(-1) ?? null) };
}

/** Tags in use with the number of files that carry each, the most used first, and how many files have a note. */
function annotationTags(
  db: ReadableDb,
  _args: Record<string, never>,
): { readonly tags: TagCount[]; readonly noted: number } {
  const sql = `SELECT j.value AS tag, count(*) AS count FROM annotations a, json_each(a.tags) j GROUP BY j.value`;
  const counts = new Map<string, TagCount>();
  // Spellings of one tag are counted together, under the one most used.
  for (const row of prepared<TagCount>(db, sql).all().sort(byCount)) {
    const known = counts.get(tagKey(row.tag));
    counts.set(tagKey(row.tag), { tag: known?.tag ?? row.tag, count: (known?.count ?? 0) + row.count });
  }
  const noted = prepared<number>(db, "SELECT count(*) FROM annotations WHERE note <> ''").pluck(true).get() ?? 0;
  return { tags: [...counts.values()].sort(byCount), noted };
}

/**
 * What is written on single digests, by their hex; those with nothing are left out. For batches of some thousand, in a
 * thread that may read. `together` (merge.ts) makes one of what is found for the digests of a file.
 */
export function annotationsOfDigests(
  db: ReadableDb,
  digests: readonly Uint8Array[],
): ReadonlyMap<string, AnnotationRow> {
  const found = new Map<string, AnnotationRow>();
  if (!hasAnnotations(db)) {
    return found;
  }
  for (const digest of digests) {
    const id = annotationIdOf(db, digest);
    const row = id === null ? null : annotationById(db, id);
    if (row !== null) {
      found.set(Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex'), row);
    }
  }
  return found;
}

/** Every digest that is annotated, with its annotation, in the order of the digests. */
export function annotatedDigests(db: ReadableDb): IterableIterator<[digest: Uint8Array, annotationId: number]> {
  const sql = 'SELECT digest, annotation_id FROM annotation_digests';
  return prepared<[Uint8Array, number]>(db, sql).raw(true).iterate();
}

/** How many digests are annotated. */
export function countAnnotatedDigests(db: ReadableDb): number {
  return prepared<number>(db, 'SELECT count(*) FROM annotation_digests').pluck(true).get() ?? 0;
}

/** Annotations whose note holds a text, ignoring the case of ASCII letters. */
export function annotationsMentioning(db: ReadableDb, text: string): readonly number[] {
  const like = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return prepared<number>(db, String.raw`SELECT id FROM annotations WHERE note LIKE ? ESCAPE '\'`)
    .pluck(true)
    .all(like);
}

/** What lists need of an annotation: its tags as stored, and whether it has a note. Raw, because all of them are read. */
export type AnnotationHead = readonly [id: number, tags: string, isNoted: 0 | 1];

const HEAD = "SELECT id, tags, note <> '' FROM annotations";

/** The heads of all annotations. */
export function annotationHeads(db: ReadableDb): IterableIterator<AnnotationHead> {
  return prepared<AnnotationHead>(db, HEAD).raw(true).iterate();
}

/** One head; null when the annotation is gone. */
export function annotationHead(db: ReadableDb, id: number): AnnotationHead | null {
  return (prepared(db, `${HEAD} WHERE id = +?`).raw(true).get(id) as AnnotationHead | undefined) ?? null;
}

/** The beginning of notes by the number of their annotation, in batches of some hundred. */
export function noteStarts(db: ReadableDb, ids: readonly number[], characters: number): ReadonlyMap<number, string> {
  const sql = 'SELECT a.id, substr(a.note, 1, ?) FROM json_each(?) j CROSS JOIN annotations a ON a.id = j.value';
  return new Map(prepared(db, sql).raw(true).all(characters, JSON.stringify(ids)) as [number, string][]);
}

/** Annotations that were written or went after `since`; null when that is not known any more. */
export function changedAnnotations(db: ReadableDb, since: number): readonly number[] | null {
  const oldest = oldestSeq(db);
  if (oldest === null || oldest > since + 1) {
    return null;
  }
  return prepared<number>(db, 'SELECT DISTINCT id FROM changes WHERE seq > ? AND kind = +?')
    .pluck(true)
    .all(since, CHANGE.annotation);
}

export const annotationReads = { annotationsOfFiles, annotationsAfter, annotationTags } as const;
