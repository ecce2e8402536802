import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';

/** Removes what is kept beside the items of a file that goes: history, disagreement, the day it was asked for. */
export function forgetLife(db: WritableDb, fileId: number): void {
  prepared(db, 'DELETE FROM item_history WHERE file_id = +?').run(fileId);
  prepared(db, 'DELETE FROM asked_stage WHERE file_id = +?').run(fileId);
  if (prepared(db, 'DELETE FROM disagreements WHERE file_id = +?').run(fileId).changes > 0) {
    appendChange(db, 'disagreement', fileId);
  }
}
