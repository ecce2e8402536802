import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { write } from '../queue/world.ts';
import { DAY, host, NOON, syncWorld } from './world.ts';

test('a run that was cancelled when its process died stays cancelled', () => {
  const world = syncWorld();
  const [run, other] = [world.run('reconcile'), world.run('dry-run')];
  write(world.db, 'cancelSyncRun', { runId: run.id, now: NOON });
  write(world.db, 'interruptSyncRuns', { now: NOON, message: '' });
  expect([run, other].map(({ id }) => reads.syncRun(world.db, { runId: id })?.state)).toEqual([
    'cancelled',
    'interrupted',
  ]);
});

test('an empty package that is to hold something again by now is not forgotten', () => {
  const world = syncWorld();
  world.applied([host(1)]);
  const key = { jobId: world.job.id, type: 'Host', prefix: '' } as const;
  const before = reads.syncPackage(world.db, key);
  write(world.db, 'setPackage', { ...key, dirty: true });
  write(world.db, 'dropPackage', { ...key, touched: before?.touched ?? 0 });
  expect(reads.syncPackage(world.db, key)).toMatchObject({ dirty: true });
  const now = reads.syncPackage(world.db, key);
  write(world.db, 'dropPackage', { ...key, touched: now?.touched ?? 0 });
  expect(reads.syncPackage(world.db, key)).toBeNull();
});

test('of runs that stopped to ask the newest of each job keeps its plan', () => {
  const world = syncWorld();
  const stopped = Array.from({ length: 8 }, () => {
    const run = world.run('reconcile');
    write(world.db, 'stagePulled', { jobId: world.job.id, rows: [host(1)] });
    const row = { id: 1, action: 'new', reason: null, why: '', wanted: true, held: null, heldBy: '' } as const;
    write(world.db, 'putPlan', { runId: run.id, rows: [row] });
    const end = { runId: run.id, state: 'needs-approval', counts: run.counts, message: '', now: NOON } as const;
    return write(world.db, 'endSyncRun', end).id;
  });
  write(world.db, 'pruneSync', { now: NOON + DAY, logDays: 90 });
  const kept = stopped.filter((runId) => reads.syncPlanIds(world.db, { runId, action: 'new' }).length > 0);
  expect(kept).toEqual(stopped.slice(-5));
  for (let later = 0; later < 6; later += 1) {
    world.applied([host(2)]);
  }
  write(world.db, 'pruneSync', { now: NOON + DAY, logDays: 90 });
  expect(reads.syncPlanIds(world.db, { runId: stopped.at(-1) ?? 0, action: 'new' })).toEqual([1]);
});

test('a run moves nothing of a job whose criteria changed while it went, nor what a person moved', () => {
  const { db, job } = syncWorld();
  const { revision, lastModified } = job;
  const end = { jobId: job.id, lastModified: NOON, reconciledAt: NOON, ifStill: { revision, lastModified } };
  write(db, 'advanceSyncJob', { jobId: job.id, lastModified: 5 });
  write(db, 'advanceSyncJob', end);
  expect(reads.syncJob(db, { jobId: job.id })).toMatchObject({ lastModified: 5, reconciledAt: NOON });
  write(db, 'setSyncJob', { jobId: job.id, raiseRevision: true });
  expect(reads.syncJob(db, { jobId: job.id })?.reconciledAt).toBeNull();
  write(db, 'advanceSyncJob', { ...end, ifStill: { revision, lastModified: 5 } });
  expect(reads.syncJob(db, { jobId: job.id })).toMatchObject({ lastModified: 5, reconciledAt: null });
});
