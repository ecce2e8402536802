import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { MetricKind } from '#main/db/change-kinds.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import { createCacheAge } from '#main/services/usage/recording/cache-age.ts';
import { lookOnce, startSampling, type SlowLook } from '#main/services/usage/recording/sampling.ts';
import { item, sha256 } from '../../db/queue/world.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { fakeTime } from '../../unit/outbound/fake-time.ts';

/** 2026-06-04 12:00:20 UTC. */
const START = Date.UTC(2026, 5, 4, 12, 0, 20);
const MINUTE = 60_000;

async function sampled(slow: readonly SlowLook[] = []) {
  const database = await openInlineDatabase(temporaryDirectory());
  onTestFinished(() => database.close());
  const time = fakeTime(START);
  const faults: unknown[] = [];
  const size = { bytes: 4096, fails: false };
  const start = () =>
    startSampling({
      database,
      size: async () => {
        if (size.fails) {
          throw new Error('no size');
        }
        return { bytes: size.bytes };
      },
      slow,
      timer: time,
      onFault: (error) => faults.push(error),
    });
  return { database, time, faults, size, start };
}

/** Second of the day's noon hour, and value, of each minute that has one. */
async function written(database: Database, kind: MetricKind, detail?: string): Promise<unknown> {
  await database.write('foldMetrics', undefined);
  const rows = await database.read('metricSums', { kinds: [kind], from: 0, to: 4e9, stepSeconds: 60, level: 0 });
  return rows
    .filter((row) => detail === undefined || row.detail === detail)
    .map(({ lastAt, n, last }) => (n === 1 ? [lastAt - START / 1000, last] : [lastAt - START / 1000, last, n]));
}

const presence = async (database: Database): Promise<unknown> =>
  (await database.read('metricPresence', { from: 0, to: 4e9 })).map(({ start, until }) => [
    start - START / 1000,
    until - START / 1000,
  ]);

test('gauges are looked at as each minute begins, and written when they changed', async () => {
  const { database, time, size, start } = await sampled();
  const stop = start();
  await time.pass(3 * MINUTE);
  size.bytes = 5000;
  await time.pass(2 * MINUTE);
  await stop();
  expect(await written(database, 'databaseBytes')).toEqual([
    [0, 4096],
    [220, 5000],
  ]);
  expect(await presence(database)).toEqual([[0, 300]]);
});

test('what happened is folded meanwhile', async () => {
  const { database, time, start } = await sampled();
  const stop = start();
  await database.write('recordMetric', { kind: 'pairsSent', at: START / 1000, amount: 4 });
  await time.pass(MINUTE);
  expect(await database.read('hasMetricEvents', undefined)).toBe(false);
  await stop();
});

test('a machine that slept is away, and everything is written anew when it is back', async () => {
  const { database, time, start } = await sampled();
  const stop = start();
  await time.pass(2 * MINUTE);
  time.jump(3_600_000);
  await time.pass(MINUTE);
  await stop();
  const stretches = (await presence(database)) as number[][];
  expect(stretches).toHaveLength(2);
  expect([stretches[0]?.[0], (stretches[1]?.[0] ?? 0) - (stretches[0]?.[1] ?? 0) > 3_500]).toEqual([0, true]);
  expect(await written(database, 'databaseBytes')).toEqual([
    [0, 4096],
    [stretches[1]?.[0], 4096],
  ]);
});

