import { expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { itemDetailsOfFile, itemDetailsOfFiles } from '#main/db/repositories/evidence.ts';
import { startReading } from '#main/db/start.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const report = {
  intakeId: 3,
  format: 'csv',
  title: 'Case 7',
  path: '/tmp/report.csv',
  madeAt: 1_790_000_000,
  madeBy: 'Assay 0.1.0',
  rows: 12,
  bytes: 345,
} as const;

it('lists the reports of an intake, newest first, and knows each by its seal', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const seal = (byte: number): Buffer => Buffer.alloc(32, byte);
  const first = await database.write('noteReport', { ...report, seal: seal(1) });
  await database.write('noteReport', { ...report, intakeId: 4, seal: seal(2) });
  const last = await database.write('noteReport', { ...report, title: 'again', madeAt: 1_790_000_060, seal: seal(1) });
  expect(await database.read('writtenReports', { intakeId: 3, limit: 10 })).toEqual([
    { ...report, id: last, title: 'again', madeAt: 1_790_000_060 },
    { ...report, id: first },
  ]);
  expect(await database.read('writtenReports', { intakeId: 3, limit: 1 })).toHaveLength(1);
  expect(await database.read('reportSealedAt', { seal: seal(1) })).toBe(1_790_000_060);
  expect(await database.read('reportSealedAt', { seal: seal(9) })).toBeNull();
  await database.close();
});

it('reads what is said of many files as of each by itself', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const items = [1, 2, 3].flatMap((n) =>
    [1, 5].map((source) => ({
      digests: { sha256: `${n}`.repeat(64) as HexDigest },
      source,
      status: 4,
      noAnswer: null,
      score: n,
      threat: `t${n}`,
      rawCode: null,
      firstSeen: null,
      scannedAt: n,
    })),
  );
  await database.write('importItems', { items, at: 1 });
  const { db, use } = startReading(database.file);
  const found = itemDetailsOfFiles(db, [1, 2]);
  expect(found.map(({ fileId, source, threat }) => [fileId, source, threat])).toEqual([
    [1, 1, 't1'],
    [1, 5, 't1'],
    [2, 1, 't2'],
    [2, 5, 't2'],
  ]);
  expect(found).toEqual([1, 2].flatMap((id) => itemDetailsOfFile(db, id)));
  db.close();
  use.release();
  await database.close();
});
