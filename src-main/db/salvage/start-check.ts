import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ReadableDb } from '../handles.ts';
import { newestSchema } from '../open.ts';
import { HEADER_MAGIC, pageSizeIn } from './page-file.ts';

/**
 * The quick look at a database before it is opened: header, size, page size, last page, log. Returns what is wrong as
 * part of a sentence, or null. Costs the same for a small file and a large one. The file must not be open in this process.
 */
export function checkFile(file: string): string | null {
  const hasLog = bytesOf(`${file}-wal`) > 0;
  // On a clean end both go, the log last; a process that was killed leaves both.
  if (existsSync(`${file}-shm`) && !existsSync(`${file}-wal`)) {
    return 'the write-ahead log is missing though the file was in use';
  }
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size;
    const header = Buffer.alloc(100);
    if (readSync(handle, header, 0, 100, 0) < 100) {
      return hasLog ? null : `the file is only ${size} bytes long`;
    }
    if (header.toString('latin1', 0, 16) !== HEADER_MAGIC) {
      return 'the header is not that of a database';
    }
    const pageSize = pageSizeIn(header);
    if (pageSize === null || header[21] !== 64 || header[22] !== 32 || header[23] !== 32) {
      return 'the header holds impossible values';
    }
    if (header.readUInt32BE(60) > newestSchema()) {
      // Not this version's to judge: opening it says so.
      return null;
    }
    if (hasLog) {
      // Sizes in the header may be behind the log; SQLite puts the log in first.
      return null;
    }
    return checkSize(handle, size, header, pageSize);
  } finally {
    closeSync(handle);
  }
}

function checkSize(handle: number, size: number, header: Buffer, pageSize: number): string | null {
  const pages = header.readUInt32BE(28);
  if (header.readUInt32BE(24) === header.readUInt32BE(92) && pages * pageSize !== size) {
    return pages * pageSize > size
      ? `the file ends after ${size} of ${pages * pageSize} bytes`
      : `${size - pages * pageSize} bytes follow the end of the database`;
  }
  if (size % pageSize !== 0) {
    return 'the file ends in the middle of a page';
  }
  const last = Buffer.alloc(pageSize);
  return readSync(handle, last, 0, pageSize, size - pageSize) < pageSize ? 'the last page cannot be read' : null;
}

interface SchemaRow {
  readonly name: string;
  readonly rootpage: number;
}

/**
 * The quick look at an open database: its schema is one that Assay wrote, every table is there, and both ends of every
 * table and index can be reached. Returns what is wrong, or null. Driver errors of a damaged file are thrown.
 */
export function checkSchema(db: ReadableDb, expected: readonly string[]): string | null {
  const version = db.pragma('user_version', { simple: true }) as number;
  const rows = db
    .prepare("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as SchemaRow[];
  if (version === 0) {
    return rows.length > 0 ? 'the schema has no version' : null;
  }
  const names = new Set(rows.map((row) => row.name));
  if (version === newestSchema()) {
    const missing = expected.find((name) => !names.has(name));
    if (missing !== undefined) {
      return `the table ${missing} is missing`;
    }
  }
  for (const { name } of rows) {
    const table = `"${name.replaceAll('"', '""')}"`;
    const columns = db.prepare(`SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`).pluck().all(name);
    // A table without a key of its own is reached by the number of its rows.
    const key = columns.length === 0 ? ['rowid'] : columns.map((column) => `"${String(column)}"`);
    db.prepare(`SELECT * FROM ${table} ORDER BY ${key.join(', ')} LIMIT 1`).get();
    db.prepare(`SELECT * FROM ${table} ORDER BY ${key.map((column) => `${column} DESC`).join(', ')} LIMIT 1`).get();
  }
  return null;
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
