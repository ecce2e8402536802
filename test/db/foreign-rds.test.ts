import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RdsDatabase } from '#main/db/foreign/nsrl-rdsv3.ts';
import { isSqlite, openForeign } from '#main/db/foreign/open-foreign.ts';
import { digestOf, fileRow, makeRds } from './rds-database.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-rds-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = (name = 'rds.db'): string => join(folder, name);
const hexOf = (seed: number): string =>
  `${digestOf('sha256', seed)}${digestOf('sha1', seed)}${digestOf('md5', seed)}`.toUpperCase();

function using<T>(file: string, work: (database: RdsDatabase) => T): T {
  const database = new RdsDatabase(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('an RDSv3 database', () => {
  it('tells edition, products and rows, and changes nothing', () => {
    const file = makeRds(path(), [fileRow(1, 501), fileRow(1, 502), fileRow(2, 999)]);
    const before = createHash('sha256').update(readFileSync(file)).digest('hex');
    using(file, (database) => {
      expect(database.edition()).toEqual({
        version: '2026.09.1',
        buildSet: 'RDS_2026.09.1_modern_minimal',
        description: 'modern minimal',
        releasedAt: Date.UTC(2026, 8, 15) / 1000,
      });
      expect(database.names().products.slice(0, 2)).toEqual([
        { id: 501, name: 'Writer', version: '2.1', system: 'Windows 11', maker: 'Contoso' },
        { id: 502, name: 'Reader', version: '9', system: 'Debian', maker: 'Fabrikam' },
      ]);
      expect(database.names().products.map(({ id }) => id)).toEqual([501, 502, 503, 504]);
      expect([...database.batches(0)]).toEqual([
        { count: 3, last: 3, hex: hexOf(1) + hexOf(1) + hexOf(2), packages: [501, 502, 999] },
      ]);
      expect([...database.batches(2)]).toMatchObject([{ count: 1, last: 3 }]);
      expect(database.lastRow()).toBe(3);
    });
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(before);
  });

  it.each([-3, 0, 2 ** 50])('that numbers a row %i is refused, as rows would be passed over', (row) => {
    const file = makeRds(path(), [fileRow(1, 501), fileRow(2, 501)], `UPDATE FILE SET rowid=${row} WHERE file_size=2`);
    expect(() => new RdsDatabase(file)).toThrow(/^rds\.db numbers its files from /);
  });

  it('hands out rows of another shape one by one', () => {
    const odd = `INSERT INTO FILE VALUES ('','${'A'.repeat(40)}','','','b',0,502),
      ('${'B'.repeat(63)}','${'C'.repeat(41)}','${'D'.repeat(32)}','','c',0,1), (x'4142',12,'${'e'.repeat(5000)}','','d',0,2)`;
    using(makeRds(path(), [fileRow(1, 501)], odd), (database) => {
      const [batch] = [...database.batches(0)];
      expect(batch).toMatchObject({ count: 4, hex: null, packages: [501, 502, 1, 2] });
      expect(database.rows(1, 4)).toEqual([
        { at: 2, sha256: '', sha1: 'A'.repeat(40), md5: '', package: 502 },
        { at: 3, sha256: 'B'.repeat(63), sha1: 'C'.repeat(41), md5: 'D'.repeat(32), package: 1 },
        { at: 4, sha256: 'AB', sha1: '12', md5: 'e'.repeat(65), package: 2 },
      ]);
    });
  });

  it.each([
    ['names in lower case', 'ALTER TABLE FILE RENAME TO x; ALTER TABLE x RENAME TO file', 1],
    ['no names of products', 'DROP TABLE PKG; DROP TABLE OS; DROP TABLE MFG; DROP TABLE VERSION', 1],
    [
      'no packages',
      'DROP VIEW DISTINCT_HASH; CREATE TABLE y AS SELECT md5, sha1, sha256 FROM FILE; DROP TABLE FILE; ALTER TABLE y RENAME TO FILE',
      1,
    ],
    [
      'the rows in METADATA',
      'DROP VIEW DISTINCT_HASH; ALTER TABLE FILE RENAME TO METADATA; CREATE VIEW FILE AS SELECT * FROM METADATA',
      1,
    ],
  ])('may have %s', (_what, change, rows) => {
    using(makeRds(path(), [fileRow(1, 501)], change), (database) => {
      expect([...database.batches(0)]).toMatchObject([{ count: rows, hex: hexOf(1) }]);
      expect(database.edition().version).toMatch(/^(2026\.09\.1|)$/);
    });
  });

  it.each([
    [
      'a database of something else',
      'DROP VIEW DISTINCT_HASH; DROP TABLE FILE; CREATE TABLE FILE (a)',
      /is no NSRL RDSv3 database/,
    ],
    [
      'a view that would never end',
      `DROP VIEW DISTINCT_HASH; DROP TABLE FILE; CREATE VIEW FILE AS WITH RECURSIVE n(sha256) AS (SELECT 'x' UNION ALL SELECT sha256 FROM n) SELECT sha256 FROM n`,
      /is no NSRL RDSv3 database/,
    ],
    [
      'a virtual table',
      'DROP VIEW DISTINCT_HASH; DROP TABLE FILE; CREATE VIRTUAL TABLE FILE USING fts5(sha256, sha1, md5)',
      /is no NSRL RDSv3 database/,
    ],
    [
      'rows without numbers',
      'DROP VIEW DISTINCT_HASH; DROP TABLE FILE; CREATE TABLE FILE (sha256 TEXT PRIMARY KEY) WITHOUT ROWID',
      /without row numbers/,
    ],
  ])('refuses %s', (_what, change, reason) => {
    const file = makeRds(path(), [], change);
    expect(() => new RdsDatabase(file)).toThrow(reason);
  });

  it('says so when the file is damaged or no database', () => {
    const file = makeRds(
      path(),
      Array.from({ length: 3000 }, (_, n) => fileRow(n, 501)),
    );
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 8192, bytes.length - 8192);
    writeFileSync(file, bytes);
    expect(() => using(file, (database) => [...database.batches(0)])).toThrow(/rds\.db cannot be read as a database/);
    writeFileSync(path('text.db'), 'SQLite format 3\0 and then nothing of the kind'.repeat(100));
    expect(() => new RdsDatabase(path('text.db'))).toThrow(/text\.db cannot be read as a database/);
    expect([isSqlite(path('text.db')), isSqlite(import.meta.filename)]).toEqual([true, false]);
  });

  it('is never written to, and its schema may call no function that does something', () => {
    const file = makeRds(path(), [fileRow(1, 501)]);
    const db = openForeign(file);
    expect(() => db.prepare('DELETE FROM FILE').run()).toThrow(/readonly|query_only|attempt to write/);
    expect(db.pragma('trusted_schema', { simple: true })).toBe(0);
    db.close();
    const check = new BetterSqlite3(file);
    expect(check.prepare('SELECT count(*) FROM FILE').pluck().get()).toBe(1);
    check.close();
  });
});
