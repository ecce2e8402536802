import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { freeUsage } from '#main/services/life/room/free-usage.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from '../cache/open-cache.ts';

/** 2026-06-04 12:00 UTC. */
const NOON = Date.UTC(2026, 5, 4, 12) / 1000;
const DAYS = 40;

test('minutes of the board give way to the maximum size beyond their share, the oldest first, hours and days never', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  onTestFinished(() => database.close());
  for (let day = 0; day < DAYS; day += 1) {
    for (let n = 0; n < 20; n += 1) {
      const at = NOON - day * 86_400 - n * 60;
      await database.write('recordMetric', { kind: 'pairsSent', source: 1, at });
      await database.write('recordMetric', { kind: 'databaseBytes', at, amount: 1000 + n });
    }
  }
  await database.write('foldMetrics', undefined);
  const minutes = () => database.read('minuteRollups', undefined);
  const sent = () => database.read('metricTotal', { kind: 'pairsSent', from: NOON - DAYS * 86_400, to: NOON + 60 });
  const free = (over: number, keep: number) =>
    freeUsage({ database, nowMs: NOON * 1000, over: async () => over }, keep, never);
  const all = (await minutes()).rows;
  expect(await free(0, 0)).toBe(true);
  expect((await minutes()).rows).toBe(all);
  expect(await free(9, (all * 34) / 2)).toBe(false);
  const { rows, first } = await minutes();
  expect([rows > all / 4, rows <= all / 2, (first ?? 0) > NOON - 30 * 86_400]).toEqual([true, true, true]);
  await free(9, 0);
  // The last day stays, and of the gauge its last value before.
  const left = await minutes();
  expect([left.rows > 20, left.rows <= 42]).toEqual([true, true]);
  expect(await sent()).toBe(DAYS * 20);
  expect(await database.read('metricBefore', { kinds: ['databaseBytes'], before: NOON - 86_400 })).toMatchObject([
    { value: 1000 + 1 },
  ]);
});
