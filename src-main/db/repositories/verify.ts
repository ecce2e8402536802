import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { digestKey } from '../codes.ts';
import { askingProblems } from './asking/repair.ts';
import { counterProblems } from './stats.ts';
import { metricProblems } from './metrics/repair.ts';
import { syncProblems } from './sync/repair.ts';

const PROBLEMS_KEPT = 100;
const BELONG_TO_FILES = [
  ['items', 'reputation items'],
  ['item_history', 'rows of history'],
  ['disagreements', 'disagreements'],
] as const;
const NAME_THREATS = [
  ['items', 'threat_id', 'reputation items'],
  ['item_history', 'threat_id', 'rows of history'],
  ['item_history', 'old_threat_id', 'rows of history'],
] as const;

/**
 * Looks at every page and row of the database; returns what is wrong as sentences, nothing when it is sound. Runs for
 * minutes on a very large one.
 */
export function verifyTables(db: ReadableDb): string[] {
  const pages = db.pragma(`integrity_check(${PROBLEMS_KEPT})`) as { integrity_check: string }[];
  const problems = pages.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  if (problems.length > 0) {
    // Rows cannot be relied on when the pages they lie in cannot.
    return problems.map((text) => `database: ${text}`);
  }
  problems.push(
    ...keyProblems(db, 'digest_keys', 'file_id', 'files'),
    ...keyProblems(db, 'hash_list_keys', 'entry_id', 'hash_list'),
    ...counterProblems(db),
    ...askingProblems(db),
    ...syncProblems(db),
    ...metricProblems(db),
  );
  for (const [table, what] of BELONG_TO_FILES) {
    const orphans = prepared<{ n: number }>(
      db,
      `SELECT count(*) AS n FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.id = ${table}.file_id)`,
    ).get();
    if ((orphans?.n ?? 0) > 0) {
      problems.push(`${orphans?.n} ${what} belong to no file`);
    }
  }
  for (const [table, column, what] of NAME_THREATS) {
    const nameless = prepared<{ n: number }>(
      db,
      `SELECT count(*) AS n FROM ${table} WHERE ${column} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM threat_names WHERE threat_names.id = ${table}.${column})`,
    ).get();
    if ((nameless?.n ?? 0) > 0) {
      problems.push(`${nameless?.n} ${what} name a threat that is not there`);
    }
  }
  const codes = prepared<{ n: number }>(
    db,
    'SELECT count(*) AS n FROM items WHERE status NOT BETWEEN 0 AND 4 OR source NOT BETWEEN 1 AND 5',
  ).get();
  if ((codes?.n ?? 0) > 0) {
    problems.push(`${codes?.n} reputation items hold a status or source no version ever wrote`);
  }
  return problems.slice(0, PROBLEMS_KEPT);
}

interface Digests {
  readonly id: number;
  readonly md5: Buffer | null;
  readonly sha1: Buffer | null;
  readonly sha256: Buffer | null;
}

/** Both ways: every digest is found by its key, and every key leads to a row with such a digest. */
function keyProblems(db: ReadableDb, keys: string, column: string, table: string): string[] {
  const has = prepared(db, `SELECT 1 FROM ${keys} WHERE key = +? AND ${column} = +?`);
  let expected = 0;
  let unfindable = 0;
  for (const row of prepared<Digests>(db, `SELECT id, md5, sha1, sha256 FROM ${table}`).iterate()) {
    const own = new Set(
      [row.md5, row.sha1, row.sha256].flatMap((digest) => (digest === null ? [] : [digestKey(digest)])),
    );
    expected += own.size;
    for (const key of own) {
      unfindable += has.get(key, row.id) === undefined ? 1 : 0;
    }
  }
  const present = prepared<{ n: number }>(db, `SELECT count(*) AS n FROM ${keys}`).get()?.n ?? 0;
  const stray = present - (expected - unfindable);
  return [
    ...(unfindable > 0 ? [`${unfindable} digests of ${table} cannot be found by their key`] : []),
    ...(stray > 0 ? [`${stray} rows of ${keys} lead to no digest`] : []),
  ];
}

export const verifyReads = { verifyTables } as const;
