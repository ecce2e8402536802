import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { certainDigests } from './certain-digests.ts';
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
 * change is not kept any more or was taken back to its end. Digests learned since the change stay with what is written.
 * `now` is seconds since the epoch. Sliced: ended early, the rest can be taken back again.
 */
export function* undoAnnotations(
  db: WritableDb,
  args: { readonly changeId: number; readonly now: number },
): Sliced<AnnotationUndone | null> {
  const { changeId, now } = args;
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
    const { annotationId: id } = file;
    if (restore(db, { changeId, id, before: JSON.parse(file.before) as AnnotationRow[], now })) {
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

/** One file of a change: the annotation it has now, and what stood there before. */
interface Restored {
  readonly changeId: number;
  readonly id: number | null;
  readonly before: readonly AnnotationRow[];
  readonly now: number;
}

function restore(db: WritableDb, { changeId, id, before, now }: Restored): boolean {
  const present = id === null ? null : annotationById(db, id);
  if (id !== null && present?.changeId !== changeId) {
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
  const [only, another] = before;
  const rows =
    only === undefined || another !== undefined
      ? before
      : [{ ...only, digests: { ...(present?.digests ?? learned(db, only.digests, now)), ...only.digests } }];
  const back = rows.map((row) => putAnnotation(db, row, isFree(db, row.id) ? row.id : null));
  tellChanged(db, [...back, ...(id === null ? [] : [id])]);
  return true;
}

/** Digests the file of something that was away is known to have by now, but for those others are written on. */
function learned(db: WritableDb, digests: DigestSet, now: number): DigestSet {
  const free = Object.entries(certainDigests(db, digests, now)).filter(
    ([, hex]: [string, HexDigest]) => annotationIdOf(db, Buffer.from(hex, 'hex')) === null,
  );
  return Object.fromEntries(free);
}

function isFree(db: WritableDb, id: number): boolean {
  return prepared(db, 'SELECT 1 FROM annotations WHERE id = +?').get(id) === undefined;
}
