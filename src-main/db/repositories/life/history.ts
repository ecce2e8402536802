import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { appendChange } from '../changes.ts';
import { metaValue, setMetaValue } from '../meta.ts';

/** What an item said, by stored codes, with the name of the threat. */
export interface HistoryState {
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
}

/** One change of an item. Times are seconds since the epoch. */
export interface HistoryRow {
  readonly id: number;
  readonly fileId: number;
  readonly source: number;
  /** When what it said before was first heard; never after `at`. */
  readonly fromAt: number;
  readonly at: number;
  readonly before: HistoryState;
  readonly after: HistoryState;
  /** 1 when it turned malicious, -1 when it ceased to be, by the thresholds of that moment. */
  readonly flip: -1 | 0 | 1;
}

/** Which changes: from a moment on, of one source (its code; null for all), flips alone. */
export interface ChangesFilter {
  readonly since: number;
  readonly flipsOnly: boolean;
  readonly source: number | null;
}

/** How many changes since a moment, and how many of them turned malicious or ceased to be. */
export interface ChangeCounts {
  readonly all: number;
  readonly raised: number;
  readonly cleared: number;
}

export interface UnseenFlips {
  readonly raised: number;
  readonly cleared: number;
  /** When the first of them was; null when there is none. */
  readonly since: number | null;
  /** The newest change, flip or not: what `setSeenFlips` takes once these were shown. */
  readonly upTo: number;
}

interface StoredRow {
  readonly id: number;
  readonly fileId: number;
  readonly source: number;
  readonly fromAt: number;
  readonly at: number;
  readonly oldStatus: number;
  readonly oldNoAnswer: number | null;
  readonly oldScore: number | null;
  readonly oldThreat: string | null;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly flip: -1 | 0 | 1;
}

/** In `meta`: the newest change up to which flips were looked at. */
export const SEEN_FLIPS = 'seen_flips';
const PRUNED_AT_ONCE = 100;
/** Rows go from random places of four indexes: committing them takes twice as long as deleting them. */
const PRUNE_SLICE_MS = 8;
/**
 * Names by a query of their own each, and rows below one by one: a join is planned by statistics, which may be from a time
 * when a table had one row, and then every row costs a pass over all of them. A look-up by number alone is never planned so.
 */
const ROW = `h.id, h.file_id AS fileId, h.source, h.from_at AS fromAt, h.at, h.old_status AS oldStatus,
  h.old_no_answer AS oldNoAnswer, h.old_score AS oldScore,
  (SELECT name FROM threat_names WHERE id = h.old_threat_id) AS oldThreat, h.status, h.no_answer AS noAnswer, h.score,
  (SELECT name FROM threat_names WHERE id = h.threat_id) AS threat, h.flip`;

/** All that is kept about these files, newest first, at most `limit`, and how many changes there are. */
function historyOfFiles(
  db: ReadableDb,
  args: { readonly fileIds: readonly number[]; readonly limit: number },
): { readonly rows: readonly HistoryRow[]; readonly total: number } {
  const rows = new Map<number, StoredRow>();
  let total = 0;
  const newest = prepared<StoredRow>(
    db,
    `SELECT ${ROW} FROM item_history h WHERE h.file_id = +? ORDER BY h.at DESC, h.id DESC LIMIT ?`,
  );
  const count = prepared<number>(db, 'SELECT count(*) FROM item_history WHERE file_id = +?').pluck(true);
  for (const fileId of new Set(args.fileIds)) {
    total += count.get(fileId) ?? 0;
    for (const row of newest.all(fileId, args.limit)) {
      rows.set(row.id, row);
    }
  }
  const sorted = [...rows.values()].sort((a, b) => b.at - a.at || b.id - a.id);
  return { rows: sorted.slice(0, args.limit).map(toRow), total };
}

/**
 * A page of changes, newest first, by position, with all counts. Everything but the page itself is read off an index: a
 * million changes are counted and passed over without being read.
 */
