import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GaugeKind, MetricKind } from '#main/db/change-kinds.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { originOf, startOfLevel, type MetricLevel } from '#main/db/repositories/metrics/levels.ts';
import { queueWorld, write } from '../queue/world.ts';

/** 2026-03-10 00:00 UTC, a Tuesday. */
const MIDNIGHT = 1_773_100_800;
const MONDAY = MIDNIGHT - 86_400;

type Event = { readonly at: number; readonly kind: MetricKind; readonly amount: number; readonly detail?: string };

function record(db: WritableDb, events: readonly Event[]): void {
  for (const one of events) {
    write(db, 'recordMetric', one);
  }
}

function folded(events: readonly Event[]): ReturnType<typeof queueWorld> {
  const world = queueWorld();
  record(world.db, events);
  write(world.db, 'foldMetrics', undefined);
  return world;
}

test('intervals begin at UTC midnights, those of weeks on Mondays, and hold their extremes and what was last', () => {
  const kind = 'databaseBytes';
  const { db, reads } = folded([
    { kind, at: MIDNIGHT + 59, amount: 5 },
    { kind, at: MIDNIGHT + 3_500, amount: 9 },
    { kind, at: MIDNIGHT + 3_599, amount: 2 },
    { kind, at: MIDNIGHT + 3_600, amount: 7 },
    { kind, at: MIDNIGHT - 1, amount: 1 },
  ]);
  const told = (stepSeconds: number, level: MetricLevel): unknown =>
    reads
      .metricSums(db, { kinds: [kind], from: MONDAY, to: MONDAY + 7 * 86_400, stepSeconds, level })
      .map((row) => [row.bucket - MIDNIGHT, row.n, row.sum, row.least, row.most, row.last, row.lastAt - MIDNIGHT]);
  const hour = [0, 3, 16, 2, 9, 2, 3_599];
  const before = [-3_600, 1, 1, 1, 1, 1, -1];
  expect(told(3_600, 1)).toEqual([before, hour, [3_600, 1, 7, 7, 7, 7, 3_600]]);
  expect(told(3_600, 0)).toEqual(told(3_600, 1));
  expect(told(86_400, 2)).toEqual([
    [-86_400, 1, 1, 1, 1, 1, -1],
    [0, 4, 23, 2, 9, 7, 3_600],
  ]);
  expect(told(7 * 86_400, 2)).toEqual([[-86_400, 5, 24, 1, 9, 7, 3_600]]);
  expect(() => told(90, 0)).toThrow(RangeError);
  expect(() => told(1_800, 1)).toThrow(RangeError);
});

test('intervals of any step add up to the same, whatever the level they are told from', () => {
  const events = fc.array(
    fc.record({
      at: fc.integer({ min: MONDAY - 20 * 86_400, max: MONDAY + 20 * 86_400 }),
      kind: fc.constant('pairsSent' as const),
      amount: fc.nat(9),
    }),
    { maxLength: 30 },
  );
  const steps = fc.constantFrom<[number, MetricLevel]>([300, 0], [3_600, 0], [43_200, 1], [86_400, 1], [604_800, 2]);
  const { db, reads } = queueWorld();
  fc.assert(
    fc.property(events, steps, (all, [stepSeconds, level]) => {
      db.exec('DELETE FROM metric_rollups');
      record(db, all);
      write(db, 'foldMetrics', undefined);
      const naive = new Map<number, number>();
      for (const { at, amount } of all) {
        const origin = originOf(stepSeconds);
        const bucket = Math.floor((at - origin) / stepSeconds) * stepSeconds + origin;
        naive.set(bucket, (naive.get(bucket) ?? 0) + amount);
      }
      const rows = reads.metricSums(db, { kinds: ['pairsSent'], from: 0, to: 4e9, stepSeconds, level });
      expect(rows.map(({ bucket, sum }) => [bucket, sum])).toEqual([...naive].sort((a, b) => a[0] - b[0]));
    }),
    { numRuns: 60 },
  );
});

test('a gauge is told as of a moment, from coarser intervals where minutes are no longer kept', () => {
  const kind: GaugeKind = 'queueDepth';
  const { db, reads } = folded([
    { kind, at: MIDNIGHT, amount: 5 },
    { kind, at: MIDNIGHT + 7_300, amount: 8 },
  ]);
  const before = (at: number): unknown =>
    reads
      .metricBefore(db, { kinds: [kind], before: at })
      .map(({ value, at: writtenAt }) => [value, writtenAt - MIDNIGHT]);
  expect([before(MIDNIGHT), before(MIDNIGHT + 1), before(MIDNIGHT + 7_300)]).toEqual([[], [[5, 0]], [[5, 0]]]);
  expect(before(MIDNIGHT + 7_301)).toEqual([[8, 7_300]]);
  db.exec('DELETE FROM metric_rollups WHERE level = 0');
  expect([before(MIDNIGHT + 7_300), before(MIDNIGHT + 7_301)]).toEqual([[[5, 0]], [[8, 7_300]]]);
});

