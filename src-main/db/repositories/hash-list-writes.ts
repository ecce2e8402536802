import { AppError } from '#shared/errors/app-error.ts';
import { CHANGE } from '../change-kinds.ts';
import type { WritableDb } from '../handles.ts';
import { type ListRow, listKey, revisionOf } from './hash-list.ts';
import { recordMetric } from './metrics/record.ts';

/**
 * One planned write: an entry as it was (null: new) and as it shall be (null: gone). The id of a new entry is given
 * when it is written.
 */
export interface ListOp {
  readonly before: ListRow | null;
  readonly after: ListRow | null;
}

export interface ListApply {
  /** The revision the plan was made at; nothing is written when the list moved on since. */
  readonly revision: number;
  /** Names operations staged before by this process. */
  readonly token: string;
  /** The last (or only) operations, numbered on from those staged. */
  readonly ops: readonly ListOp[];
  /** Operations of the whole change: those staged and these. */
  readonly total: number;
  readonly action: 'add' | 'edit' | 'remove' | 'import' | 'undo';
  readonly by: string;
  readonly at: number;
  /** The change this one takes back. */
  readonly undoes: number | null;
}

/**
 * Large changes are staged in a temporary table of the writing connection, some thousand entries a call, so that no
 * message and no write lock is long; then one transaction of set-wise statements moves them in. The staging lives as
 * long as the connection: when the process dies half way, nothing has happened.
 */
export const hashListWrites = {
  hashListStage: (db: WritableDb, args: { token: string; ops: readonly ListOp[] }): null => {
    stage(db, args.token, args.ops);
    return null;
  },

  hashListUnstage: (db: WritableDb, args: { token: string }): null => {
    prepareStaging(db);
    unstage(db, args.token);
    return null;
  },

  /** Writes a whole change or, when the list is no longer at `revision`, nothing. Returns the change's id or null. */
  hashListApply: (db: WritableDb, args: ListApply): number | null => {
    stage(db, args.token, args.ops);
    if (revisionOf(db) !== args.revision) {
      unstage(db, args.token);
      return null;
    }
    // A writer that died and was started again has lost what was staged: half a change must not pass for a whole one.
    if (stagedOps(db, args.token) !== args.total) {
      unstage(db, args.token);
      throw new AppError(
        'DB_BUSY',
        'The change was interrupted before it was written. Nothing was written. Try again.',
      );
    }
    const change = db
      .prepare('INSERT INTO hash_list_changes (at, by, action) VALUES (?, ?, ?)')
      .run(args.at, args.by, args.action);
    const changeId = Number(change.lastInsertRowid);
    if (args.undoes !== null) {
      db.prepare('UPDATE hash_list_changes SET undone_by = ? WHERE id = ?').run(changeId, args.undoes);
    }
    moveIn(db, args.token, changeId, args.at);
    unstage(db, args.token);
    return changeId;
  },
} as const;

function stagedOps(db: WritableDb, token: string): number {
  const counted = db.prepare('SELECT count(*) AS n FROM temp.hash_list_staging WHERE token = ?').get(token);
  return (counted as { n: number }).n;
}

