import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXPOSED, prometheusText } from '#main/destinations/usage/prometheus.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { Database } from '#main/db/port.ts';
import { createSettings } from '#main/settings/settings.ts';
import { createUsage } from '#main/services/usage/usage.ts';
import { freeUsage } from '#main/services/life/room/free-usage.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from '../cache/open-cache.ts';

const DAY = 86_400;
/** 2026-06-04 12:00 UTC. */
const NOON = Date.UTC(2026, 5, 4, 12) / 1000;
const DAYS = 40;

async function engineAt(now: number, directory = join(temporaryDirectory(), 'data')): Promise<Engine> {
  const clock = { now: () => now * 1000 };
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', clock });
  onTestFinished(() => engine.dispose());
  return engine;
}

/** A call a minute for the first hour of the afternoon of each of some days. */
async function record({ database }: Engine, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    for (let minute = 0; minute < 60; minute += 10) {
      await database.write('recordMetric', { kind: 'pairsSent', source: 1, at: NOON - day * DAY + minute * 60 });
    }
  }
  await database.write('foldMetrics', undefined);
}

const hourOf = ({ usage }: Pick<Engine, 'usage'>, day: number) =>
  usage.panel({
    panel: 'outbound-items',
    from: NOON - day * DAY,
    to: NOON - day * DAY + 3600,
    points: 60,
    compare: false,
  });

test('minutes that gave way to the maximum size are not shown as minutes in which nothing happened', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, DAYS);
  expect(await hourOf(engine, 30)).toMatchObject({ stepSeconds: 60, total: 6 });
  const { database } = engine;
  await freeUsage({ database, nowMs: (NOON + 3600) * 1000, over: async () => 9 }, 0, never);
  expect(await hourOf(engine, 30)).toMatchObject({ stepSeconds: 3600, totals: [6], total: 6 });
  // What is still kept is told as finely as before.
  expect(await hourOf(engine, 0)).toMatchObject({ stepSeconds: 60, total: 6 });
});

test('a retention that was short and is long again shows what is left, in the intervals that are', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, DAYS);
  const { database } = engine;
  const before = (days: number): number => NOON - days * DAY;
  await database.write('pruneMetrics', { minutes: before(1), hours: before(7), days: before(31) });
  expect(await hourOf(engine, 3)).toMatchObject({ stepSeconds: 3600, total: 6 });
  expect(await hourOf(engine, 20)).toMatchObject({ stepSeconds: DAY, total: 6 });
  const query = { panel: 'outbound-items', points: 4, compare: false } as const;
  const gone = await engine.usage.panel({ ...query, from: before(36) - (NOON % DAY), to: before(32) - (NOON % DAY) });
  expect(gone).toMatchObject({ stepSeconds: DAY, totals: [null, null, null, null], total: null });
});

test('a clock that was a year ahead lets go of what was there, not of what comes after', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, 2);
  const ahead = NOON + 365 * DAY;
  const before = (days: number): number => ahead - days * DAY;
  await engine.database.write('pruneMetrics', { minutes: before(90), hours: before(400), days: before(3650) });
  expect(await hourOf(engine, 1)).toMatchObject({ stepSeconds: 3600, total: 6 });
  const { directory } = engine;
  await engine.dispose();
  const later = await engineAt(NOON + DAY + 3600, directory);
  await later.database.write('recordMetric', { kind: 'pairsSent', source: 1, at: NOON + DAY });
  expect(await hourOf(later, -1)).toMatchObject({ stepSeconds: 60, total: 1 });
});

test('what was let go of stays let go of when a backup is restored', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, DAYS);
  const backup = join(temporaryDirectory(), 'backup');
  await engine.cache.backup(backup, () => undefined, never);
  await engine.database.write('pruneMetrics', { minutes: NOON - DAY, hours: 0, days: 0 });
  await engine.cache.restore(backup);
  const { directory } = engine;
  await engine.dispose();
  expect(await hourOf(await engineAt(NOON + 3600, directory), 30)).toMatchObject({ stepSeconds: 3600, total: 6 });
});

test('minutes that are let go while a panel is read are not shown as nothing', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, DAYS);
  const { database } = engine;
  const clock = { now: () => (NOON + 3600) * 1000 };
  let isLetGo = false;
  const read: Database['read'] = async (name, args) => {
    if (name === 'metricSums' && !isLetGo) {
      isLetGo = true;
      await database.write('pruneMetrics', { minutes: NOON - DAY, hours: 0, days: 0 });
    }
    return database.read(name, args);
  };
  const usage = createUsage({
    database: { ...database, read },
    settings: createSettings(database, clock),
    sources: engine.sources,
    clock,
    recording: { settle: async () => undefined },
    minuteMs: 60_000,
  });
  expect(await hourOf({ usage }, 30)).toMatchObject({ stepSeconds: 3600, total: 6 });
});

/** Lines of one counter as a scraper reads them, by their labels. */
async function scraped(engine: Engine, name: string): Promise<Readonly<Record<string, number>>> {
  const [soFar, { rows: quotas }] = await Promise.all([engine.usage.soFar(EXPOSED), engine.usage.forecast()]);
  const text = prometheusText({ ...soFar, quotas, version: '1', simulated: false });
  const lines = text.split('\n').filter((line) => line.startsWith(`assay_${name}{`));
  return Object.fromEntries(
    lines.map((line) => [line.slice(line.indexOf('{'), line.indexOf(' ')), Number(line.split(' ')[1])]),
  );
}

test('counters of a scraper do not fall when days are let go, nor when the backup of a fuller record is restored', async () => {
  const engine = await engineAt(NOON + 3600);
  await record(engine, DAYS);
  const all = { '{source="wildfire"}': DAYS * 6 };
  expect(await scraped(engine, 'outbound_items_total')).toEqual(all);
  const backup = join(temporaryDirectory(), 'backup');
  await engine.cache.backup(backup, () => undefined, never);
  for (const days of [31, 20]) {
    await engine.database.write('pruneMetrics', { minutes: NOON, hours: NOON, days: NOON - days * DAY });
    expect(await scraped(engine, 'outbound_items_total')).toEqual(all);
  }
  await engine.cache.restore(backup);
  const { directory } = engine;
  await engine.dispose();
  const restored = await engineAt(NOON + 3600, directory);
  expect(await scraped(restored, 'outbound_items_total')).toEqual(all);
  expect(await restored.database.read('verifyTables', undefined)).toEqual([]);
});

test('counters of a scraper do not fall when an answer is heard that was taken for lost', async () => {
  const engine = await engineAt(NOON + 3600);
  const settled = (detail: string, amount: number) =>
    engine.database.write('recordMetric', { kind: 'requestSettled', source: 5, at: NOON, detail, amount });
  await settled('lost', 1);
  await settled('lost', 1);
  await settled('answer', 1);
  await settled('lost', -1);
  expect(await scraped(engine, 'outbound_requests_total')).toEqual({
    '{source="virustotal",outcome="answer"}': 1,
    '{source="virustotal",outcome="lost"}': 2,
  });
  expect(await scraped(engine, 'outbound_requests_heard_late_total')).toEqual({ '{source="virustotal"}': 1 });
});
