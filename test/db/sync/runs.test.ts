import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { write } from '../queue/world.ts';
import { DAY, NOON, syncWorld } from './world.ts';

test('a job begins inactive, keeps its settings, and no two have a name', () => {
  const { db, job } = syncWorld({ owners: ['Acme'], minRating: 3 });
  expect(job).toMatchObject({
    name: 'Daily',
    active: false,
    revision: 1,
    lastModified: NOON - 30 * DAY,
    readOwners: null,
    deployDue: false,
  });
  expect(job.config).toEqual({ ...defaultSyncJob(), owners: ['Acme'], minRating: 3 });
  const again = { name: 'DAILY', config: defaultSyncJob(), lastModified: 0, now: NOON };
  expect(() => write(db, 'createSyncJob', again)).toThrow(/Another sync job is called DAILY/);
  const other = write(db, 'createSyncJob', { ...again, name: 'Also' });
  expect(() => write(db, 'setSyncJob', { jobId: other.id, name: 'daily' })).toThrow(/Another sync job/);
  expect(reads.syncJobs(db).map(({ name }) => name)).toEqual(['Also', 'Daily']);
  expect(other.uuid).not.toBe(job.uuid);
});

test('settings that a later version added have their defaults', () => {
  const { db, job } = syncWorld();
  db.prepare("UPDATE sync_jobs SET config = json_remove(config, '$.guardShare')").run();
  expect(reads.syncJob(db, { jobId: job.id })?.config).toEqual(defaultSyncJob());
});

test('what is changed of a job changes alone; the first activation is kept', () => {
  const { db, job } = syncWorld();
  write(db, 'setSyncJob', { jobId: job.id, active: true, activatedAt: NOON });
  write(db, 'setSyncJob', { jobId: job.id, active: false });
  write(db, 'setSyncJob', { jobId: job.id, active: true, activatedAt: NOON + DAY });
  write(db, 'setSyncJob', { jobId: job.id, name: 'Nightly', raiseRevision: true });
  write(db, 'advanceSyncJob', { jobId: job.id, lastModified: 5, readOwners: ['Acme'] });
  write(db, 'advanceSyncJob', { jobId: job.id, reconciledAt: 7 });
  write(db, 'setDeployDue', { jobId: job.id, due: true });
  write(db, 'setSecretHosts', { jobId: job.id, taniumHost: 'tanium.test' });
  expect(reads.syncJob(db, { jobId: job.id })).toEqual({
    ...job,
    name: 'Nightly',
    active: true,
    activatedAt: NOON,
    revision: 2,
    lastModified: 5,
    reconciledAt: 7,
    readOwners: ['Acme'],
    deployDue: true,
    taniumHost: 'tanium.test',
    secretRevision: 1,
  });
});

test('one run of a kind is open at a time, but recalls of different things are different runs', () => {
  const { db, job } = syncWorld();
  const ask = (kind: 'run' | 'recall', ids?: number[], now = NOON) =>
    write(db, 'requestSyncRun', {
      jobId: job.id,
      kind,
      asked: 'person',
      now,
      scope: ids === undefined ? null : { kind: 'indicators', ids },
    });
  const first = ask('run');
  expect(ask('run', undefined, NOON + 1)).toEqual(first);
  const recall = ask('recall', [1, 2]);
  expect(recall.scope).toEqual({ kind: 'indicators', ids: [1, 2] });
  expect(ask('recall', [3]).id).not.toBe(recall.id);
  expect(ask('recall', [1, 2]).id).toBe(recall.id);
  expect(reads.nextSyncRun(db)?.id).toBe(first.id);
  expect(write(db, 'startSyncRun', { runId: first.id, now: NOON, tql: 'x' })).toMatchObject({
    state: 'running',
    tql: 'x',
  });
  expect(write(db, 'startSyncRun', { runId: first.id, now: NOON })).toBeNull();
  expect(reads.nextSyncRun(db)?.id).toBe(recall.id);
  expect(reads.openSyncRuns(db).map(({ id }) => id)).toEqual([first.id]);
  // A run that is told to end is not one that a person who asks now would get.
  write(db, 'cancelSyncRun', { runId: first.id, now: NOON });
  expect(ask('run').id).not.toBe(first.id);
});

