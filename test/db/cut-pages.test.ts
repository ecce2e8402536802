import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openPages } from '#main/db/salvage/page-file.ts';
import { rowsOn } from '#main/db/salvage/tree-page.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const PAGE = 4096;
const ROWS = 120;

/** What every row holds; some spill over onto pages of their own. */
const textOf = (id: number): string => `${id} `.repeat(id % 20 === 0 ? 2_000 : 8);
const digestOf = (id: number): Buffer => Buffer.alloc(32, 0xa0 + (id % 32));

test.each([
  ['with row ids', ''],
  ['without row ids', ', WITHOUT ROWID'],
])('a table %s cut off anywhere is read in whole rows alone', (_name, kind) => {
  const file = join(temporaryDirectory(), 'cut.db');
  const db = new BetterSqlite3(file);
  db.pragma(`page_size = ${PAGE}`);
  db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL, digest BLOB NOT NULL) STRICT${kind}`);
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?)');
  db.transaction(() => {
    for (let id = 1; id <= ROWS; id += 1) {
      insert.run(id, textOf(id), digestOf(id));
    }
  })();
  db.close();
  expect(readRows(file).whole).toHaveLength(ROWS);
  for (let size = statSync(file).size; size > 2 * PAGE; size -= 331) {
    truncateSync(file, size);
    const { whole, wrong } = readRows(file);
    expect([size, wrong]).toEqual([size, []]);
    expect(new Set(whole).size).toBe(whole.length);
  }
});

test('a page cut off among its pointers counts every row it names', () => {
  const file = join(temporaryDirectory(), 'cut.db');
  const db = new BetterSqlite3(file);
  db.pragma(`page_size = ${PAGE}`);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  db.exec(
    "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 40) INSERT INTO t SELECT id, 'row' FROM n",
  );
  db.close();
  truncateSync(file, PAGE + 31);
  const pages = openPages(file);
  expect(rowsOn(pages, 2)).toEqual({ rows: [], unreadable: 40 });
  pages.close();
});

function readRows(file: string): { readonly whole: number[]; readonly wrong: unknown[] } {
  const pages = openPages(file);
  const whole: number[] = [];
  const wrong: unknown[] = [];
  for (let number = 2; number <= pages.count; number += 1) {
    for (const { rowid, values } of rowsOn(pages, number).rows) {
      const [stored, text, digest] = values;
      const id = rowid ?? Number(stored);
      const isWhole = text === textOf(id) && Buffer.isBuffer(digest) && digest.equals(digestOf(id));
      if (isWhole) {
        whole.push(id);
      } else {
        wrong.push([id, text, digest]);
      }
    }
  }
  pages.close();
  return { whole, wrong };
}
