import { join } from 'node:path';
import type { ReadableDb } from '#main/db/handles.ts';
import { startReading } from '#main/db/start.ts';

/** Reads the database of a directory beside the processes that use it. */
export function readDatabase<T>(directory: string, read: (db: ReadableDb) => T): T {
  const { db, use } = startReading(join(directory, 'assay.db'));
  try {
    return read(db);
  } finally {
    db.close();
    use.release();
  }
}