test('a run is told of a cancel with its next step; one that did not begin ends at once', () => {
  const { db, job, run } = syncWorld();
  const { id } = run();
  expect(write(db, 'progressSyncRun', { runId: id, phase: 'reading', done: 3, total: 9 })).toEqual({ cancel: false });
  write(db, 'cancelSyncRun', { runId: id, now: NOON });
  expect(write(db, 'progressSyncRun', { runId: id, done: 4 })).toEqual({ cancel: true });
  expect(reads.syncRun(db, { runId: id })).toMatchObject({ state: 'running', phase: 'reading', done: 4, total: 9 });
  const waiting = write(db, 'requestSyncRun', { jobId: job.id, kind: 'dry-run', asked: 'person', now: NOON });
  expect(write(db, 'cancelSyncRun', { runId: waiting.id, now: NOON })).toMatchObject({ state: 'cancelled' });
  expect(reads.nextSyncRun(db)).toBeNull();
});

test('a run tells what it waits to try again until it goes on or ends', () => {
  const { db, run } = syncWorld();
  const { id, counts } = run();
  const retry = { at: NOON + 5_000, why: 'tc.example answered 503.' };
  const told = (): unknown => reads.syncRun(db, { runId: id });
  write(db, 'progressSyncRun', { runId: id, counts: { ...counts, requests: 2 }, retry });
  expect(told()).toMatchObject({ retry, counts: { ...counts, requests: 2 } });
  write(db, 'progressSyncRun', { runId: id, phase: 'reading', counts: { ...counts, requests: 3 } });
  expect(told()).toMatchObject({ retry, counts: { ...counts, requests: 3 } });
  write(db, 'progressSyncRun', { runId: id, retry: null });
  expect(told()).toMatchObject({ retry: null, counts: { ...counts, requests: 3 } });
  write(db, 'progressSyncRun', { runId: id, retry });
  write(db, 'interruptSyncRuns', { now: NOON, message: 'ended' });
  expect(told()).toMatchObject({ state: 'interrupted', retry: null });
});

test('runs found running at the beginning of a term are interrupted, once', () => {
  const { db, run, job } = syncWorld();
  const { id } = run();
  write(db, 'requestSyncRun', { jobId: job.id, kind: 'reconcile', asked: 'schedule', now: NOON });
  const first = write(db, 'interruptSyncRuns', { now: NOON, message: 'ended' });
  expect(first.map((row) => [row.id, row.state, row.message])).toEqual([[id, 'interrupted', 'ended']]);
  expect(write(db, 'interruptSyncRuns', { now: NOON, message: 'ended' })).toEqual([]);
});

test('an approval asks for the run again, once, and names the one it approves', () => {
  const { db, job, run } = syncWorld();
  const { id, counts } = run('reconcile');
  expect(() => write(db, 'approveSyncRun', { runId: id, now: NOON })).toThrow(/does not wait/);
  write(db, 'endSyncRun', { runId: id, state: 'needs-approval', counts, message: 'too many', now: NOON });
  expect(reads.syncRunsOfInterest(db, { jobId: job.id }).present?.id).toBe(id);
  const next = write(db, 'approveSyncRun', { runId: id, now: NOON });
  expect(next).toMatchObject({ kind: 'reconcile', state: 'requested', approves: id });
  expect(() => write(db, 'approveSyncRun', { runId: id, now: NOON })).toThrow(/does not wait/);
  expect(reads.syncRunsOfInterest(db, { jobId: job.id }).present?.id).toBe(next.id);
});

test('a job is shown with its last run, pull, comparison and dry run', () => {
  const { db, job, run } = syncWorld();
  const ids = (['dry-run', 'run', 'reconcile', 'run', 'recall', 'recall-dry-run'] as const).map((kind) => {
    const { id, counts } = run(kind);
    write(db, 'endSyncRun', { runId: id, state: 'done', counts: { ...counts, new: 2 }, message: '', now: NOON });
    return id;
  });
  const { last, lastPull, lastReconcile, lastDryRun, present } = reads.syncRunsOfInterest(db, { jobId: job.id });
  expect([lastDryRun?.id, lastReconcile?.id, lastPull?.id, last?.id, present]).toEqual([
    ids[0],
    ids[2],
    ids[3],
    ids[4],
    null,
  ]);
  expect(last?.counts).toMatchObject({ new: 2, pulled: 0 });
  const page = reads.syncRuns(db, { jobId: job.id, offset: 1, limit: 2 });
  expect([page.total, page.rows.map(({ id }) => id)]).toEqual([6, [ids[4], ids[3]]]);
  write(db, 'seeSyncRun', { runId: ids[0] ?? 0 });
  expect(reads.syncRun(db, { runId: ids[0] ?? 0 })?.seen).toBe(true);
});

test('every step that people watch is told to those who follow the feed', () => {
  const { db, job, run } = syncWorld();
  const since = reads.lastSeq(db);
  run();
  const changes = reads.changesSince(db, { since, limit: 10 });
  expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
    [11, job.id],
    [11, job.id],
  ]);
});