function changesPage(
  db: ReadableDb,
  args: ChangesFilter & { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: readonly HistoryRow[]; readonly counts: ChangeCounts } {
  const counts = countChanges(db, args);
  const ids = prepared<number>(
    db,
    `SELECT id FROM item_history WHERE ${filterSql(args)} ORDER BY at DESC, id DESC LIMIT ? OFFSET ?`,
  )
    .pluck(true)
    .all(...filterValues(args), args.limit, args.offset);
  const total = args.flipsOnly ? counts.raised + counts.cleared : counts.all;
  return { total, rows: rowsById(db, ids), counts };
}

/** Changes before a place (`at`, `id` of the last one read; null for the newest), newest first: for writing out all. */
function changesBefore(
  db: ReadableDb,
  args: ChangesFilter & {
    readonly before: { readonly at: number; readonly id: number } | null;
    readonly limit: number;
  },
): readonly HistoryRow[] {
  const { at, id } = args.before ?? { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
  const ids = prepared<number>(
    db,
    `SELECT id FROM item_history WHERE ${filterSql(args)} AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`,
  )
    .pluck(true)
    .all(...filterValues(args), at, id, args.limit);
  return rowsById(db, ids);
}

/** Flips written after the change with this id, in the order they were written. */
function flipsSince(db: ReadableDb, args: { readonly afterId: number; readonly limit: number }): readonly HistoryRow[] {
  const ids = prepared<number>(db, 'SELECT id FROM item_history WHERE id > ? AND flip <> 0 ORDER BY id LIMIT ?')
    .pluck(true)
    .all(args.afterId, args.limit);
  return rowsById(db, ids);
}

/** Flips nobody has looked at yet. */
function unseenFlips(db: ReadableDb, _args: Record<string, never> = {}): UnseenFlips {
  const found = prepared<Omit<UnseenFlips, 'upTo'>>(
    db,
    `SELECT count(*) FILTER (WHERE flip = 1) AS raised, count(*) FILTER (WHERE flip = -1) AS cleared, min(at) AS since
     FROM item_history WHERE id > ? AND flip <> 0`,
  ).get(seenUpTo(db));
  return { raised: 0, cleared: 0, since: null, ...found, upTo: lastHistoryId(db) };
}

/** The newest change ever written, 0 when there was none. Removing old ones does not lower it. */
function lastHistoryId(db: ReadableDb, _args: Record<string, never> = {}): number {
  const sql = "SELECT seq FROM sqlite_sequence WHERE name = 'item_history'";
  return prepared<number>(db, sql).pluck(true).get() ?? 0;
}

/** Remembers that flips up to this change (null: all there are) were looked at. It never goes back. */
function setSeenFlips(db: WritableDb, args: { readonly upTo: number | null }): void {
  const last = lastHistoryId(db);
  const upTo = Math.min(args.upTo ?? last, last);
  if (upTo > seenUpTo(db)) {
    setMetaValue(db, { key: SEEN_FLIPS, value: String(upTo) });
    appendChange(db, 'flip', 0);
  }
}

/** Removes changes before a moment, seconds since the epoch. Returns how many went. */
function* pruneHistory(db: WritableDb, args: { readonly before: number }): Sliced<number> {
  const remove = prepared(
    db,
    `DELETE FROM item_history WHERE id IN (SELECT id FROM item_history WHERE at < ? ORDER BY at, id LIMIT ${PRUNED_AT_ONCE})`,
  );
  let removed = 0;
  for (let isOver = false; !isOver;) {
    const slice = startSlice(PRUNE_SLICE_MS);
    do {
      const { changes } = remove.run(args.before);
      removed += changes;
      isOver = changes < PRUNED_AT_ONCE;
    } while (!isOver && !slice.isOver());
    if (!isOver) {
      yield;
    }
  }
  return removed;
}

function countChanges(db: ReadableDb, { since, source }: ChangesFilter): ChangeCounts {
  const one = (flipsOnly: boolean, more: string): number =>
    prepared<number>(db, `SELECT count(*) FROM item_history WHERE ${filterSql({ since, source, flipsOnly })} ${more}`)
      .pluck(true)
      .get(...filterValues({ since, source, flipsOnly })) ?? 0;
  return { all: one(false, ''), raised: one(true, 'AND flip = 1'), cleared: one(true, 'AND flip = -1') };
}

/** Few texts, so that each statement is prepared once. Without flips alone it must not read the index of flips. */
function filterSql({ flipsOnly, source }: ChangesFilter): string {
  return `at >= ?${source === null ? '' : ' AND +source = ?'}${flipsOnly ? ' AND flip <> 0' : ''}`;
}

function filterValues({ since, source }: ChangesFilter): number[] {
  return source === null ? [since] : [since, source];
}

/** Whole rows in the order of the ids. */
function rowsById(db: ReadableDb, ids: readonly number[]): readonly HistoryRow[] {
  const find = prepared<StoredRow>(db, `SELECT ${ROW} FROM item_history h WHERE h.id = +?`);
  return ids.flatMap((id) => {
    const row = find.get(id);
    return row === undefined ? [] : [toRow(row)];
  });
}

function seenUpTo(db: ReadableDb): number {
  return Number(metaValue(db, SEEN_FLIPS) ?? 0);
}

function toRow(row: StoredRow): HistoryRow {
  return {
    id: row.id,
    fileId: row.fileId,
    source: row.source,
    fromAt: row.fromAt,
    at: row.at,
    before: { status: row.oldStatus, noAnswer: row.oldNoAnswer, score: row.oldScore, threat: row.oldThreat },
    after: { status: row.status, noAnswer: row.noAnswer, score: row.score, threat: row.threat },
    flip: row.flip,
  };
}

export const historyReads = {
  changesBefore,
  changesPage,
  flipsSince,
  historyOfFiles,
  lastHistoryId,
  unseenFlips,
} as const;
export const historyWrites = { pruneHistory, setSeenFlips } as const;
