import { closeSync, existsSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { isSuspect } from './salvage/suspect.ts';

/** Name of the database inside a data directory. */
export const DATABASE_FILE = 'assay.db';

/** How long a statement waits for another process's transaction, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Rows a table must have for its statistics to be kept. */
const FEWEST_ROWS_NOTED = 10_000;
/** Imports and upserts among a million items take as long with much more. */
const WRITER_CACHE_KIB = 24 * 1024;
/** With half of it look-ups among a million items take half as long again. */
const READER_CACHE_KIB = 16 * 1024;
/** Bulk writes touch the same pages again and again: copying them back less often makes imports a fifth faster. */
const CHECKPOINT_PAGES = 4_000;
const SETTLE_ATTEMPTS = 50;
const SETTLE_PAUSE_MS = 20;

/**
 * Opens the database for writing, made when absent, readable by its owner only. Refuses one from a newer version with
 * DB_FROM_FUTURE before anything is written. The schema is brought up to date by `migrate`, not here.
 */
export function openWritable(file: string): WritableDb {
  makePrivate(file);
  const db = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    refuseFuture(db, file);
    if (db.pragma('page_count', { simple: true }) === 0) {
      // Only counts before the first page is written, and switching to WAL writes it.
      db.pragma('auto_vacuum = INCREMENTAL');
    }
    switchToWal(db);
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('mmap_size = 0');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma('journal_size_limit = 67108864');
    db.pragma(`cache_size = -${WRITER_CACHE_KIB}`);
    return db as WritableDb;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Closes the database, after it noted what it learned of its tables: a mere hint, which a full disk may refuse. */
export function closeWritable(db: WritableDb): void {
  try {
    // One that proved damaged is kept as it was found.
    if (!isSuspect(db.name)) {
      db.pragma('optimize');
      forgetSmallTables(db);
    }
  } catch {
    // Only a later query plan is worse for it.
  }
  db.close();
}

/**
 * Of a table that has a few rows today nothing is noted: it may have millions before the next closing, and until then every
 * join with it would be planned as a pass over the whole.
 */
function forgetSmallTables(db: WritableDb): void {
  const hasAny = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").get() !== undefined;
  const small = 'FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < ?';
  // Looked at first: a removal waits for whoever is writing, also where there is nothing to remove.
  if (hasAny && db.prepare(`SELECT 1 ${small}`).get(FEWEST_ROWS_NOTED) !== undefined) {
    db.prepare(`DELETE ${small}`).run(FEWEST_ROWS_NOTED);
  }
}

/** Opens an existing database for queries only. Refuses one from a newer version with DB_FROM_FUTURE. */
export function openReadable(file: string): ReadableDb {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    refuseFuture(db, file);
    db.pragma('query_only = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('mmap_size = 0');
    db.pragma(`cache_size = -${READER_CACHE_KIB}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens an existing database for queries as it is at this moment: nothing written later is seen until it is closed. */
export function openMoment(file: string): ReadableDb {
  const db = openReadable(file);
  try {
    db.prepare('BEGIN').run();
    // The moment is that of the first query.
    db.prepare('SELECT 1 FROM sqlite_master').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Number of the newest schema this version of Assay knows. */
export function newestSchema(): number {
  return MIGRATIONS.at(-1)?.version ?? 0;
}

function refuseFuture(db: ReadableDb, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  const newest = newestSchema();
  if (version > newest) {
    throw new AppError(
      'DB_FROM_FUTURE',
      `${file} was written by a newer version of Assay (schema ${version}, this version knows ${newest}). It was left as it is. Use that version, or another data directory.`,
    );
  }
}

/** The switch takes an exclusive lock for a moment and does not wait by itself. */
function switchToWal(db: BetterSqlite3.Database): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (db.pragma('journal_mode = WAL', { simple: true }) === 'wal') {
        return;
      }
    } catch (error) {
      if (!isBusy(error) || attempt >= SETTLE_ATTEMPTS) {
        throw error;
      }
    }
    pause(SETTLE_PAUSE_MS);
    if (attempt >= SETTLE_ATTEMPTS) {
      throw new AppError('NOT_WRITABLE', `${db.name} could not be opened for several processes. Try again.`);
    }
  }
}

function makePrivate(file: string): void {
  if (!existsSync(file)) {
    try {
      closeSync(openSync(file, 'ax', 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new AppError('NOT_WRITABLE', `${file} could not be made: ${(error as Error).message}`, { cause: error });
      }
    }
  }
}

export function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Blocks this thread; only for waits of a few milliseconds around a file lock. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
