import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Slice, type Sliced } from '../../slices.ts';
import { filesOf } from '../asking/answers/known-files.ts';

const SECONDS_OF_DAY = 86_400;
/** Rows between two looks at the clock. */
const LOOK_EVERY = 64;
const PAGE = 512;

/** The day on which an item was last asked for, in SQL; the day it was made stands in where nobody did since. */
export const ASKED_DAY = `coalesce(asked_day, created_at / ${SECONDS_OF_DAY})`;

/** The day of a moment, both since the epoch; `at` is in seconds. */
export function dayOf(at: number): number {
  return Math.floor(at / SECONDS_OF_DAY);
}

/**
 * Notes that somebody asked for the files of these digests on a day: at most one row a file and day, and none where the
 * items were asked for on that day already. Returns the rows written.
 */
function* stageAsked(
  db: WritableDb,
  args: { readonly digests: readonly Uint8Array[]; readonly day: number },
): Sliced<number> {
  return yield* eachInSlices(args.digests, (digest) =>
    filesOf(db, digest).reduce((sum, [id]) => sum + (isOlder(db, id, args.day) ? stage(db, id, args.day) : 0), 0),
  );
}

/** The same for many packed digests, straight into the items: for an intake that is about to go. */
function* askedByDigests(
  db: WritableDb,
  args: { readonly kind: DigestKind; readonly digests: Uint8Array; readonly day: number },
): Sliced<number> {
  const width = DIGEST_BYTES[args.kind];
  const rows = Array.from({ length: Math.floor(args.digests.length / width) }, (_, at) => at * width);
  return yield* eachInSlices(rows, (at) =>
    filesOf(db, args.digests.subarray(at, at + width)).reduce((sum, [id]) => sum + merge(db, id, args.day), 0),
  );
}

/**
 * Brings the staged days into the items. A file without items keeps its row: nothing else says when it was asked for.
 * What is interrupted is done by the next run. Returns the rows taken out.
 */
function* mergeAsked(db: WritableDb): Sliced<number> {
  const page = prepared<{ file_id: number; day: number }>(
    db,
    `SELECT file_id, day FROM asked_stage WHERE file_id > ? ORDER BY file_id LIMIT ${PAGE}`,
  );
  const drop = prepared(db, 'DELETE FROM asked_stage WHERE file_id = +?');
  const slice = startSlice();
  let merged = 0;
  for (let after = 0; ;) {
    const rows = page.all(after);
    for (const { file_id: id, day } of rows) {
      if (hasItems(db, id)) {
        raise(db, id, day);
        merged += drop.run(id).changes;
      } else if (!isFile(db, id)) {
        merged += drop.run(id).changes;
      }
    }
    after = rows.at(-1)?.file_id ?? after;
    if (rows.length < PAGE) {
      return merged;
    }
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
}

/** Notes that an intake was read, opened or exported on a day. */
function askedForIntake(db: WritableDb, args: { readonly id: number; readonly day: number }): void {
  prepared(db, 'UPDATE intakes SET asked_day = ? WHERE id = +? AND (asked_day IS NULL OR asked_day < ?)').run(
    args.day,
    args.id,
    args.day,
  );
}

/** The last day on which an intake was read, opened or exported; null when there is none of this number. */
function intakeAskedDay(db: ReadableDb, args: { readonly id: number }): number | null {
  const row = prepared<{ day: number }>(db, `SELECT ${ASKED_DAY} AS day FROM intakes WHERE id = +?`).get(args.id);
  return row?.day ?? null;
}

/** True when some item of the file was last asked for before the day, or it has none and no row says so. */
function isOlder(db: ReadableDb, id: number, day: number): boolean {
  const items = prepared<{ oldest: number | null }>(
    db,
    `SELECT min(${ASKED_DAY}) AS oldest FROM items WHERE file_id = +?`,
  ).get(id);
  return (items?.oldest ?? -1) < day;
}

function stage(db: WritableDb, id: number, day: number): number {
  return prepared(
    db,
    `INSERT INTO asked_stage (file_id, day) VALUES (?, ?)
     ON CONFLICT (file_id) DO UPDATE SET day = excluded.day WHERE day < excluded.day`,
  ).run(id, day).changes;
}

function merge(db: WritableDb, id: number, day: number): number {
  const raised = raise(db, id, day);
  return raised > 0 || hasItems(db, id) ? raised : stage(db, id, day);
}

function raise(db: WritableDb, id: number, day: number): number {
  return prepared(db, `UPDATE items SET asked_day = ? WHERE file_id = +? AND ${ASKED_DAY} < ?`).run(day, id, day)
    .changes;
}

function hasItems(db: ReadableDb, id: number): boolean {
  return prepared(db, 'SELECT 1 FROM items WHERE file_id = +? LIMIT 1').get(id) !== undefined;
}

function isFile(db: ReadableDb, id: number): boolean {
  return prepared(db, 'SELECT 1 FROM files WHERE id = +?').get(id) !== undefined;
}

function* eachInSlices<T>(rows: readonly T[], work: (row: T) => number): Sliced<number> {
  const slice: Slice = startSlice();
  let sum = 0;
  for (const [index, row] of rows.entries()) {
    sum += work(row);
    if (index % LOOK_EVERY === LOOK_EVERY - 1 && index + 1 < rows.length && slice.isOver()) {
      yield;
      slice.restart();
    }
  }
  return sum;
}

export const askedReads = { intakeAskedDay } as const;
export const askedWrites = { askedByDigests, askedForIntake, mergeAsked, stageAsked } as const;
