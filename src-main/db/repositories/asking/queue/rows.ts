import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { aliasesOf, filesOf } from '../answers/known-files.ts';

/**
 * How long a row waits for a lower stage before it is looked at again. It is woken when that stage is over, or its source
 * is held back or switched off; what is seen only by looking (a key that was removed) shows after this.
 */
export const PARK_MS = 300_000;
/**
 * A hash that was lost so often in a row, with the processes that asked about it, goes behind others and in ever smaller
 * batches, until the one that ends the process stands alone.
 */
export const SUSPECT_LOSSES = 3;
const PAGE = 512;

/** Takes rows out of the queue for one transaction. */
export interface RowRemover {
  /** Removes the row and all who wait for it; later stages of its file that waited for it may go. */
  remove(row: { readonly id: number; readonly digest: Uint8Array }): void;
  /** Later stages of this digest, and of all others of its file, are looked at again with the next claim. */
  wakeStages(digest: Uint8Array): void;
}

export function createRowRemover(db: WritableDb): RowRemover {
  // Most queues have neither: two look-ups here save two for every row.
  const hasOthers = prepared(db, 'SELECT 1 FROM queue_also LIMIT 1').get() !== undefined;
  const hasStages = prepared(db, 'SELECT 1 FROM queue WHERE stage > 0 LIMIT 1').get() !== undefined;
  const dropRow = prepared(db, 'DELETE FROM queue WHERE id = +?');
  const dropOthers = prepared(db, 'DELETE FROM queue_also WHERE queue_id = +?');
  const wake = prepared(
    db,
    'UPDATE queue SET parked = 0, not_before = 0 WHERE digest = +? AND stage > 0 AND parked = 1 AND request_id IS NULL',
  );

  function wakeStages(digest: Uint8Array): void {
    if (!hasStages) {
      return;
    }
    const files = filesOf(db, digest);
    for (const each of files.length === 1 ? aliasesOf(digest, files) : [digest]) {
      wake.run(each);
    }
  }

  return {
    wakeStages,
    remove(row) {
      dropRow.run(row.id);
      if (hasOthers) {
        dropOthers.run(row.id);
      }
      wakeStages(row.digest);
    },
  };
}

/** Has every row that waits for a lower stage looked at again: something changed in whom it waits for. */
export function* wakeParked(db: WritableDb): Sliced<void> {
  const page = prepared<{ id: number; digest: Uint8Array }>(
    db,
    `SELECT id, digest FROM queue WHERE stage > 0 AND parked = 1 AND request_id IS NULL AND digest >= +?
     ORDER BY digest LIMIT ${PAGE}`,
  );
  const wake = prepared(db, 'UPDATE queue SET parked = 0, not_before = 0 WHERE id = +?');
  let from: Uint8Array = new Uint8Array(0);
  for (let isOver = false; !isOver;) {
    const slice = startSlice();
    do {
      const rows = page.all(from);
      for (const row of rows) {
        wake.run(row.id);
      }
      // Woken rows are not found again, so that the same digest for another source is not passed over.
      from = rows.at(-1)?.digest ?? from;
      isOver = rows.length === 0;
    } while (!isOver && !slice.isOver());
    if (!isOver) {
      yield;
    }
  }
}
