import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { INDICATOR_COLUMNS, indicatorValues } from './stored.ts';
import type { PulledRow } from './types.ts';

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
 * Notes that indicators are gone, whether they were pulled or are known from before; ids that are neither are left out.
 * Returns how many it noted.
 */
function* markPulledGone(
  db: WritableDb,
  args: { readonly jobId: number; readonly ids: readonly number[]; readonly gone: NonNullable<PulledRow['gone']> },
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

export const pulledWrites = { clearPulled, stagePulled, markPulledGone } as const;
