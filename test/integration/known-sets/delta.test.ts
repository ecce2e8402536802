import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { productsText } from '#shared/domain/known-sets/set-products.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { openReadable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetResult } from '#main/services/known-sets/port.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { digestOf, fileRow, makeRds } from '../../db/rds-database.ts';

const NOW = 1_795_305_600;
let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-delta-'));
  database = await openInlineDatabase(directory);
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const sets = (threads: 'inline' | 'workers' = 'inline') =>
  createKnownSets(database, directory, { clock: { now: () => NOW * 1000 }, threads });
const plain = { name: 'NSRL', edition: '', datedAt: null, mark: 'known-good', replace: false } as const;
const files = (): string[] => readdirSync(join(directory, 'known-sets')).sort();
const insert = (seed: number, packageId: number): string => `INSERT INTO FILE VALUES${fileRow(seed, packageId)};`;

const full = (rows: readonly string[]): Promise<KnownSetResult> =>
  sets().import(makeRds(join(directory, 'rds.db'), rows), plain, () => undefined, new AbortController().signal);

function apply(sql: string, threads?: 'inline' | 'workers'): Promise<KnownSetResult> {
  const path = join(directory, 'delta.sql');
  writeFileSync(path, sql);
  const wanted = { ...plain, mark: 'known', form: 'nsrl-delta' } as const;
  return sets(threads).import(path, wanted, () => undefined, new AbortController().signal);
}

function productsOf(seed: number): string | null {
  const db = openReadable(join(directory, 'assay.db'));
  try {
    const context = { db, directory, policy: { thresholds: {}, staleAfter: 1 }, now: NOW };
    const digests: DigestSet = { sha1: digestOf('sha1', seed) as HexDigest };
    const [hit] = createJudge().explain(context, digests, 'single').sets;
    return hit === undefined ? null : productsText(hit.products);
  } finally {
    db.close();
  }
}

const DELTA = `BEGIN TRANSACTION;
INSERT INTO "VERSION" VALUES('2026.12.1','RDS_2026.12.1','2026-12-01 00:00:00','2026-12-15 00:00:00','the; delta');
INSERT INTO FILE(sha256,sha1,md5,crc32,file_name,file_size,package_id) VALUES${fileRow(5000, 900, "it's; a -- name")};
-- a remark; with a ' in it
${insert(1, 900)}
${insert(9, 900)}
${insert(9, 503)}
${insert(5001, 77)}
REPLACE INTO main.MFG VALUES(9,'Globex');
INSERT OR IGNORE INTO OS VALUES(10,'Haiku','R1',9),(11,'Plan 9','4',9);
INSERT INTO PKG VALUES(900,'Sänger','7',10,9,'English','Audio');
INSERT INTO PKG VALUES(501,'Writer','2.1',4,8,'Danish','Editor');
COMMIT;
`;

