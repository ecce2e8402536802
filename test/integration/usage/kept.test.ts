import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { openWritable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { createEngine } from '#main/engine.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from '../cache/open-cache.ts';

/** 2026-06-04 12:00 UTC. */
const NOON = Date.UTC(2026, 5, 4, 12) / 1000;

async function sent(database: Database, at: number, amount: number): Promise<void> {
  await database.write('recordMetric', { kind: 'pairsSent', source: 1, at, amount });
}

/** What was counted and folded, by minute, hour and day, and the stretches in which somebody looked. */
async function counted(database: Database): Promise<unknown> {
  const levels = [60, 3_600, 86_400].map((stepSeconds, level) =>
    database.read('metricSums', {
      kinds: ['pairsSent', 'queueDepth'],
      from: 0,
      to: 4e9,
      stepSeconds,
      level: level as 0 | 1 | 2,
    }),
  );
  const sums = (await Promise.all(levels)).flat();
  const told = sums.map(({ kind, bucket, n, sum }) => `${kind} ${bucket - NOON} ${n} ${sum}`);
  const presence = await database.read('metricPresence', { from: 0, to: 4e9 });
  return [told, presence.map(({ start, until }) => [start - NOON, until - NOON])];
}

async function look(database: Database, at: number): Promise<void> {
  await database.write('noteGauges', { at, kinds: [], values: [] });
}

test('a restored backup takes nothing back that was counted, and counts nothing twice', async () => {
  const root = temporaryDirectory();
  const directory = join(root, 'data');
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => engine.dispose());
  const { database } = engine;
  await sent(database, NOON, 3);
  await look(database, NOON);
  await database.write('foldMetrics', undefined);
  await sent(database, NOON + 1, 4);
  await engine.cache.backup(join(root, 'backup'), () => undefined, never);
  await sent(database, NOON + 90, 5);
  await look(database, NOON + 90);
  await database.write('foldMetrics', undefined);
  await sent(database, NOON + 91, 6);
  await engine.cache.restore(join(root, 'backup'));
  await engine.dispose();

  const restored = await openInlineDatabase(directory);
  onTestFinished(() => restored.close());
  expect(await restored.read('metricTotal', { kind: 'pairsSent', from: 0, to: 4e9 })).toBe(3 + 4 + 5 + 6);
  expect(await restored.read('metricPresence', { from: 0, to: 4e9 })).toEqual([{ start: NOON, until: NOON + 90 }]);
  expect(await restored.read('verifyTables', undefined)).toEqual([]);
});

test('a backup restored into another directory counts there as what that one did', async () => {
  const root = temporaryDirectory();
  const there = await createEngine({ directory: join(root, 'there'), threads: 'inline', shell: 'terminal' });
  await sent(there.database, NOON, 3);
  await there.cache.backup(join(root, 'backup'), () => undefined, never);
  await there.dispose();
  const here = await createEngine({ directory: join(root, 'here'), threads: 'inline', shell: 'terminal' });
  await sent(here.database, NOON + 60, 50);
  await here.cache.restore(join(root, 'backup'));
  await here.dispose();
  const restored = await openInlineDatabase(join(root, 'here'));
  onTestFinished(() => restored.close());
  expect(await restored.read('metricTotal', { kind: 'pairsSent', from: 0, to: 4e9 })).toBe(50);
});

test('a rescue of a damaged database keeps what was counted, and counts nothing twice', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const database = await openInlineDatabase(directory);
  // Some thousand events leave pages behind when they are folded: what stood on them must not come back.
  for (let n = 0; n < 3_000; n += 1) {
    await sent(database, NOON + n, 1);
  }
  await look(database, NOON);
  await look(database, NOON + 60);
  await database.write('foldMetrics', undefined);
  await sent(database, NOON + 9_999, 2);
  const expected = await counted(database);
  await database.close();
  const file = join(directory, 'assay.db');
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 0, 16);
  writeFileSync(file, bytes);

  const rescued = await openInlineDatabase(directory);
  onTestFinished(() => rescued.close());
  expect(rescued.salvaged).not.toBeNull();
  expect(await rescued.read('metricTotal', { kind: 'pairsSent', from: 0, to: 4e9 })).toBe(3_002);
  expect(await counted(rescued)).toEqual(expected);
  expect(await rescued.read('verifyTables', undefined)).toEqual([]);
});

test('what lost its name in damage is let go, and no new name takes it over', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const database = await openInlineDatabase(directory);
  await sent(database, NOON, 1);
  await database.write('recordMetric', { kind: 'flips', source: 5, at: NOON, amount: 9, detail: 'to-malicious' });
  await database.write('foldMetrics', undefined);
  await database.close();
  const file = join(directory, 'assay.db');
  const db = openWritable(file);
  db.exec('DELETE FROM metric_series WHERE source = 5');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const verified = await openInlineDatabase(directory);
  expect(await verified.read('verifyTables', undefined)).toEqual([
    '3 intervals of the record of use count nothing that has a name',
  ]);
  await verified.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 0, 16);
  writeFileSync(file, bytes);
  const rescued = await openInlineDatabase(directory);
  onTestFinished(() => rescued.close());
  await rescued.write('recordMetric', { kind: 'syncRun', at: NOON, detail: 'done' });
  await rescued.write('foldMetrics', undefined);
  expect(await rescued.read('metricTotal', { kind: 'syncRun', from: 0, to: 4e9 })).toBe(1);
  expect(await rescued.read('metricTotal', { kind: 'pairsSent', from: 0, to: 4e9 })).toBe(1);
  expect(await rescued.read('verifyTables', undefined)).toEqual([]);
});
