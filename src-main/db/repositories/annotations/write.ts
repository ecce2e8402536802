import type { DigestSet } from '#shared/domain/hash.ts';
import { changedTags, MOST_TAGS } from '#shared/domain/annotation.ts';
import type { WritableDb } from '../../handles.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { certainDigests } from './certain-digests.ts';
import { keepBefore, letOldChangesGo, openChange } from './changes.ts';
import { together } from './merge.ts';
import { annotationsOn } from './rows.ts';
import { putAnnotation, takeOut, tellChanged } from './store.ts';

/** What is written on each file of a change. Absent: as it is. */
export interface AnnotationEdit {
  /** Replaces the note; empty removes it. */
  readonly note?: string | undefined;
  /** The note as the writer saw it: another one there now is told as replaced. */
  readonly noteBefore?: string | undefined;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Takes all tags away before `add`. */
  readonly clearTags?: boolean | undefined;
}

/** One change of note and tags, the same for all its files. */
export interface AnnotationWrite {
  /** Digests that are certainly one file each, at most some thousand files. */
  readonly files: readonly DigestSet[];
  readonly edit: AnnotationEdit;
  readonly by: string;
  /** Seconds since the epoch. */
  readonly at: number;
  /** The change this goes on with; null begins one. */
  readonly changeId: number | null;
}

/** What a write came to, in files: changed + unchanged + full is all of them. */
export interface AnnotationWritten {
  /** Null while nothing changed. */
  readonly changeId: number | null;
  readonly changed: number;
  readonly unchanged: number;
  /** Left as they were: they have as many tags as a file may have. */
  readonly full: number;
  /** Of the changed ones, those whose note was another one than the writer saw. */
  readonly replaced: number;
}

type Outcome = 'changed' | 'unchanged' | 'full' | 'replaced';

/**
 * Writes on files: each field by itself, so that of two writers at once the later one wins on the same note or tag, and
 * nothing else is touched. Annotations that stand on digests of one file become one. What was there is kept with the
 * change. Sliced: a write that is ended early has done whole files, and its change takes them back.
 */
export function* writeAnnotations(db: WritableDb, args: AnnotationWrite): Sliced<AnnotationWritten> {
  const slice = startSlice();
  let { changeId } = args;
  const count: Record<Outcome, number> = { changed: 0, unchanged: 0, full: 0, replaced: 0 };
  for (const file of args.files) {
    const outcome = writeOne(db, file, args, () => (changeId ??= openChange(db, args)));
    count[outcome] += 1;
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
  while (letOldChangesGo(db)) {
    yield;
  }
  return { ...count, changed: count.changed + count.replaced, changeId };
}

function writeOne(db: WritableDb, file: DigestSet, args: AnnotationWrite, change: () => number): Outcome {
  const { edit } = args;
  const known = certainDigests(db, file, args.at);
  const all = together(known, annotationsOn(db, known));
  const note = edit.note ?? all.note;
  const tags = changedTags(edit.clearTags === true ? [] : all.tags, edit.add, edit.remove);
  if (note === all.note && isSame(tags, all.tags)) {
    return 'unchanged';
  }
  if (tags.length > MOST_TAGS) {
    return 'full';
  }
  const changeId = change();
  for (const { id } of all.rows) {
    takeOut(db, id);
  }
  const { at, by } = args;
  const [first] = all.rows;
  const isGone = note === '' && tags.length === 0;
  const id = isGone
    ? null
    : putAnnotation(
        db,
        { note, tags, changedAt: at, changedBy: by, changeId, digests: all.digests },
        first?.id ?? null,
      );
  tellChanged(db, [...all.rows.map((row) => row.id), ...(id === null ? [] : [id])]);
  keepBefore(db, changeId, id, all.rows);
  const isReplaced = edit.noteBefore !== undefined && note !== all.note && all.note !== edit.noteBefore;
  return isReplaced ? 'replaced' : 'changed';
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tag, place) => tag === b[place]);
}
