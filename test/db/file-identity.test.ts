import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { item, md5, sha1, sha256 } from './made-items.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function databaseWith(...batches: ItemRecord[][]): Promise<Database> {
  const database = await openInlineDatabase(temporaryDirectory());
  onTestFinished(() => database.close());
  for (const items of batches) {
    await database.write('importItems', { items, at: 1 }, 'bulk');
  }
  return database;
}

const find = (database: Database, hash: string) => database.read('filesByDigest', { hash });

describe('which digests are one file', () => {
  test('any digest finds what is known under the others', async () => {
    const digests = { md5: md5(1), sha1: sha1(1), sha256: sha256(1) };
    const database = await databaseWith([item(digests)]);
    for (const hash of Object.values(digests)) {
      expect(await find(database, hash.toUpperCase())).toEqual([{ id: 1, digests, links: 0x022 }]);
    }
    expect(await find(database, md5('unknown'))).toEqual([]);
  });

  test('digests learned later complete the row', async () => {
    const database = await databaseWith(
      [item({ md5: md5(1) })],
      [item({ md5: md5(1), sha256: sha256(1) }, { source: 1 })],
    );
    expect(await find(database, sha256(1))).toEqual([
      { id: 1, digests: { md5: md5(1), sha256: sha256(1) }, links: 0x200 },
    ]);
  });

  test('rows that turn out to be one file are merged under the lowest number, the newer answer stays', async () => {
    const database = await databaseWith(
      [item({ md5: md5(1) }, { status: 2, scannedAt: 50 })],
      [item({ sha256: sha256(1) }, { status: 3, scannedAt: 70 }), item({ sha256: sha256(1) }, { source: 1 })],
      [item({ md5: md5(1), sha256: sha256(1) }, { source: 2 })],
    );
    expect(await find(database, sha256(1))).toMatchObject([{ id: 1, digests: { md5: md5(1), sha256: sha256(1) } }]);
    const items = await database.read('itemsOfFile', { fileId: 1 });
    expect(items.map(({ source, status }) => [source, status])).toEqual([
      [1, 4],
      [2, 4],
      [5, 3],
    ]);
    const changes = await database.read('changesSince', { since: 0, limit: 100 });
    expect(new Set(changes.filter(({ kind }) => kind === 2).map(({ id }) => id))).toEqual(new Set([1, 2]));
    expect(await database.read('verifyTables', undefined)).toEqual([]);
  });

  test('a contradiction keeps both rows, and the shared digest is ambiguous', async () => {
    const database = await databaseWith([
      item({ md5: md5('collision'), sha256: sha256('a') }),
      item({ md5: md5('collision'), sha256: sha256('b') }, { status: 2 }),
    ]);
    expect(await find(database, md5('collision'))).toHaveLength(2);
    expect(await find(database, sha256('a'))).toHaveLength(1);
  });

  test('an answer for an ambiguous digest alone belongs to none of its files', async () => {
    const pair = [item({ md5: md5('x'), sha256: sha256('a') }), item({ md5: md5('x'), sha256: sha256('b') })];
    const database = await databaseWith(
      pair,
      [item({ md5: md5('x') }, { status: 3 })],
      [item({ md5: md5('x') }, { status: 3 })],
    );
    const files = await find(database, md5('x'));
    expect(files.map((file) => Object.keys(file.digests).length)).toEqual([2, 2, 1]);
    expect(await database.read('itemsOfFile', { fileId: 1 })).toMatchObject([{ status: 4 }]);
  });

  test('an answer that follows a merge in the same batch finds what was moved', async () => {
    const database = await databaseWith([
      item({ md5: md5(1) }, { source: 1 }),
      item({ sha1: sha1(1), sha256: sha256(1) }, { source: 1 }),
      item({ md5: md5(1), sha1: sha1(2), sha256: sha256(1) }, { source: 2 }),
      item({ md5: md5(1) }, { source: 2 }),
    ]);
    expect((await database.read('itemsOfFile', { fileId: 1 })).map(({ source }) => source)).toEqual([1, 2]);
  });

  test('two digests that share their first six bytes stay apart', async () => {
    const one = `${'ab'.repeat(6)}${'0'.repeat(52)}` as HexDigest;
    const two = `${'ab'.repeat(6)}${'1'.repeat(52)}` as HexDigest;
    const database = await databaseWith([item({ sha256: one }), item({ sha256: two })]);
    expect(await find(database, one)).toMatchObject([{ id: 1 }]);
    expect(await find(database, two)).toMatchObject([{ id: 2 }]);
  });

  test('what Assay read itself makes a link certain and never hides a contradiction', async () => {
    const set = { md5: md5(1), sha1: sha1(1), sha256: sha256(1) };
    const database = await databaseWith([item(set)]);
    const other = { ...set, sha256: sha256('other') };
    expect(await database.write('learnComputedLinks', { sets: [set, other], at: 1 })).toMatchObject({ changed: 2 });
    expect(await find(database, md5(1))).toEqual([
      { id: 1, digests: set, links: 0x011 },
      { id: 2, digests: other, links: 0x011 },
    ]);
    expect(await database.write('learnComputedLinks', { sets: [set], at: 1 })).toMatchObject({ changed: 0 });
  });

  test('what Assay reads off a file nobody knew tells only others something', async () => {
    const set = { md5: md5(1), sha1: sha1(1), sha256: sha256(1) };
    const database = await databaseWith([]);
    const learn = (sets: readonly DigestSet[], since?: number) =>
      database.write('learnComputedLinks', { sets, at: 1, ...(since === undefined ? {} : { since }) });
    expect(await learn([set], 0)).toEqual({ changed: 1, seq: 1, isQuiet: true });
    expect(await learn([set], 1)).toEqual({ changed: 0, seq: 1, isQuiet: true });
    // Behind the feed, or a row that was there with less: somebody's verdict may rest on it.
    expect(await learn([{ sha256: sha256(2) }], 0)).toMatchObject({ isQuiet: false });
    expect(await learn([{ md5: md5(2), sha256: sha256(2) }], 2)).toMatchObject({ changed: 1, isQuiet: false });
    expect(await learn([{ sha256: sha256(3) }])).toMatchObject({ changed: 1, isQuiet: false });
  });

  test('no order and no batching of answers loses one, and the tables stay sound', async () => {
    const digests = fc
      .record({ md5: fc.option(fc.nat(3)), sha1: fc.option(fc.nat(3)), sha256: fc.option(fc.nat(3)) })
      .filter((set) => set.md5 !== null || set.sha1 !== null || set.sha256 !== null)
      .map((set): DigestSet => ({
        ...(set.md5 === null ? {} : { md5: md5(set.md5) }),
        ...(set.sha1 === null ? {} : { sha1: sha1(set.sha1) }),
        ...(set.sha256 === null ? {} : { sha256: sha256(set.sha256) }),
      }));
    const record = fc.tuple(digests, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 }), fc.nat(5));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 4 }), async (batches) => {
        const items = batches.map((batch) =>
          batch.map(([set, source, status, scannedAt]) => item(set, { source, status, scannedAt })),
        );
        const database = await databaseWith(...items);
        expect(await database.read('verifyTables', undefined)).toEqual([]);
        for (const each of items.flat()) {
          for (const hash of Object.values(each.digests)) {
            const files = await find(database, hash);
            const found = await Promise.all(files.map((file) => database.read('itemsOfFile', { fileId: file.id })));
            const same = found.flat().filter((stored) => stored.source === each.source);
            expect(same.some((stored) => (stored.scannedAt ?? -1) >= (each.scannedAt ?? -1))).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
