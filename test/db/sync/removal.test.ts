import { expect, onTestFinished, test, vi } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { startWrite } from '#main/db/threads/run.ts';
import { write } from '../queue/world.ts';
import { host, NOON, syncWorld } from './world.ts';

test('nothing of a job begins while it is being removed, and nothing of it is left behind', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1), host(2)]);
  world.pushed();
  let now = 0;
  // Every look at the clock ends a transaction.
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => void vi.restoreAllMocks());
  const removal = startWrite(db, 'removeSyncJob', { jobId: job.id });
  expect(removal.step().done).toBe(false);
  const asked = { jobId: job.id, kind: 'run', asked: 'person', now: NOON } as const;
  expect(() => write(db, 'requestSyncRun', asked)).toThrow('being removed');
  expect(() => write(db, 'setSyncJob', { jobId: job.id, active: true })).toThrow('being removed');
  while (!removal.step().done) {
    expect(reads.nextSyncRun(db)).toBeNull();
  }
  vi.restoreAllMocks();
  expect(reads.syncJobs(db)).toEqual([]);
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'sync\\_%' ESCAPE '\\'")
    .pluck(true)
    .all();
  expect(tables.length).toBeGreaterThan(8);
  expect(tables.filter((table) => db.prepare(`SELECT 1 FROM ${table}`).get() !== undefined)).toEqual([]);
});

test('a removal that was cut off can be done again', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1)]);
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => void vi.restoreAllMocks());
  startWrite(db, 'removeSyncJob', { jobId: job.id }).step();
  vi.restoreAllMocks();
  expect(reads.syncJobs(db)).toMatchObject([{ id: job.id, active: false }]);
  write(db, 'removeSyncJob', { jobId: job.id });
  expect(reads.syncJobs(db)).toEqual([]);
});
