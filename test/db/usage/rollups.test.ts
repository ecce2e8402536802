import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { METRIC, type MetricKind } from '#main/db/change-kinds.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { reads, writes } from '#main/db/repositories/index.ts';
import { METRIC_LEVELS } from '#main/db/repositories/metrics/levels.ts';
import { startWriting } from '#main/db/start.ts';
import { startWrite } from '#main/db/threads/run.ts';
import { write } from '../queue/world.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { inOrder, naivelyPruned, naiveRollups, type PlainRollup, type Recorded } from './naive.ts';

/** 2026-03-10 00:00 UTC. */
const MIDNIGHT = 1_773_100_800;
const KINDS = ['pairsSent', 'requestSettled', 'queueDepth', 'itemsTotal'] as const satisfies readonly MetricKind[];

/** Around two midnights, close enough for intervals to be shared, in any order: late, early, by clocks that were set back. */
const moment = fc.oneof(
  fc.integer({ min: MIDNIGHT - 200, max: MIDNIGHT + 200 }),
  fc.integer({ min: MIDNIGHT - 90_000, max: MIDNIGHT + 90_000 }),
  fc.integer({ min: 0, max: 100 }),
);
const event = fc.record({
  at: moment,
  kind: fc.constantFrom(...KINDS),
  source: fc.constantFrom(0, 1, 5),
  detail: fc.constantFrom(null, '', 'answer', 'lost'),
  amount: fc.integer({ min: -3, max: 1e9 }),
});
const by = fc.nat(1);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('record'), by, events: fc.array(event, { maxLength: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('many'), by, of: event, count: fc.integer({ min: 200, max: 700 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fold'), by }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut between'), by }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut within'), by }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune'), by, before: fc.tuple(moment, moment, moment) }) },
);

function handles(): readonly [WritableDb, WritableDb] {
  const file = join(temporaryDirectory(), 'assay.db');
  return [opened(file), opened(file)];
}

function opened(file: string): WritableDb {
  const { db, use } = startWriting(file);
  onTestFinished(() => {
    db.close();
    use.release();
  });
  return db;
}

function stored(db: WritableDb): PlainRollup[] {
  return inOrder(
    db
      .prepare(
        `SELECT level, kind, source, detail, start, n, sum, least, most, last, last_at
         FROM metric_rollups JOIN metric_series ON metric_series.id = series WHERE level <= 2`,
      )
      .raw()
      .all() as PlainRollup[],
  );
}

function record(db: WritableDb, events: readonly Recorded[]): void {
  const put = db.prepare('INSERT INTO metric_events (at, kind, source, amount, detail) VALUES (?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const { at, kind, source, amount, detail } of events) {
      put.run(at, METRIC[kind], source, amount, detail);
    }
  })();
}

/** A fold whose process ends after its first transaction. */
function cutBetween(db: WritableDb): void {
  const run = startWrite(db, 'foldMetrics', { sliceMs: 0 });
  run.step();
  run.abandon();
}

/** A fold whose process ends before its first transaction is committed. */
function cutWithin(db: WritableDb): void {
  db.exec('BEGIN IMMEDIATE');
  writes.foldMetrics(db, { sliceMs: 0 }).next();
  db.exec('ROLLBACK');
}

test('roll-ups of any interleaving are those of the list of all events', () => {
  const worlds = handles();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const [db] = worlds;
      db.exec('DELETE FROM metric_rollups; DELETE FROM metric_series; DELETE FROM metric_events');
      // What is kept of each level; a level forgets by a moment of its own.
      let kept: readonly (readonly Recorded[])[] = [[], [], []];
      const put = (handle: WritableDb, events: readonly Recorded[]): void => {
        record(handle, events);
        kept = kept.map((all) => [...all, ...events]);
      };
      for (const one of steps) {
        const handle = worlds[one.by] ?? db;
        if ('events' in one) {
          put(handle, one.events);
        } else if ('count' in one) {
          put(
            handle,
            Array.from({ length: one.count }, (_, n) => ({ ...one.of, at: one.of.at + n })),
          );
        } else if ('before' in one) {
          const [minutes, hours, days] = one.before;
          write(handle, 'foldMetrics', undefined);
          write(handle, 'pruneMetrics', { minutes, hours, days });
          kept = METRIC_LEVELS.map((level) => naivelyPruned(level, kept[level] ?? [], one.before[level]));
        } else if (one.kind === 'cut between') {
          cutBetween(handle);
        } else if (one.kind === 'cut within') {
          cutWithin(handle);
        } else {
          write(handle, 'foldMetrics', undefined);
        }
      }
      write(db, 'foldMetrics', undefined);
      expect(reads.hasMetricEvents(db)).toBe(false);
      expect(stored(db)).toEqual(inOrder(METRIC_LEVELS.flatMap((level) => naiveRollups(level, kept[level] ?? []))));
    }),
    { numRuns: 150 },
  );
});

test('an event folded is in no other place, and one that is not is in no roll-up', () => {
  const [db, other] = handles();
  const one = { at: MIDNIGHT, kind: 'pairsSent', source: 1, detail: null, amount: 1 } as const;
  record(
    db,
    Array.from({ length: 600 }, () => one),
  );
  cutBetween(other);
  const left = db.prepare<[], number>('SELECT count(*) FROM metric_events').pluck(true).get() ?? 0;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(600);
  expect(stored(db).map(([level, , , , , n]) => [level, n])).toEqual([0, 1, 2].map((level) => [level, 600 - left]));
  expect(reads.metricTotal(db, { kind: 'pairsSent', from: MIDNIGHT, to: MIDNIGHT + 1 })).toBe(600);
});

test('of several events of one second the one that was recorded last is the last, folded together or apart', () => {
  const [db, other] = handles();
  const one = { at: MIDNIGHT + 5, kind: 'queueDepth', source: 1, detail: null } as const;
  const last = (): unknown => reads.metricBefore(db, { kinds: ['queueDepth'], before: MIDNIGHT + 6 })[0]?.value;
  record(db, [{ ...one, amount: 4 }]);
  write(db, 'foldMetrics', undefined);
  record(other, [{ ...one, amount: 3 }]);
  write(other, 'foldMetrics', undefined);
  expect(last()).toBe(3);
  record(db, [
    { ...one, amount: 9 },
    { ...one, amount: 2 },
    { ...one, at: MIDNIGHT + 4, amount: 7 },
  ]);
  write(other, 'foldMetrics', undefined);
  expect(last()).toBe(2);
});
