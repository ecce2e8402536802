import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { INDICATOR_COLUMNS, indicatorValues } from './stored.ts';
import type { PulledRow, UnreadableRow } from '../types.ts';

const REMOVED_AT_ONCE = 200;
/** Removed rows leave many pages to be copied back when a stretch is committed: that takes as long again. Milliseconds. */
const STRETCH_MS = 12;

/** Empties what the run before pulled. */
function* clearPulled(db: WritableDb, args: { readonly jobId: number }): Sliced<void> {
  const remove = prepared(
    db,
    `DELETE FROM sync_pulled WHERE job_id = +? AND id <= coalesce(
       (SELECT id FROM sync_pulled WHERE job_id = +? ORDER BY id LIMIT 1 OFFSET ${REMOVED_AT_ONCE - 1}), 9e18)`,
  );
  const slice = startSlice(STRETCH_MS);
  while (remove.run(args.jobId, args.jobId).changes === REMOVED_AT_ONCE) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
}

/**
 * Keeps what was pulled, one row an id: of two that were told, the one modified later. Returns how many ids were new in
 * this pull.
 */
function* stagePulled(
  db: WritableDb,
  args: { readonly jobId: number; readonly rows: readonly PulledRow[] },
): Sliced<number> {
  const has = prepared(db, 'SELECT 1 FROM sync_pulled WHERE job_id = +? AND id = +?');
  const put = prepared(
    db,
    `INSERT INTO sync_pulled (job_id, id, ${INDICATOR_COLUMNS}, gone, invalid)
     VALUES (${Array.from({ length: 15 }, () => '?').join(', ')})
     ON CONFLICT DO UPDATE SET type = excluded.type, summary = excluded.summary, terms = excluded.terms,
       owner = excluded.owner, rating = excluded.rating, confidence = excluded.confidence,
       threat_assess = excluded.threat_assess, false_positives = excluded.false_positives, tags = excluded.tags,
       modified_at = excluded.modified_at, link = excluded.link, gone = excluded.gone, invalid = excluded.invalid
     WHERE excluded.modified_at >= modified_at`,
  );
  const slice = startSlice();
  let added = 0;
  for (const row of args.rows) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    added += has.get(args.jobId, row.id) === undefined ? 1 : 0;
    put.run([args.jobId, row.id, ...indicatorValues(row), row.gone, row.invalid]);
  }
  return added;
}

/**
 * Keeps that indicators are there although they cannot be read: known ones as they are known, others by what is told of them,
 * unless nothing tells their type. One that was read in this pull stays as it was read. Returns how many ids were new in it.
 */
function* stageUnreadable(
  db: WritableDb,
  args: { readonly jobId: number; readonly rows: readonly UnreadableRow[] },
): Sliced<number> {
  const take = prepared(
    db,
    `INSERT INTO sync_pulled (job_id, id, ${INDICATOR_COLUMNS}, gone, invalid)
     SELECT job_id, id, ${INDICATOR_COLUMNS}, 'unreadable', ? FROM sync_indicators WHERE job_id = +? AND id = +?
     ON CONFLICT DO NOTHING`,
  );
  const put = prepared(
    db,
    `INSERT INTO sync_pulled (job_id, id, type, summary, terms, owner, false_positives, tags, modified_at, link, gone, invalid)
     VALUES (?, ?, ?, ?, '', ?, 0, '[]', 0, '', 'unreadable', ?) ON CONFLICT DO NOTHING`,
  );
  const slice = startSlice();
  let added = 0;
  for (const { id, type, summary, owner, why } of args.rows) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    const taken = take.run(why, args.jobId, id).changes;
    added += taken > 0 || type === null ? taken : put.run(args.jobId, id, type, summary, owner, why).changes;
  }
  return added;
}

/**
 * Notes that indicators are gone, whether they were pulled or are known from before; ids that are neither are left out.
 * Returns how many it noted.
 */
function* markPulledGone(
  db: WritableDb,
  args: { readonly jobId: number; readonly ids: readonly number[]; readonly gone: 'inactive' | 'deleted' | 'no-match' },
): Sliced<number> {
  const mark = prepared(db, 'UPDATE sync_pulled SET gone = ? WHERE job_id = +? AND id = +?');
  const take = prepared(
    db,
    `INSERT INTO sync_pulled (job_id, id, ${INDICATOR_COLUMNS}, gone)
     SELECT job_id, id, ${INDICATOR_COLUMNS}, ? FROM sync_indicators WHERE job_id = +? AND id = +?`,
  );
  const slice = startSlice();
  let marked = 0;
  for (const id of args.ids) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    const { changes } = mark.run(args.gone, args.jobId, id);
    marked += changes > 0 ? changes : take.run(args.gone, args.jobId, id).changes;
  }
  return marked;
}

export const pulledWrites = { clearPulled, stagePulled, stageUnreadable, markPulledGone } as const;
