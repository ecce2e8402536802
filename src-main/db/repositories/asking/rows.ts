import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

/** How long a row waits for a lower stage before it is looked at again; it is woken earlier when that stage is over. */
export const PARK_MS = 60_000;

/** Takes rows out of the queue for one transaction. */
export interface RowRemover {
  /** Removes the row and all who wait for it; later stages of its digest that waited for it may go. */
  remove(row: { readonly id: number; readonly digest: Uint8Array }): void;
  /** Later stages of this digest are looked at again with the next claim. */
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
    if (hasStages) {
      wake.run(digest);
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