function prepareStaging(db: WritableDb): void {
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS hash_list_staging (
      token TEXT NOT NULL, entry_id INTEGER, fresh INTEGER, before TEXT, after TEXT,
      side INTEGER, md5 BLOB, sha1 BLOB, sha256 BLOB, note TEXT, reason TEXT, added_by TEXT, added_at INTEGER, expires_at INTEGER
    );
    CREATE TEMP TABLE IF NOT EXISTS hash_list_staging_keys (
      token TEXT NOT NULL, key INTEGER NOT NULL, entry_id INTEGER, old INTEGER NOT NULL, fresh INTEGER
    );
  `);
}

function unstage(db: WritableDb, token: string): void {
  db.prepare('DELETE FROM temp.hash_list_staging WHERE token = ?').run(token);
  db.prepare('DELETE FROM temp.hash_list_staging_keys WHERE token = ?').run(token);
}

function stage(db: WritableDb, token: string, ops: readonly ListOp[]): void {
  prepareStaging(db);
  const counted = db
    .prepare('SELECT count(*) AS n FROM temp.hash_list_staging WHERE token = ? AND entry_id IS NULL')
    .get(token);
  let fresh = (counted as { n: number }).n;
  const addEntry = db.prepare(
    `INSERT INTO temp.hash_list_staging VALUES (?, ?, ?, ?, ?, ?, unhex(?), unhex(?), unhex(?), ?, ?, ?, ?, ?)`,
  );
  const addKey = db.prepare('INSERT INTO temp.hash_list_staging_keys VALUES (?, ?, ?, ?, ?)');
  for (const { before, after } of ops) {
    // An entry that was removed comes back under its old id when the removal is undone.
    const id = before?.id ?? (after?.id || null);
    addEntry.run(token, id, fresh, textOf(before), textOf(after), ...valuesOf(after));
    for (const hex of digestsOf(before)) {
      addKey.run(token, listKey(hex), id, 1, fresh);
    }
    for (const hex of digestsOf(after)) {
      addKey.run(token, listKey(hex), id, 0, fresh);
    }
    fresh += id === null ? 1 : 0;
  }
}

function moveIn(db: WritableDb, token: string, changeId: number, at: number): void {
  // Ids are never used twice: the audit of a removed entry must not become another entry's.
  const highest = db
    .prepare(
      `SELECT max(coalesce((SELECT max(id) FROM hash_list), 0), coalesce((SELECT max(entry_id) FROM hash_list_audit), 0)) AS id`,
    )
    .get() as { id: number };
  const base = highest.id + 1;
  const run = (sql: string, ...values: unknown[]): number => db.prepare(sql).run(...values).changes;
  for (const table of ['hash_list_staging', 'hash_list_staging_keys']) {
    run(`UPDATE temp.${table} SET entry_id = fresh + ? WHERE token = ? AND entry_id IS NULL`, base, token);
  }
  run(
    `DELETE FROM hash_list_keys WHERE (key, entry_id) IN
       (SELECT key, entry_id FROM temp.hash_list_staging_keys WHERE token = ? AND old = 1)`,
    token,
  );
  run(
    `DELETE FROM hash_list WHERE id IN
       (SELECT entry_id FROM temp.hash_list_staging WHERE token = ? AND before IS NOT NULL)`,
    token,
  );
  run(
    `INSERT INTO hash_list (id, side, md5, sha1, sha256, note, reason, added_by, added_at, expires_at, updated_at)
     SELECT entry_id, side, md5, sha1, sha256, note, reason, added_by, added_at, expires_at, ?
     FROM temp.hash_list_staging WHERE token = ? AND after IS NOT NULL ORDER BY entry_id`,
    at,
    token,
  );
  run(
    `INSERT OR IGNORE INTO hash_list_keys (key, entry_id)
     SELECT key, entry_id FROM temp.hash_list_staging_keys WHERE token = ? AND old = 0 ORDER BY key, entry_id`,
    token,
  );
  run(
    `INSERT INTO hash_list_audit (change_id, entry_id, before, after)
     SELECT ?, entry_id, before, after FROM temp.hash_list_staging WHERE token = ? ORDER BY entry_id`,
    changeId,
    token,
  );
  const touched = run(
    'INSERT INTO changes (kind, id) SELECT ?, entry_id FROM temp.hash_list_staging WHERE token = ? ORDER BY entry_id',
    CHANGE.listEntry,
    token,
  );
  recordMetric(db, { kind: 'listEntriesChanged', at, amount: touched });
}

function digestsOf(row: ListRow | null): string[] {
  return row === null ? [] : [row.md5, row.sha1, row.sha256].filter((hex) => hex !== null);
}

function valuesOf(row: ListRow | null): unknown[] {
  if (row === null) {
    return Array.from({ length: 9 }, () => null);
  }
  const side = row.side === 'malicious' ? 4 : 2;
  return [side, row.md5, row.sha1, row.sha256, row.note, row.reason, row.addedBy, row.addedAt, row.expiresAt];
}

/** What the audit keeps: enough to bring the entry back, absent digests left out. */
function textOf(row: ListRow | null): string | null {
  if (row === null) {
    return null;
  }
  const { id: _id, ...kept } = row;
  return JSON.stringify(kept, (_key, value: unknown) => (value === null ? undefined : value));
}
