import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { ASSAY_VERSION } from '#shared/version.ts';
import type { WritableDb } from './handles.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { setMetaValue } from './repositories/meta.ts';

export interface MigrateOptions {
  /** Keep `assay.db.before-<n>` beside an existing database before step n, the first pending one, changes it. */
  readonly keepCopy: boolean;
  readonly migrations?: readonly Migration[];
}

export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** The copy kept, or null. */
  readonly copy: string | null;
}

/**
 * Brings the schema up to date: each pending step in a transaction of its own that also raises user_version, so that a
 * process that dies leaves the step before. Several processes may call this at once; each step runs once.
 */
export function migrate(db: WritableDb, options: MigrateOptions): Migrated {
  const migrations = options.migrations ?? MIGRATIONS;
  const from = schemaVersion(db);
  let copy: string | null = null;
  for (const migration of migrations) {
    if (schemaVersion(db) >= migration.version) {
      continue;
    }
    db.exec('BEGIN IMMEDIATE');
    try {
      const present = schemaVersion(db);
      if (present < migration.version) {
        if (options.keepCopy && present > 0 && copy === null) {
          copy = keepCopyBeside(db.name, migration.version);
        }
        migration.up(db);
        if (present === 0) {
          describe(db);
        }
        db.pragma(`user_version = ${migration.version}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) {
        db.exec('ROLLBACK');
      }
      throw error;
    }
  }
  return { from, to: schemaVersion(db), copy };
}

export function schemaVersion(db: WritableDb): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Runs while the migrating handle holds the write lock, so that the copy is the database as it was just before. */
function keepCopyBeside(file: string, version: number): string {
  const copy = `${file}.before-${version}`;
  const temporary = `${copy}.part-${process.pid}`;
  rmSync(temporary, { force: true });
  const source = new BetterSqlite3(file, { readonly: true });
  try {
    source.prepare('VACUUM INTO ?').run(temporary);
  } finally {
    source.close();
  }
  chmodSync(temporary, 0o600);
  if (existsSync(copy)) {
    rmSync(copy);
  }
  renameSync(temporary, copy);
  return copy;
}

function describe(db: WritableDb): void {
  setMetaValue(db, { key: 'database_id', value: randomUUID() });
  setMetaValue(db, { key: 'created_at', value: String(Math.floor(Date.now() / 1000)) });
  setMetaValue(db, { key: 'created_by', value: ASSAY_VERSION });
}
