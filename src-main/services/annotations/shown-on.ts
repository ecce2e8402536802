import type { AnnotationView } from '#shared/contract/annotation-view.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { certainDigests } from '../../db/repositories/annotations/certain-digests.ts';
import { isOf } from '../../db/repositories/annotations/merge.ts';
import { annotationsOn, hasAnnotations, type AnnotationRow } from '../../db/repositories/annotations/rows.ts';

/**
 * What is written on a file: on digests that certainly are its own, those this machine learned of it included, then on
 * digests that only a list ties to it. `now` is seconds since the epoch.
 */
export function shownOn(
  db: ReadableDb,
  file: { readonly certain: DigestSet; readonly all: DigestSet },
  now: number,
): AnnotationView[] {
  if (!hasAnnotations(db)) {
    return [];
  }
  const known = certainDigests(db, file.certain, now);
  const own = annotationsOn(db, known).filter((row) => isOf(known, row.digests));
  const others = annotationsOn(db, file.all).filter(
    (row) => isOf(file.all, row.digests) && own.every(({ id }) => id !== row.id),
  );
  return [...own.map((row) => toView(row, false)), ...others.map((row) => toView(row, true))];
}

function toView({ id, note, tags, changedAt, changedBy, digests }: AnnotationRow, asserted: boolean): AnnotationView {
  return { id, note, tags: [...tags], changedAt, changedBy, digests: { ...digests }, asserted };
}
