import { STATUS_CODE } from '#shared/domain/status.ts';
import { assertNever } from '#shared/errors/app-error.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { agedContext, agedFile, type AgedFile, type AgedRule } from './aged.ts';
import { ASKED_DAY } from './asked.ts';
import { createRemoval, type Removed } from './removal.ts';

/** Rows of the table walked that one page looks at: some milliseconds, and a bound for a read of many that are named. */
const ROWS = 4_000;
/** Files removed before the clock is looked at. */
const LOOK_EVERY = 8;
/** Committing what went from random places takes about as long again. */
const REMOVAL_SLICE_MS = 20;

/** A stretch of a walk: what the rule names in it, and where the next one begins; null after the last. */
export interface AgedPage {
  readonly files: readonly AgedFile[];
  readonly next: number | null;
}

/** What was removed of the files given, up to `done` of them. */
export interface RemovedFiles extends Removed {
  readonly done: number;
  /** Intakes that became kept since the caller read what the kept ones hold; nothing is removed while there are any. */
  readonly newIntakes: readonly number[];
}

/**
 * What a rule names, a stretch after file `after` at a time, in the order of the files. `now` is seconds since the epoch.
 */
function agedPage(
  db: ReadableDb,
  args: { readonly rule: AgedRule; readonly after: number; readonly now: number },
): AgedPage {
  const { table, id, named } = walkOf(args.rule);
  const end = prepared<number>(db, `SELECT ${id} FROM ${table} WHERE ${id} > ? ORDER BY ${id} LIMIT 1 OFFSET ${ROWS}`)
    .pluck(true)
    .get(args.after);
  const upTo = end ?? Number.MAX_SAFE_INTEGER;
  const ids = prepared<number>(
    db,
    `SELECT DISTINCT ${id} FROM ${table} WHERE ${id} > ? AND ${id} <= ? ${named} ORDER BY ${id}`,
  )
    .pluck(true)
    .all(args.after, upTo, ...boundsOf(args.rule));
  const context = agedContext(db, args.now);
  return {
    files: ids.map((file) => agedFile(db, args.rule, context, file)).filter((file) => file !== null),
    next: end ?? null,
  };
}

/**
 * Removes what a rule names of these files, judged anew in the transaction that removes it. Nothing goes once there are
 * kept intakes beside `intakes`, whose files the caller kept back: it looks at the new ones and calls again with the rest.
 */
function* removeAged(
  db: WritableDb,
  args: {
    readonly rule: AgedRule;
    readonly fileIds: readonly number[];
    /** Kept intakes that the caller looked into. */
    readonly intakes: readonly number[];
    /** Seconds since the epoch. */
    readonly now: number;
    /** Seconds since the epoch by which the removal is counted: one value for a whole purge. */
    readonly countedAt: number;
  },
): Sliced<RemovedFiles> {
  const removal = createRemoval(db, args.rule, args.countedAt);
  let done = 0;
  while (done < args.fileIds.length) {
    const newIntakes = keptBeside(db, args.intakes);
    if (newIntakes.length > 0) {
      return { ...removal.removed(), done, newIntakes };
    }
    const slice = startSlice(REMOVAL_SLICE_MS);
    const context = agedContext(db, args.now);
    do {
      for (const end = Math.min(done + LOOK_EVERY, args.fileIds.length); done < end; done += 1) {
        const file = agedFile(db, args.rule, context, args.fileIds[done] as number);
        if (file !== null) {
          removal.remove(file);
        }
      }
    } while (done < args.fileIds.length && !slice.isOver());
    removal.save();
    if (done < args.fileIds.length) {
      yield;
    }
  }
  return { ...removal.removed(), done, newIntakes: [] };
}

/** Gives pages that hold nothing back to the disk, a few at a time. Returns how many. */
function* returnPages(db: WritableDb): Sliced<number> {
  const free = (): number => db.pragma('freelist_count', { simple: true }) as number;
  const slice = startSlice();
  let returned = 0;
  for (;;) {
    const before = free();
    if (before === 0) {
      return returned;
    }
    db.pragma('incremental_vacuum(32)');
    const gone = before - free();
    returned += gone;
    if (gone <= 0) {
      // A database that was not made for it keeps its pages.
      return returned;
    }
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
}

/** The highest id of a file, 0 when there is none: how far a walk goes. */
function highestFile(db: ReadableDb): number {
  return prepared<number>(db, 'SELECT coalesce(max(id), 0) FROM files').pluck(true).get() ?? 0;
}

/** The table a rule walks, its column of file ids, and what it names there beyond a stretch. */
function walkOf(rule: AgedRule): { readonly table: string; readonly id: string; readonly named: string } {
  switch (rule.kind) {
    case 'not-asked':
      return { table: 'items', id: 'file_id', named: `AND ${ASKED_DAY} < ?` };
    case 'linked':
      return { table: 'asked_stage', id: 'file_id', named: 'AND day < ?' };
    case 'unknown':
      return { table: 'items', id: 'file_id', named: `AND status = ${STATUS_CODE.unknown} AND ${ASKED_DAY} <= ?` };
    case 'reports':
      return { table: 'reports', id: 'file_id', named: 'AND 0 <= ?' };
    default:
      return assertNever(rule);
  }
}

function boundsOf(rule: AgedRule): readonly [number] {
  return ['upTo' in rule ? rule.upTo : rule.before];
}

function keptBeside(db: ReadableDb, known: readonly number[]): number[] {
  return prepared<number>(
    db,
    `SELECT id FROM intakes WHERE state IN ('ready', 'cancelled') AND id NOT IN (SELECT value FROM json_each(?))`,
  )
    .pluck(true)
    .all(JSON.stringify(known));
}

export const purgeReads = { agedPage, highestFile } as const;
export const purgeWrites = { removeAged, returnPages } as const;