describe('a delta', () => {
  it.each(['inline', 'workers'] as const)('makes a new edition of the one in force (%s)', async (threads) => {
    const rows = Array.from({ length: 40 }, (_, n) => fileRow(n, 501));
    const before = await full([...rows, ...[502, 503, 504].map((id) => fileRow(9, id)), fileRow(50, 501)]);
    expect(before.set).toMatchObject({ id: 1, edition: '2026.09.1', digests: { sha1: 41 } });
    const result = await apply(DELTA, threads);
    expect(result).toMatchObject({ records: 5, furtherDigests: 10, duplicates: 9, withoutHash: 0, rejected: 0 });
    expect(result.set).toMatchObject({
      id: 2,
      edition: '2026.12.1',
      mark: 'known-good',
      datedAt: Date.UTC(2026, 11, 15) / 1000,
      digests: { md5: 43, sha1: 43, sha256: 43 },
    });
    expect([await sets().list(), files()]).toEqual([[result.set], ['2.acol']]);
    expect(productsOf(5000)).toBe('Sänger 7 (Haiku R1, Globex)');
    expect(productsOf(1)).toBe('Writer 2.1 (Windows 11, Contoso), Sänger 7 (Haiku R1, Globex)');
    // Of the four before three are named: whether 503 is the fourth cannot be told, 900 is certainly another one.
    expect(productsOf(9)).toMatch(/^Writer 2\.1 .*, Reader 9 .*, Player 0\.3 .* and 2 more products$/);
    expect(productsOf(5001)).toBe('a product without a name');
    expect([productsOf(50), productsOf(9999)]).toEqual(['Writer 2.1 (Windows 11, Contoso)', null]);
    const reader = new PackedReader(join(directory, 'known-sets', '2.acol'), 'known-set');
    reader.verify();
    reader.close();
    expect(reader.header.meta).toMatchObject({ form: 'nsrl-delta', onto: { edition: '2026.09.1' } });
  });

  it('may be followed by another one', async () => {
    await full([fileRow(1, 501)]);
    await apply(DELTA);
    const next = `INSERT INTO FILE VALUES${fileRow(6000, 900)};INSERT INTO VERSION VALUES('2027.03.1','','','2027-03-15','')  ;`;
    const { set } = await apply(next);
    expect(set).toMatchObject({ edition: '2027.03.1', digests: { sha1: 5 } });
    expect(productsOf(6000)).toBe('Sänger 7 (Haiku R1, Globex)');
  });

  it('that says at most how many products there are says so', async () => {
    await full([501, 502, 503, 504].map((id) => fileRow(9, id)));
    await apply(insert(9, 504));
    expect(productsOf(9)).toMatch(/Player 0\.3 .* and at least 1 more product$/);
  });

  it.each([
    [
      'takes files away',
      `DELETE FROM FILE WHERE sha1='${'A'.repeat(40)}';`,
      /line 2 \(DELETE FILE\) cannot be followed/,
    ],
    [
      'changes files',
      `UPDATE "FILE" SET package_id=1 WHERE package_id=2;`,
      /line 2 \(UPDATE FILE\) cannot be followed/,
    ],
    ['changes files, some', 'UPDATE OR IGNORE FILE SET package_id=1;', /line 2 \(UPDATE FILE\) cannot be followed/],
    ['drops files', 'DROP TABLE IF EXISTS FILE;', /line 2 \(DROP FILE\) cannot be followed/],
    ['adds rows of a query', `${insert(3, 501).replace(/;$/, '')} UNION ALL SELECT * FROM x;`, /line 2/],
    ['fills FILE from elsewhere', 'INSERT INTO FILE SELECT * FROM x;', /line 2 \(INSERT FILE\) cannot be followed/],
    ['has rows of another shape', "INSERT INTO FILE VALUES('a','b');", /line 2 \(a row of FILE with 2 values\)/],
    ['is cut off in a statement', `${insert(3, 501)}\nINSERT INTO FILE VALUES('AB`, /it is cut off/],
    ['is cut off in a transaction', `BEGIN;\n${insert(3, 501)}\n`, /it is cut off/],
    ['is no SQL', 'these are words; and more of them;', /it is no RDSv3 delta: line 2/],
    ['says nothing', '', /it holds no statement of an RDSv3 delta/],
  ])('that %s is refused, and the edition in force stays', async (_what, sql, reason) => {
    const { set } = await full([fileRow(1, 501)]);
    await expect(apply(`\n${sql}`)).rejects.toThrow(reason);
    expect([await sets().list(), files()]).toEqual([[set], ['1.acol']]);
    expect(productsOf(1)).toBe('Writer 2.1 (Windows 11, Contoso)');
  });

  it('of an edition that is not newer is refused', async () => {
    const { set } = await full([fileRow(1, 501)]);
    const older = `${insert(2, 501)}INSERT INTO VERSION VALUES('2026.09.1','','','2026-09-15','');`;
    await expect(apply(older)).rejects.toThrow(
      'it makes edition 2026.09.1, which does not follow edition 2026.09.1 of NSRL',
    );
    expect(await sets().list()).toEqual([set]);
  });

  it('names statements about names that were left out', async () => {
    await full([fileRow(1, 501)]);
    const { rejected, firstProblems } = await apply(
      `${insert(2, 501)}\nUPDATE PKG SET name='x' WHERE package_id=501;\n`,
    );
    expect([rejected, firstProblems]).toEqual([
      1,
      [{ line: 2, reason: 'UPDATE changes names, which are kept as they were', excerpt: 'PKG' }],
    ]);
    expect(productsOf(1)).toBe('Writer 2.1 (Windows 11, Contoso)');
  });

  it('needs a set that was made from a database, and one that is whole', async () => {
    await expect(apply(DELTA)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const list = join(directory, 'list.txt');
    writeFileSync(list, `${digestOf('sha1', 1)}\n`);
    await sets().import(list, plain, () => undefined, new AbortController().signal);
    await expect(apply(DELTA)).rejects.toThrow(/NSRL was not made from an NSRL RDSv3 database/);
    writeFileSync(join(directory, 'known-sets', '1.acol'), 'x'.repeat(70_000));
    await expect(apply(DELTA)).rejects.toMatchObject({ code: 'DB_DAMAGED' });
  });
});
