import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { annotationById, annotationIdOf, type AnnotationRow } from './rows.ts';
import { putAnnotation, takeOut, tellChanged } from './store.ts';

/** What taking a change back came to, in files. */
export interface AnnotationUndone {
  readonly restored: number;
  /** Left as they are, because somebody wrote on them since. */
  readonly kept: number;
}

interface Kept {
  readonly place: number;
  readonly annotationId: number | null;
  readonly before: string;
}

/**
 * Takes a change back, the last file first. A file that was written on since stays as it is and is counted. Null when the
 * change is not kept any more or was taken back to its end. Sliced: ended early, the rest can be taken back again.
 */
export function* undoAnnotations(db: WritableDb, args: { readonly changeId: number }): Sliced<AnnotationUndone | null> {
  const { changeId } = args;
  const known = prepared(db, 'SELECT 1 FROM annotation_changes WHERE id = +? AND undone = 0').get(changeId);
  if (known === undefined) {
    return null;
  }
  const next = prepared<Kept>(
    db,
    `SELECT place, annotation_id AS annotationId, before FROM annotation_before
     WHERE change_id = +? ORDER BY place DESC LIMIT 1`,
  );
  const done = prepared(db, 'DELETE FROM annotation_before WHERE change_id = ? AND place = ?');
  const slice = startSlice();
  let [restored, kept] = [0, 0];
  for (let file = next.get(changeId); file !== undefined; file = next.get(changeId)) {
    if (restore(db, changeId, file.annotationId, JSON.parse(file.before) as AnnotationRow[])) {
      restored += 1;
    } else {
      kept += 1;
    }
    done.run(changeId, file.place);
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
  prepared(db, 'UPDATE annotation_changes SET undone = 1 WHERE id = ?').run(changeId);
  return { restored, kept };
}

function restore(db: WritableDb, changeId: number, id: number | null, before: readonly AnnotationRow[]): boolean {
  if (id !== null && annotationById(db, id)?.changeId !== changeId) {
    return false;
  }
  const standing = before.flatMap((row) =>
    Object.values(row.digests).map((hex) => annotationIdOf(db, Buffer.from(hex, 'hex'))),
  );
  if (standing.some((other) => other !== null && other !== id)) {
    return false;
  }
  if (id !== null) {
    takeOut(db, id);
  }
  const back = before.map((row) => putAnnotation(db, row, isFree(db, row.id) ? row.id : null));
  tellChanged(db, [...back, ...(id === null ? [] : [id])]);
  return true;
}

function isFree(db: WritableDb, id: number): boolean {
  return prepared(db, 'SELECT 1 FROM annotations WHERE id = +?').get(id) === undefined;
}