test('when recording began is told as exactly as it is kept', () => {
  const { db, reads } = folded([
    { kind: 'flips', at: MIDNIGHT + 7_290, amount: 1 },
    { kind: 'pairsSent', at: MIDNIGHT + 99_999, amount: 1 },
  ]);
  const since = () => reads.metricSince(db, { kinds: ['pairsSent'] });
  expect(since()).toEqual({ first: MIDNIGHT + 99_960, recording: MIDNIGHT + 7_260 });
  db.exec('DELETE FROM metric_rollups WHERE level = 0');
  expect(since()).toEqual({ first: MIDNIGHT + 97_200, recording: MIDNIGHT + 7_200 });
  expect(reads.metricSince(db, { kinds: ['syncRun'] }).first).toBeNull();
  expect(queueWorld().reads.metricSince(db, { kinds: [] }).first).toBeNull();
});

test('what was asked before is answered alike before and after folding, and half way', () => {
  const moment = fc.integer({ min: MIDNIGHT - 3 * 86_400, max: MIDNIGHT + 86_400 });
  const event = fc.record({ at: moment, amount: fc.nat(9), detail: fc.constantFrom('fresh', 'queued', 'hash-list') });
  const { db, reads } = queueWorld();
  const told = (from: number, to: number): unknown => [
    reads.metricTotal(db, { kind: 'pairsAvoided', from, to }),
    reads.avoidedSince(db, { at: from * 1000 }),
    reads.databaseSizes(db, { from: startOfLevel(2, from) }),
  ];
  fc.assert(
    fc.property(fc.array(event), fc.array(event), moment, moment, (first, second, a, b) => {
      db.exec('DELETE FROM metric_rollups; DELETE FROM metric_events');
      const [from, to] = [startOfLevel(0, Math.min(a, b)), startOfLevel(0, Math.max(a, b))];
      const all = [...first, ...second].flatMap(({ detail, ...one }) => [
        { ...one, kind: 'pairsAvoided' as const, detail },
        { ...one, kind: 'databaseBytes' as const },
      ]);
      record(db, all.slice(0, first.length * 2));
      write(db, 'foldMetrics', undefined);
      record(db, all.slice(first.length * 2));
      const halfWay = told(from, to);
      write(db, 'foldMetrics', undefined);
      expect(told(from, to)).toEqual(halfWay);
      const inside = all.filter(({ kind, at }) => kind === 'pairsAvoided' && at >= from && at < to);
      expect(reads.metricTotal(db, { kind: 'pairsAvoided', from, to })).toBe(
        inside.reduce((sum, { amount }) => sum + amount, 0),
      );
    }),
    { numRuns: 60 },
  );
});

test('stretches of presence go on while somebody looks each minute, and never overlap', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 });
  const { db, reads } = queueWorld();
  const look = (at: number): void => {
    write(db, 'noteGauges', { at, kinds: [], values: [] });
  };
  const stretches = (from = 0, to = 1e6) => reads.metricPresence(db, { from, to });
  for (const at of [60, 120, 270, 421, 480, 90, 300]) {
    look(at);
  }
  expect(stretches()).toEqual([
    { start: 60, until: 300 },
    { start: 421, until: 480 },
  ]);
  expect([
    stretches(270, 400),
    stretches(480, 500),
    stretches(481, 500),
    stretches(0, 60),
    stretches(301, 421),
  ]).toEqual([[{ start: 60, until: 300 }], [{ start: 421, until: 480 }], [], [], []]);
  fc.assert(
    fc.property(looks, (all) => {
      db.exec('DELETE FROM metric_presence');
      all.forEach(look);
      const found = stretches();
      for (const at of all) {
        expect(found.some(({ start, until }) => start <= at && at <= until)).toBe(true);
      }
      found.forEach(({ start, until }, index) => {
        expect(until).toBeGreaterThanOrEqual(start);
        expect(start).toBeGreaterThan(found[index - 1]?.until ?? -1);
      });
    }),
    { numRuns: 60 },
  );
});

test('gauges are written when they changed and not otherwise; what is gone is nought', () => {
  const world = queueWorld();
  const { db, reads } = world;
  const note = (at: number, amount: number): void => {
    const values = amount === 0 ? [] : [{ kind: 'listEntries', detail: 'malicious', amount } as const];
    write(db, 'foldMetrics', undefined);
    write(db, 'noteGauges', { at, kinds: ['listEntries'], values });
  };
  note(MIDNIGHT, 0);
  note(MIDNIGHT + 60, 3);
  note(MIDNIGHT + 120, 3);
  world.enqueue(['ab'.repeat(32)]);
  note(MIDNIGHT + 180, 3);
  note(MIDNIGHT + 240, 0);
  // The clock was set back: what was written of later is not what was known then.
  note(MIDNIGHT + 90, 4);
  note(MIDNIGHT + 95, 4);
  write(db, 'foldMetrics', undefined);
  const written = reads.metricSums(db, {
    kinds: ['listEntries', 'queueDepth', 'itemsTotal'],
    from: 0,
    to: 4e9,
    stepSeconds: 60,
    level: 0,
  });
  expect(
    written.map(({ kind, source, detail, bucket, n, last }) => [kind, detail || source, bucket - MIDNIGHT, n, last]),
  ).toEqual([
    ['listEntries', 'malicious', 60, 2, 4],
    ['listEntries', 'malicious', 240, 1, 0],
    // Of all sources together, then of the one.
    ['queueDepth', 0, 60, 1, 1],
    ['queueDepth', 0, 180, 1, 1],
    ['queueDepth', 1, 60, 1, 1],
    ['queueDepth', 1, 180, 1, 1],
    ['itemsTotal', 'unknown', 60, 1, 1],
    ['itemsTotal', 'unknown', 180, 1, 1],
  ]);
});
