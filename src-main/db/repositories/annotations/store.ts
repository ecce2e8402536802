import { appendChange, pruneOldChanges } from '../changes.ts';
import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import type { AnnotationRow } from './rows.ts';

/** Writes an annotation under a number that is free, or under a new one. Its digests must stand on no other. */
export function putAnnotation(db: WritableDb, row: Omit<AnnotationRow, 'id'>, id: number | null): number {
  const { lastInsertRowid } = prepared(
    db,
    'INSERT INTO annotations (id, note, tags, changed_at, changed_by, change_id) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(id, row.note, JSON.stringify(row.tags), row.changedAt, row.changedBy, row.changeId);
  const written = Number(lastInsertRowid);
  for (const hex of Object.values(row.digests)) {
    addDigest(db, hex, written);
  }
  return written;
}

/** Lets one more digest stand on an annotation. */
export function addDigest(db: WritableDb, hex: string, id: number): void {
  prepared(db, 'INSERT INTO annotation_digests (digest, annotation_id) VALUES (?, ?)').run(Buffer.from(hex, 'hex'), id);
}

/** Removes an annotation with its digests. */
export function takeOut(db: WritableDb, id: number): void {
  prepared(db, 'DELETE FROM annotations WHERE id = ?').run(id);
}

/** Tells the feed of annotations that were written or went. */
export function tellChanged(db: WritableDb, ids: Iterable<number>): void {
  for (const id of new Set(ids)) {
    appendChange(db, 'annotation', id);
  }
  pruneOldChanges(db);
}
