import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import type { QueuePartArgs } from '../../queue-types.ts';
import { ANY, gatherGroups, pausedLookup } from './groups.ts';
import { partKey, partSql, valuesOf } from './queue-part.ts';
import { wakeParked } from './rows.ts';
import { chooseOwner, type WantedRow } from '../claim/wants.ts';

const PAGE = 256;

/**
 * Holds a part of the queue back, or lets it go on. What is queued for the part later, and what comes back to wait, is
 * held as well. Rows that another intake waits for go on for that one. Letting a part go on ends what was said of it and
 * of parts inside it; what a wider part says stays. Returns the waiting rows whose group changed.
 */
export function* pauseQueue(
  db: WritableDb,
  args: QueuePartArgs & { readonly paused: boolean; readonly at: number },
): Sliced<number> {
  const part = partKey(args);
  if (args.paused) {
    prepared(db, 'INSERT OR IGNORE INTO queue_pauses (source, purpose, intake_id) VALUES (?, ?, ?)').run(
      ...valuesOf(part),
    );
  } else {
    prepared(db, `DELETE FROM queue_pauses WHERE ${partSql('source', 'purpose', 'intake_id')}`).run(...valuesOf(part));
  }
  const changed = markGroups(db);
  for (const source of changed.sources) {
    appendChange(db, 'queue', source);
  }
  if (changed.sources.length === 0) {
    // Nothing waits there yet, but the state that is shown changed.
    appendChange(db, 'queue', args.source ?? 0);
  }
  yield* chooseOwners(db, args.at);
  if (args.paused) {
    yield* wakeParked(db);
  }
  return changed.waiting;
}

function markGroups(db: WritableDb): { readonly sources: readonly number[]; readonly waiting: number } {
  const rows = prepared<{ source: number; waiting: number }>(
    db,
    `UPDATE queue_groups AS g SET paused = 1 - paused
     WHERE paused <> EXISTS (SELECT 1 FROM queue_pauses p WHERE p.source IN (g.source, ${ANY})
       AND p.purpose IN (g.purpose, ${ANY}) AND p.intake_id IN (g.intake_id, ${ANY}))
     RETURNING source, waiting`,
  ).all();
  return {
    sources: [...new Set(rows.map((row) => row.source))],
    waiting: rows.reduce((sum, row) => sum + row.waiting, 0),
  };
}

/** Rows that several wait for are counted with the most urgent who is not held back. */
function* chooseOwners(db: WritableDb, at: number): Sliced<void> {
  const page = prepared<WantedRow>(
    db,
    `SELECT id, source, purpose, intake_id, request_id FROM queue
     WHERE id IN (SELECT DISTINCT queue_id FROM queue_also WHERE queue_id > ? ORDER BY queue_id LIMIT ${PAGE})
     ORDER BY id`,
  );
  let last = 0;
  let isOver = false;
  while (!isOver) {
    const slice = startSlice();
    const counts = gatherGroups();
    const isPaused = pausedLookup(db);
    do {
      const rows = page.all(last);
      for (const row of rows) {
        chooseOwner(db, row, isPaused, counts);
      }
      last = rows.at(-1)?.id ?? last;
      isOver = rows.length === 0;
    } while (!isOver && !slice.isOver());
    counts.save(db, at);
    if (!isOver) {
      yield;
    }
  }
}
