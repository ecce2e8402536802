import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import type { PulledRow } from '#main/db/repositories/sync/types.ts';
import { file, planned, processor, syncWorld, timed, type SyncWorld } from './world.ts';

const MANY = 50_000;
const PAGE = 1000;
/** Milliseconds of processor time, so that a busy machine does not decide. */
const SLICE = 50;
const PAGE_MS = 20;
const TOTAL_MS = 5_000;

test('50,000 indicators: pulled, paired, decided and applied in short transactions; pages come at once', () => {
  const world = syncWorld();
  const { db, job } = world;
  const jobId = job.id;
  const { id: runId } = world.run('reconcile');
  const slices: number[] = [];
  let total = stageAll(world, slices);
  total += planAll(world, runId, slices);
  const applied = timed(db, 'applyPlan', { jobId, runId });
  slices.push(...applied.slices);
  expect(total + applied.total).toBeLessThan(TOTAL_MS);
  // A collection of garbage now and then falls into one of them.
  expect(slices.toSorted((a, b) => a - b)[Math.floor(slices.length * 0.98)]).toBeLessThan(SLICE);
  expect(applied.slices.length).toBeGreaterThan(10);
  const page = { offset: MANY - 100, limit: 100 };
  const times = {
    plan: fastest(() => reads.syncPlanPage(db, { runId, ...page })),
    indicators: fastest(() => reads.syncIndicatorsPage(db, { jobId, which: 'all', ...page })),
    counts: fastest(() => reads.syncCounts(db, { jobId })),
    packages: fastest(() => reads.syncPackages(db, { jobId })),
  };
  expect(Object.entries(times).filter(([, time]) => time >= PAGE_MS)).toEqual([]);
  expect(reads.syncPlanPage(db, { runId, ...page }).rows.at(-1)).toMatchObject({ position: MANY - 1, id: MANY });
});

function stageAll({ db, job }: SyncWorld, slices: number[]): number {
  const one = file(1);
  let total = 0;
  for (let at = 0; at < MANY; at += PAGE) {
    const rows = Array.from({ length: PAGE }, (_, index) => ({ ...one, ...named(at + index + 1) }));
    const took = timed(db, 'stagePulled', { jobId: job.id, rows });
    total += took.total;
    slices.push(...took.slices);
  }
  return total;
}

/** As long as real ones; digesting so many names would take longer than all that is measured here. */
function named(id: number): Pick<PulledRow, 'id' | 'summary' | 'terms'> {
  const sha256 = (id * 2654435761).toString(16).padStart(64, '0');
  return {
    id,
    summary: sha256,
    terms: [
      { kind: 'md5', value: sha256.slice(32) },
      { kind: 'sha1', value: sha256.slice(24) },
      { kind: 'sha256', value: sha256 },
    ],
  };
}

function planAll({ db, job }: SyncWorld, runId: number, slices: number[]): number {
  let total = 0;
  for (let after = 0, isOver = false; !isOver;) {
    const from = processor();
    const pairs = reads.syncPairs(db, { jobId: job.id, after, limit: PAGE, pulledOnly: false });
    total += processor() - from;
    const took = timed(db, 'putPlan', { runId, rows: pairs.map(({ id }) => planned(id, 'new')) });
    total += took.total;
    slices.push(...took.slices);
    after = pairs.at(-1)?.id ?? after;
    isOver = pairs.length === 0;
  }
  return total;
}

/** The least of three. */
function fastest(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const from = processor();
    work();
    return processor() - from;
  });
  return Math.min(...times);
}
