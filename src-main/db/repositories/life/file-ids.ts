import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { metaValue } from '../meta.ts';

/** In `meta`: the highest id of a file that was ever removed. Without it the newest files' ids would be given out again. */
export const HIGHEST_GONE_FILE = 'highest_gone_file';

/** The id of the next new file: never one that a file had before, because histories and derived files name files by id. */
export function nextFileId(db: ReadableDb): number {
  const highest = prepared<{ id: number | null }>(db, 'SELECT max(id) AS id FROM files').get()?.id ?? 0;
  return Math.max(highest, Number(metaValue(db, HIGHEST_GONE_FILE) ?? 0)) + 1;
}

/** Remembers that a file of this id is removed; call it in the transaction that removes it. */
export function noteFileGone(db: WritableDb, id: number): void {
  prepared(
    db,
    `INSERT INTO meta (key, value) VALUES ('${HIGHEST_GONE_FILE}', ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)`,
  ).run(String(id));
}