test('by a clock that was set back no stretch ends before it begins or overlaps', async () => {
  const { database, time, start } = await sampled();
  const stop = start();
  await time.pass(10 * MINUTE);
  time.jump(-5 * MINUTE);
  await time.pass(2 * MINUTE);
  expect(await presence(database)).toEqual([[0, 580]]);
  await time.pass(10 * MINUTE);
  await stop();
  const stretches = (await presence(database)) as number[][];
  expect(stretches).toHaveLength(1);
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('the next process goes on with the stretch when it comes at once', async () => {
  const { database, time, start } = await sampled();
  await (
    await sampledFor(start, time)
  )();
  await time.pass(MINUTE);
  await (
    await sampledFor(start, time)
  )();
  await time.pass(10 * MINUTE);
  await (
    await sampledFor(start, time)
  )();
  expect(await presence(database)).toEqual([
    [0, 180],
    [780, 840],
  ]);
});

async function sampledFor(
  start: () => () => Promise<void>,
  time: ReturnType<typeof fakeTime>,
): Promise<() => Promise<void>> {
  const stop = start();
  await time.pass(MINUTE);
  return stop;
}

async function list(database: Database, side: 'malicious' | 'non-malicious', n: number, expiresAt: number | null) {
  const lists = createHashList(database, { clock: { now: () => START }, analyst: () => 'kim' });
  await lists.add({ side, groups: [{ sha256: sha256(n) }], note: '', reason: '', expiresAt });
}

test('entries of the hash list count by side until they expire', async () => {
  const { database, time, start } = await sampled();
  await list(database, 'malicious', 1, null);
  await list(database, 'malicious', 2, START / 1000 + 90);
  await list(database, 'non-malicious', 3, START / 1000 - 5);
  const stop = start();
  await time.pass(3 * MINUTE);
  await list(database, 'non-malicious', 4, null);
  await time.pass(MINUTE);
  await stop();
  expect(await written(database, 'listEntries', 'malicious')).toEqual([
    [0, 2],
    [100, 1],
  ]);
  expect(await written(database, 'listEntries', 'non-malicious')).toEqual([[220, 1]]);
});

test('answers are counted by age, once an hour, by who stays', async () => {
  const { database, time } = await sampled();
  const heard = (days: number) => START / 1000 - Math.floor(days * 86_400);
  const items = [0.5, 0.9, 3, 40, 89, 90, 400].map((days, n) => ({
    ...item({ sha256: sha256(n) }, 'malicious', heard(days)),
    scannedAt: heard(days),
  }));
  await database.write('importItems', { items, at: START / 1000 });
  const looks: number[] = [];
  const look = createCacheAge({
    read: (name, args) => {
      looks.push(1);
      return database.read(name, args);
    },
  });
  const stop = startSampling({
    database,
    size: async () => ({ bytes: 1 }),
    slow: [look],
    timer: time,
    onFault: (error) => {
      throw error;
    },
  });
  await time.pass(4 * MINUTE);
  expect(looks).toEqual([]);
  await time.pass(3 * MINUTE);
  expect(looks).toEqual([1]);
  const now = Object.fromEntries(
    (await database.read('metricBefore', { kinds: ['cacheAge'], before: 4e9 })).map(({ detail, value }) => [
      detail,
      value,
    ]),
  );
  expect(now).toEqual({ day: 2, week: 1, quarter: 2, older: 2 });
  await time.pass(60 * MINUTE);
  expect(looks).toEqual([1, 1]);
  await stop();
});

test('a look that fails is told, and the next one goes on', async () => {
  const { database, time, faults, size, start } = await sampled();
  size.fails = true;
  const stop = start();
  await time.pass(MINUTE);
  expect(faults.map(String)).toEqual(['Error: no size', 'Error: no size']);
  size.fails = false;
  await time.pass(MINUTE);
  await stop();
  expect(await presence(database)).toEqual([[100, 120]]);
});

test('who asks looks once, unless somebody looks each minute', async () => {
  const { database, time, start } = await sampled();
  const size = () => Promise.resolve({ bytes: 7000 });
  await lookOnce({ database, size }, START);
  await lookOnce({ database, size }, START + 2 * MINUTE);
  expect([await written(database, 'databaseBytes'), await presence(database)]).toEqual([[[0, 7000]], [[0, 0]]]);
  await lookOnce({ database, size }, START + 10 * MINUTE);
  expect(await presence(database)).toEqual([
    [0, 0],
    [600, 600],
  ]);
  await time.pass(20 * MINUTE);
  const stop = start();
  await time.pass(MINUTE);
  await lookOnce({ database, size }, time.now());
  await stop();
  expect(await written(database, 'databaseBytes')).toEqual([
    [0, 7000],
    [600, 7000],
    [1200, 4096],
  ]);
});

test('a slow look of many minutes leaves no gap, and is one look', async () => {
  let begun = 0;
  let release = (): void => undefined;
  const slow: SlowLook = async () => {
    begun += 1;
    await new Promise<void>((resolve) => (release = resolve));
    return null;
  };
  const { database, time, start } = await sampled([slow]);
  const stop = start();
  await time.pass(20 * MINUTE);
  expect([begun, await presence(database)]).toEqual([1, [[0, 1180]]]);
  release();
  await time.pass(2 * MINUTE);
  expect(begun).toBe(2);
  release();
  await stop();
});
