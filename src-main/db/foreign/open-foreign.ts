import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../handles.ts';

const MAGIC = 'SQLite format 3\0';
/** Pages kept in memory: tables are read once, from start to end. */
const CACHE_KIB = 4 * 1024;

/** Whether a file begins as an SQLite database does (https://www.sqlite.org/fileformat.html). */
export function isSqlite(path: string): boolean {
  const head = Buffer.alloc(MAGIC.length);
  const file = openSync(path, 'r');
  try {
    return readSync(file, head, 0, head.length, 0) === head.length && head.toString('latin1') === MAGIC;
  } finally {
    closeSync(file);
  }
}

/**
 * Opens somebody else's database for reading. What it holds is data only: nothing of its schema may call functions, nothing
 * is written, no extension is loaded, pages are checked as they are read. Use it on a thread that answers nobody.
 */
export function openForeign(path: string): ReadableDb {
  try {
    const db = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 0 });
    db.pragma('trusted_schema = OFF');
    db.pragma('query_only = ON');
    db.pragma('cell_size_check = ON');
    db.pragma('mmap_size = 0');
    db.pragma('temp_store = FILE');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    return db;
  } catch (error) {
    throw foreignFault(path, error);
  }
}

/** An error of the driver as one that people may see; others stay as they are. */
export function foreignFault(path: string, error: unknown): unknown {
  if (error instanceof BetterSqlite3.SqliteError) {
    return new AppError('UNREADABLE', `${basename(path)} cannot be read as a database: ${error.message}.`, {
      cause: error,
    });
  }
  return error;
}

export interface PlainTable {
  /** As the file spells it. */
  readonly name: string;
  /** Stored ones, in lower case. */
  readonly columns: readonly string[];
  readonly isWithoutRowid: boolean;
}

/** What is stored as a plain table of that name in any spelling; null where there is none. */
export function plainTable(db: ReadableDb, name: string): PlainTable | null {
  const found = db
    .prepare<[string], { readonly name: string; readonly sql: string | null }>(
      "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
    )
    .get(name);
  // Views and virtual tables could make a query go on for ever: they are never asked.
  if (found === undefined || /^\s*CREATE\s+VIRTUAL\b/i.test(found.sql ?? '')) {
    return null;
  }
  const columns = db
    .prepare<[string], { readonly name: string; readonly hidden: number }>(
      'SELECT name, hidden FROM pragma_table_xinfo(?)',
    )
    .all(found.name);
  // Generated columns are worked out by expressions of the file's maker.
  return {
    name: found.name,
    columns: columns.filter(({ hidden }) => hidden === 0).map((one) => one.name.toLowerCase()),
    isWithoutRowid: hasNoRowNumbers(db, found.name),
  };
}

function hasNoRowNumbers(db: ReadableDb, table: string): boolean {
  const sql = "SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'";
  return db.prepare<[string], number>(sql).pluck().get(table) === 1;
}

/** A name as SQL quotes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
