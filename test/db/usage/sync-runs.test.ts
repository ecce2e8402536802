import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { write } from '../queue/world.ts';
import { NOON, syncWorld } from '../sync/world.ts';

test('runs of threat sync are counted once, when they end, by how', () => {
  const { db, job, run } = syncWorld();
  const ended = (): unknown => {
    write(db, 'foldMetrics', undefined);
    return reads
      .metricSums(db, { kinds: ['syncRun'], from: 0, to: 4e9, stepSeconds: 60, level: 0 })
      .map(({ bucket, detail, sum }) => [bucket, detail, sum]);
  };
  const ask = (kind: 'run' | 'dry-run') =>
    write(db, 'requestSyncRun', { jobId: job.id, kind, asked: 'person', now: NOON });
  const { id, counts } = run('reconcile');
  write(db, 'cancelSyncRun', { runId: id, now: NOON });
  expect(ended()).toEqual([]);
  write(db, 'endSyncRun', { runId: id, state: 'needs-approval', counts, message: '', now: NOON });
  write(db, 'cancelSyncRun', { runId: id, now: NOON });
  expect(ended()).toEqual([[NOON / 1000, 'needs-approval', 1]]);
  write(db, 'cancelSyncRun', { runId: ask('dry-run').id, now: NOON + 60_000 });
  expect(ended()).toContainEqual([NOON / 1000 + 60, 'cancelled', 1]);
  const next = run('run');
  write(db, 'interruptSyncRuns', { now: NOON, message: 'ended' });
  write(db, 'interruptSyncRuns', { now: NOON, message: 'ended' });
  expect(reads.syncRun(db, { runId: next.id })?.state).toBe('interrupted');
  expect(ended()).toContainEqual([NOON / 1000, 'interrupted', 1]);
});
