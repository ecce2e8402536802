import { closeSync, existsSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { classified } from './errors.ts';
import { isBusy } from './open.ts';

/** An operating-system lock on a file; the kernel frees it when the process ends, however it ends. */
export interface ProcessLock {
  release(): void;
}

/** Every lock this process holds: a connection nobody refers to is collected as garbage, and its lock with it. */
const held = new Set<BetterSqlite3.Database>();

/**
 * Takes the file for this process alone, or returns null when another holds it in any way. The file is an empty SQLite
 * database held in an open transaction, which is how SQLite asks the system for its lock on every platform. It must not
 * be opened by any other means in this process: closing such a handle would free the lock.
 */
export function tryLockExclusive(file: string, waitMs = 0): ProcessLock | null {
  return tryLock(file, 'BEGIN EXCLUSIVE', waitMs);
}

/** Joins the processes that use the file, or returns null when one holds it alone. */
export function tryLockShared(file: string, waitMs = 0): ProcessLock | null {
  return tryLock(file, 'BEGIN; SELECT count(*) FROM sqlite_schema', waitMs);
}

function tryLock(file: string, begin: string, waitMs: number): ProcessLock | null {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600));
  }
  const db = new BetterSqlite3(file, { timeout: waitMs });
  try {
    // An exclusive transaction begins with a page of its own, which is never kept: on a full disk it must not need a journal.
    db.pragma('journal_mode = MEMORY');
    db.exec(begin);
  } catch (error) {
    db.close();
    if (isBusy(error)) {
      return null;
    }
    throw classified(error, file);
  }
  held.add(db);
  return {
    release: () => {
      held.delete(db);
      if (db.open) {
        db.close();
      }
    },
  };
}
