import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import type { BuiltSet } from '#main/services/known-sets/build-set.ts';
import { buildFrom } from '#main/services/known-sets/build-from.ts';
import { changeRds, digestOf, fileRow, makeRds } from '../../db/rds-database.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-onto-'));
  mkdirSync(join(directory, 'sets'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);
const named = { name: 'NSRL', edition: '', mark: 'known', datedAt: null, importedAt: 5, runRecords: 2000 } as const;

interface Looks {
  /** Cancels at the look of that number. */
  readonly looks?: number;
  readonly keptFrom?: number;
}

function hooksOf(looks = Number.POSITIVE_INFINITY) {
  let looked = 0;
  return { onProgress: () => undefined, isCancelled: () => (looked += 1) > looks };
}

/** Compiles what `base.db` is after a delta. */
function onto(sql: string, target = 'onto.acol', { looks, keptFrom = 1 }: Looks = {}): Promise<BuiltSet> {
  writeFileSync(at('delta.sql'), sql);
  const request = { ...named, source: at('delta.sql'), baseDatabase: at('base.db'), form: 'nsrl-delta' } as const;
  return buildFrom({ ...request, target: at(`sets/${target}`), keptFrom }, hooksOf(looks));
}

/** Lets SQLite itself apply the delta to a copy, and compiles that. */
function rebuilt(sql: string, target = 'whole.acol'): Promise<BuiltSet> {
  copyFileSync(at('base.db'), at('whole.db'));
  changeRds(at('whole.db'), sql);
  const request = { ...named, source: at('whole.db'), form: 'nsrl-rdsv3' } as const;
  return buildFrom({ ...request, target: at(`sets/${target}`) }, hooksOf());
}

/** Everything a look-up reads of a set, by section. */
function content(target: string): Readonly<Record<string, string>> {
  const reader = new PackedReader(at(`sets/${target}`), 'known-set');
  try {
    reader.verify();
    const sections = reader.header.sections.map(({ name, type }) => [
      name,
      createHash('sha256')
        .update(new Uint8Array(reader.section(name, type).buffer))
        .digest('hex'),
    ]);
    return Object.fromEntries(sections) as Readonly<Record<string, string>>;
  } finally {
    reader.close();
  }
}

const withoutSize = ({ bytes, ...rest }: BuiltSet): Partial<BuiltSet> => (bytes > 0 ? rest : {});

/** What the delta comes to, and what importing the newer edition does: both must be the same set. */
async function bothWays(sql: string) {
  const [first, second] = [await onto(sql), await rebuilt(sql)];
  return {
    onto: { ...withoutSize(first), content: content('onto.acol') },
    whole: { ...withoutSize(second), content: content('whole.acol') },
  };
}

const upper = (kind: 'md5' | 'sha1' | 'sha256', seed: number): string => digestOf(kind, seed).toUpperCase();
const NEXT = `INSERT INTO VERSION VALUES('2026.12.1','RDS_2026.12.1','2026-12-01','2026-12-15','next');`;

describe('a delta onto a database', () => {
  it('adds, changes and removes rows and names, as importing the newer edition does', async () => {
    makeRds(at('base.db'), [
      ...Array.from({ length: 300 }, (_, n) => fileRow(n, 501 + (n % 4))),
      fileRow(7, 501, 'again'),
    ]);
    const sets = await bothWays(`BEGIN TRANSACTION;
UPDATE VERSION SET version='2026.12.1', release_date='2026-12-15 00:00:00' WHERE version='2026.09.1';
DELETE FROM FILE WHERE sha256='${upper('sha256', 7)}' AND file_name='again' AND package_id=501;
DELETE FROM "FILE" WHERE sha1='${upper('sha1', 8)}' AND md5='${upper('md5', 8)}'; -- the only row of it
DELETE FROM FILE WHERE rowid IN (21, 22) OR (file_size >= 298 AND crc32 <> 'x');
INSERT INTO FILE(sha256,sha1,md5,crc32,file_name,file_size,package_id) VALUES${fileRow(900, 504, "it's; new")};
INSERT OR IGNORE INTO FILE VALUES${fileRow(3, 504)};
UPDATE FILE SET package_id=503, file_name='moved' WHERE sha256='${upper('sha256', 3)}';
UPDATE FILE SET sha256='${upper('sha256', 901)}', sha1='${upper('sha1', 901)}', md5='${upper('md5', 901)}' WHERE rowid=31;
UPDATE FILE SET package_id = 502 WHERE file_name = 'it''s; new';
UPDATE PKG SET name='Writer II' WHERE package_id=501;
DELETE FROM PKG WHERE package_id=504;
UPDATE OS SET version='12' WHERE operating_system_id=3 AND manufacturer_id=7;
REPLACE INTO MFG VALUES(8,'Globex');
INSERT INTO PKG VALUES(505,'Sender','1',4,8,'English','Mail');
COMMIT;`);
    expect(sets.onto).toEqual(sets.whole);
    expect(sets.onto).toMatchObject({ edition: '2026.12.1', datedAt: Date.UTC(2026, 11, 15) / 1000, records: 296 });
    const keys = Buffer.from(readerBytes('onto.acol', 'sha1')).toString('hex');
    // 7 lies in another row still, 8 in none; 30 became 901.
    expect([7, 8, 30, 900, 901].map((seed) => keys.includes(digestOf('sha1', seed)))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(readdirSync(at('sets')).sort()).toEqual(['onto.acol', 'whole.acol']);
  });

  it('comes to the set of the newer edition, whatever it does', async () => {
    const small = fc.integer({ min: 0, max: 40 });
    const pack = fc.integer({ min: 500, max: 506 });
    const condition = fc.oneof(
      small.map((seed) => `sha256='${upper('sha256', seed)}'`),
      fc.tuple(small, pack).map(([seed, id]) => `sha1='${upper('sha1', seed)}' AND package_id=${id}`),
      pack.map((id) => `package_id=${id}`),
      small.map((row) => `rowid=${row}`),
      fc.tuple(small, small).map(([one, other]) => `file_size BETWEEN ${one} AND ${one + 2} OR file_size=${other}`),
    );
    const statement = fc.oneof(
      fc.tuple(small, pack).map(([seed, id]) => `INSERT OR IGNORE INTO FILE VALUES${fileRow(seed, id)};`),
      fc.tuple(small, pack).map(([seed, id]) => `INSERT OR REPLACE INTO FILE VALUES${fileRow(seed, id)};`),
      condition.map((where) => `DELETE FROM FILE WHERE ${where};`),
      condition.map((where) => `UPDATE FILE SET crc32='${'C'.repeat(8)}' WHERE ${where};`),
      fc
        .tuple(pack, condition)
        .map(([id, where]) => `UPDATE FILE SET package_id=${id}, file_name=NULL WHERE ${where};`),
      pack.map((id) => `DELETE FROM PKG WHERE package_id=${id};`),
      pack.map((id) => `UPDATE PKG SET name='n${id}', manufacturer_id=8 WHERE package_id > ${id};`),
      pack.map((id) => `INSERT OR REPLACE INTO PKG VALUES(${id},'p${id}','1',3,7,'English','x');`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(small, pack), { minLength: 3, maxLength: 40, selector: String }),
        fc.array(statement, { maxLength: 12 }),
        async (rows, statements) => {
          for (const name of ['base.db', 'onto.acol', 'whole.acol']) {
            rmSync(name === 'base.db' ? at(name) : at(`sets/${name}`), { force: true });
          }
          makeRds(at('base.db'), [...rows.map(([seed, id]) => fileRow(seed, id)), fileRow(999, 501)]);
          loosen(at('base.db'));
          // One statement that certainly finds a row, and one row that certainly stays.
          const sure = `UPDATE MFG SET name='M' WHERE manufacturer_id=7;INSERT OR IGNORE INTO FILE VALUES${fileRow(998, 501)};`;
          const sets = await bothWays(`BEGIN;${statements.join('\n')}${sure}${NEXT}COMMIT;`);
          expect(sets.onto).toEqual(sets.whole);
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** Lets columns be NULL and rows become equal, so that statements of any kind succeed. */
function loosen(path: string): void {
  changeRds(
    path,
    `CREATE TABLE F (sha256 VARCHAR, sha1 VARCHAR, md5 VARCHAR, crc32 VARCHAR, file_name VARCHAR, file_size INTEGER,
      package_id INTEGER, UNIQUE (sha256, sha1, md5, crc32, file_name, file_size, package_id));
    INSERT INTO F SELECT * FROM FILE ORDER BY rowid; DROP VIEW DISTINCT_HASH; DROP TABLE FILE; ALTER TABLE F RENAME TO FILE;`,
  );
}

function readerBytes(target: string, section: string): Uint8Array {
  const reader = new PackedReader(at(`sets/${target}`), 'known-set');
  try {
    return reader.section(section, 'bytes');
  } finally {
    reader.close();
  }
}

describe('a delta that does not belong to the database', () => {
  beforeEach(() => {
    makeRds(
      at('base.db'),
      Array.from({ length: 20 }, (_, n) => fileRow(n, 501)),
    );
  });

  it.each([
    ['inserts what is there', `\nINSERT INTO FILE VALUES${fileRow(3, 501)};`, /line 2 .*that the base holds already/],
    [
      'changes nothing that is there',
      `DELETE FROM FILE WHERE rowid=77;`,
      /none of the rows that it changes or removes/,
    ],
    [
      'makes an older edition',
      `INSERT INTO VERSION VALUES('2026.06.1','','','','');`,
      /it makes edition 2026\.06\.1, which does not follow edition 2026\.09\.1 of base\.db/,
    ],
    ['asks other tables', '\n\nDELETE FROM FILE WHERE rowid IN (SELECT 1);', /line 3 .*DELETE FILE in this form/],
    ['works values out', `UPDATE FILE SET package_id=package_id+1;`, /line 1 .*UPDATE FILE in this form/],
    ['sums', `DELETE FROM FILE WHERE rowid=5-3;`, /line 1 .*DELETE FILE in this form/],
    ['fills FILE from elsewhere', 'INSERT INTO FILE SELECT * FROM x;', /line 1 .*INSERT FILE in this form/],
    ['leaves conflicts to be settled', 'UPDATE OR REPLACE FILE SET package_id=2;', /line 1 .*UPDATE FILE in this form/],
    ['drops a table that may be there', 'DROP TABLE IF EXISTS FILE;', /line 1 .*DROP FILE in this form/],
    ['adds rows of a query', `INSERT INTO FILE VALUES${fileRow(3, 502)} UNION ALL SELECT * FROM x;`, /line 1/],
    ['inserts what is worked out', `INSERT INTO VERSION VALUES(1+2,'','','','');`, /line 1/],
    ['inserts hexadecimal numbers', `INSERT INTO VERSION VALUES(0x10,'','','','');`, /line 1/],
    ['inserts words', `INSERT INTO VERSION VALUES(CURRENT_DATE,'','','','');`, /line 1/],
    ['drops a table', 'DROP TABLE FILE;', /line 1 .*DROP FILE in this form/],
    ['names other columns', 'UPDATE FILE SET size=1 WHERE rowid=1;', /line 1 .*FILE of the base has no size/],
    ['renumbers rows', 'UPDATE FILE SET rowid=9 WHERE rowid=1;', /line 1 .*it changes row numbers/],
    ['has rows of another shape', "INSERT INTO FILE VALUES('a','b');", /line 1 .*does not fit FILE/],
    ['is cut off', `DELETE FROM FILE WHERE rowid=1;BEGIN;`, /it is cut off/],
    ['says nothing', '', /it holds no statement of an RDSv3 delta/],
  ])('as it %s is refused, and nothing is left', async (_what, sql, reason) => {
    const before = readFileSync(at('base.db'));
    await expect(onto(sql)).rejects.toThrow(reason);
    expect(readdirSync(at('sets'))).toEqual([]);
    expect(readFileSync(at('base.db')).equals(before)).toBe(true);
  });
});

it.each([
  ['the delta', 'delta.sql', 3],
  ['the database', 'base.db', 6],
])('that is read while %s changes comes to nothing', async (_what, name, looks) => {
  makeRds(
    at('base.db'),
    Array.from({ length: 20 }, (_, n) => fileRow(n, 501)),
  );
  writeFileSync(at('delta.sql'), `DELETE FROM FILE WHERE rowid=1;`);
  let looked = 0;
  const isCancelled = (): boolean => {
    looked += 1;
    if (looked === looks) {
      appendFileSync(at(name), name === 'base.db' ? Buffer.alloc(4096) : 'DELETE FROM FILE WHERE rowid=2;');
    }
    return false;
  };
  const request = { ...named, source: at('delta.sql'), baseDatabase: at('base.db'), form: 'nsrl-delta' } as const;
  const built = buildFrom({ ...request, target: at('sets/onto.acol') }, { onProgress: () => undefined, isCancelled });
  await expect(built).rejects.toThrow(`${name} cannot be a known set: it changed while it was read.`);
  expect(readdirSync(at('sets'))).toEqual([]);
});

it('onto a damaged database is refused as such', async () => {
  makeRds(
    at('base.db'),
    Array.from({ length: 3000 }, (_, n) => fileRow(n, 501)),
  );
  const bytes = readFileSync(at('base.db'));
  writeFileSync(at('base.db'), bytes.fill(0x5a, 40_960));
  await expect(onto(`DELETE FROM FILE WHERE file_name='x';`)).rejects.toThrow(/^base\.db cannot be read as a database/);
  expect(readdirSync(at('sets'))).toEqual([]);
});

describe('a delta onto a database that was cancelled', () => {
  it('goes on where it was and comes to the same set', async () => {
    makeRds(
      at('base.db'),
      Array.from({ length: 18_000 }, (_, n) => fileRow(n % 17_000, 501, `${n}`)),
    );
    const sql = `BEGIN;DELETE FROM FILE WHERE sha256='${upper('sha256', 5)}';DELETE FROM FILE WHERE rowid=12000;INSERT INTO FILE VALUES${fileRow(90_000, 502)};${NEXT}COMMIT;`;
    await expect(onto(sql, 'onto.acol', { looks: 9 })).rejects.toThrow(/What was read is kept for a week/);
    const [work = ''] = readdirSync(at('sets'));
    expect(readdirSync(at(`sets/${work}`))).toContain('overlay.db');
    const both = await bothWays(sql);
    expect(both.onto).toEqual(both.whole);
    expect(readdirSync(at('sets')).sort()).toEqual(['onto.acol', 'whole.acol']);
  });
});
