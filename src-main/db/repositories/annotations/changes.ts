import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import type { AnnotationRow } from './rows.ts';

/** Changes that can be taken back; older ones are let go when a new one begins. */
const KEPT_CHANGES = 100;
/** Files of old changes let go at once. */
const LET_GO = 500;

/** Begins a change; returns its number. */
export function openChange(db: WritableDb, args: { readonly at: number; readonly by: string }): number {
  const { lastInsertRowid } = prepared(db, 'INSERT INTO annotation_changes (at, by) VALUES (?, ?)').run(
    args.at,
    args.by,
  );
  return Number(lastInsertRowid);
}

/** Keeps what was written on one file before a change, and the annotation it became; null where it went. */
export function keepBefore(
  db: WritableDb,
  changeId: number,
  annotationId: number | null,
  before: readonly AnnotationRow[],
): void {
  prepared(
    db,
    `INSERT INTO annotation_before (change_id, place, annotation_id, before)
     VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM annotation_before WHERE change_id = +?), ?, ?)`,
  ).run(changeId, changeId, annotationId, JSON.stringify(before));
}

/** Lets a stretch of what is older than the kept changes go; true while there is more. */
export function letOldChangesGo(db: WritableDb): boolean {
  const newest = prepared<number>(db, 'SELECT coalesce(max(id), 0) FROM annotation_changes').pluck(true).get() ?? 0;
  const upTo = newest - KEPT_CHANGES;
  const { changes } = prepared(
    db,
    `DELETE FROM annotation_before WHERE (change_id, place) IN
       (SELECT change_id, place FROM annotation_before WHERE change_id <= ? ORDER BY change_id, place LIMIT ${LET_GO})`,
  ).run(upTo);
  if (changes < LET_GO) {
    prepared(db, 'DELETE FROM annotation_changes WHERE id <= ?').run(upTo);
  }
  return changes === LET_GO;
}
