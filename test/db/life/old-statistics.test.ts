import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ReadableDb } from '#main/db/handles.ts';
import { closeWritable } from '#main/db/open.ts';
import { reads } from '#main/db/repositories/index.ts';
import { startWriting } from '#main/db/start.ts';
import { statementsOf } from '../statements.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ALL = { since: 0, flipsOnly: false, source: null, limit: 10 };

/** Runs a query where statistics say that every table has one row; returns the plans of its statements. */
function plansOf(query: (db: ReadableDb) => unknown): string[] {
  const { db, use } = startWriting(join(temporaryDirectory(), 'assay.db'));
  onTestFinished(() => {
    db.close();
    use.release();
  });
  db.exec(`INSERT INTO threat_names (id, name) VALUES (1, 'Trojan');
    INSERT INTO item_history (file_id, source, from_at, at, old_status, status, threat_id, flip)
      VALUES (1, 1, 1, 2, 2, 4, 1, 1);
    ANALYZE`);
  return statementsOf(db, query).flatMap((sql) => {
    const places = Array.from({ length: sql.split('?').length - 1 }, () => 1);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...places) as { readonly detail: string }[];
    return plan.map(({ detail }) => detail);
  });
}

// A table that has grown since would be passed over whole, once for every row that is asked for.
test.each<[string, (db: ReadableDb) => unknown]>([
  ['a page of changes', (db) => reads.changesPage(db, { ...ALL, offset: 0 })],
  ['the changes of a file', (db) => reads.historyOfFiles(db, { fileIds: [1], limit: 10 })],
  ['flips that were not told', (db) => reads.flipsSince(db, { afterId: 0, limit: 10 })],
])('%s is found by its number when statistics are from the time of the first row', (_, query) => {
  const plans = plansOf(query);
  expect(plans.length).toBeGreaterThan(1);
  expect(plans.filter((detail) => /^SCAN (h|item_history|threat_names|old|new)\b/.test(detail))).toEqual([]);
});

test('statistics of small tables do not outlive a closing, so that no table is planned for as it was when it was new', () => {
  const file = join(temporaryDirectory(), 'assay.db');
  const first = startWriting(file);
  first.db.exec('INSERT INTO files (id, sha256) VALUES (1, zeroblob(32)); ANALYZE');
  closeWritable(first.db);
  first.use.release();
  const { db, use } = startWriting(file);
  onTestFinished(() => {
    db.close();
    use.release();
  });
  const plan = db
    .prepare<unknown[], { detail: string }>(
      'EXPLAIN QUERY PLAN SELECT f.id FROM json_each(?) j CROSS JOIN files f ON f.id = j.value',
    )
    .all('[1]');
  expect(plan.map(({ detail }) => detail).at(-1)).toBe('SEARCH f USING INTEGER PRIMARY KEY (rowid=?)');
});
