import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { makeDataDirectory } from '../platform/data-directory.ts';
import { classified } from './errors.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import { migrate } from './migrate.ts';
import { openReadable, openWritable } from './open.ts';
import { tryLockExclusive, tryLockShared, type ProcessLock } from './process-lock.ts';
import { inspect, leaveWitness } from './salvage/inspect.ts';
import { completeReplacement, USE_LOCK } from './replace-data.ts';
import type { SalvageReport } from './salvage/salvage-report.ts';

const USE_WAIT_MS = 5_000;

export interface StartedDatabase {
  readonly db: WritableDb;
  readonly use: ProcessLock;
  readonly salvaged: SalvageReport | null;
}

/** Makes the database ready to write: directory, lock, look for damage, schema. */
export function startWriting(file: string): StartedDatabase {
  makeDataDirectory(dirname(file));
  completeReplacement(dirname(file));
  const salvaged = inspectAlone(file);
  const use = joinUsers(dirname(file));
  try {
    const db = openWritable(file);
    migrate(db, { keepCopy: true });
    leaveWitness(file);
    return { db, use, salvaged };
  } catch (error) {
    use.release();
    throw classified(error, file);
  }
}

/** Whoever has the directory open already looked; reading the file beside an open database would free its locks. */
function inspectAlone(file: string): SalvageReport | null {
  const alone = tryLockExclusive(join(dirname(file), USE_LOCK));
  if (alone === null) {
    return null;
  }
  try {
    return inspect(file, Math.floor(Date.now() / 1000));
  } finally {
    alone.release();
  }
}

/** A handle for queries on a database that `startWriting` made ready. */
export function startReading(file: string): { readonly db: ReadableDb; readonly use: ProcessLock } {
  const use = joinUsers(dirname(file));
  try {
    return { db: openReadable(file), use };
  } catch (error) {
    use.release();
    throw classified(error, file);
  }
}

function joinUsers(directory: string): ProcessLock {
  const lock = tryLockShared(join(directory, USE_LOCK), USE_WAIT_MS);
  if (lock === null) {
    throw new AppError(
      'DB_BUSY',
      `${directory} is being restored or repaired by another Assay process. Wait until it has ended, then try again.`,
    );
  }
  return lock;
}
