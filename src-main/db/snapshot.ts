import BetterSqlite3 from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { carryRecord } from './carry/carry-record.ts';
import { restJobs } from './carry/carry-sync.ts';
import { classified } from './errors.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import { migrate } from './migrate.ts';
import { BUSY_TIMEOUT_MS, newestSchema } from './open.ts';
import { requireOwnSchema } from './own-schema.ts';
import { databaseMeta, setMetaValue } from './repositories/meta.ts';

/**
 * Copies the database as of one moment into a new file. `atThatMoment` runs while nobody can write, so what it does to
 * other files belongs to the same moment; writers wait for it and for nothing else. Rows of the intakes it names are left
 * out of the copy. The copy is synced.
 */
export function copyAsOfNow(
  file: string,
  target: string,
  atThatMoment: (db: ReadableDb) => { readonly withoutIntakes: readonly number[] },
): void {
  const gate = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  const source = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    source.pragma('cache_size = -32768');
    source.prepare('ATTACH ? AS copy').run(target);
    source.pragma('copy.auto_vacuum = INCREMENTAL');
    source.pragma('copy.journal_mode = OFF');
    source.pragma('copy.synchronous = OFF');
    gate.exec('BEGIN IMMEDIATE');
    source.exec('BEGIN');
    // The first read fixes the moment; from here on the source reads what is committed now.
    source.prepare('SELECT count(*) FROM main.meta').get();
    const { withoutIntakes } = atThatMoment(source);
    gate.exec('ROLLBACK');
    copyEverything(source);
    for (const id of withoutIntakes) {
      source.prepare('DELETE FROM copy.intakes WHERE id = ?').run(id);
    }
    source.exec('COMMIT');
    source.exec('DETACH copy');
  } catch (error) {
    throw classified(error, file);
  } finally {
    source.close();
    gate.close();
  }
  chmodSync(target, 0o600);
  sync(target);
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/** A table with computed columns is copied by the names of the others: those cannot be written. */
function copySql(source: BetterSqlite3.Database, table: string): string {
  const columns = source
    .prepare<[string], { readonly name: string; readonly hidden: number }>(
      "SELECT name, hidden FROM pragma_table_xinfo(?, 'main')",
    )
    .all(table);
  const stored = columns.filter(({ hidden }) => hidden === 0).map(({ name }) => `"${name}"`);
  return stored.length === columns.length
    ? `INSERT INTO copy."${table}" SELECT * FROM main."${table}"`
    : `INSERT INTO copy."${table}" (${stored.join(', ')}) SELECT ${stored.join(', ')} FROM main."${table}"`;
}

/** With equal schemas SQLite moves whole records, so this runs at the speed of the disk. */
function copyEverything(source: BetterSqlite3.Database): void {
  const schema = source.prepare('SELECT type, name, sql FROM main.sqlite_schema ORDER BY rowid').all() as SchemaRow[];
  const tables = schema.filter((row) => row.type === 'table' && !row.name.startsWith('sqlite_') && row.sql !== null);
  for (const { sql } of tables) {
    source.exec((sql as string).replace(/^CREATE TABLE /i, 'CREATE TABLE copy.'));
  }
  for (const { name } of tables) {
    source.exec(copySql(source, name));
  }
  source.exec('DELETE FROM copy.sqlite_sequence; INSERT INTO copy.sqlite_sequence SELECT * FROM main.sqlite_sequence');
  for (const { type, name, sql } of schema) {
    if (type !== 'table' && sql !== null && !name.startsWith('sqlite_')) {
      source.exec(
        sql.replace(
          /^CREATE (UNIQUE )?(INDEX|VIEW|TRIGGER) /i,
          (_, unique: string | undefined, kind: string) => `CREATE ${unique ?? ''}${kind} copy.`,
        ),
      );
    }
  }
  const version = source.pragma('main.user_version', { simple: true }) as number;
  source.pragma(`copy.user_version = ${version}`);
}

/**
 * Makes a database that is to be put in another's place its own: a new id, so that nothing derived from the former one is
 * taken for its, and the former's record of requests, so that the calls made since are not forgotten. Refuses one from a
 * newer version, one that is built otherwise than Assay builds it, and one that is not `simulated` as the place it is to take.
 */
export function adoptCopy(file: string, restoredAt: number, simulated: boolean, former: string): void {
  const db = new BetterSqlite3(file, { fileMustExist: true }) as WritableDb;
  try {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > newestSchema()) {
      throw new AppError(
        'DB_FROM_FUTURE',
        `The backup was made by a newer version of Assay (schema ${version}). Nothing was changed. Use that version.`,
      );
    }
    const problem = db.pragma('quick_check(1)', { simple: true }) as string;
    if (problem !== 'ok') {
      throw new AppError('DB_DAMAGED', `The database in the backup is damaged (${problem}). Nothing was changed.`);
    }
    if (databaseMeta(db).simulated !== simulated) {
      throw new AppError(
        'SIMULATED_MIX',
        simulated
          ? 'The database in the backup holds real answers, and this directory simulated ones. Nothing was changed.'
          : 'The database in the backup holds answers of simulated sources. Nothing was changed.',
      );
    }
    // A backup of an earlier version has nowhere to put the record yet.
    migrate(db, { keepCopy: false });
    requireOwnSchema(db);
    restJobs(db);
    carryRecord(former, db);
    db.transaction(() => {
      setMetaValue(db, { key: 'database_id', value: randomUUID() });
      setMetaValue(db, { key: 'restored_at', value: String(restoredAt) });
    })();
  } finally {
    db.close();
  }
  sync(file);
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
