import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { write } from '../queue/world.ts';
import { DAY, host, NOON, planned, syncWorld, type SyncWorld } from './world.ts';

const YEAR = 365 * DAY;

const count = ({ db }: SyncWorld, table: string): unknown => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

const ids = ({ db }: SyncWorld, sql: string): unknown[] => db.prepare(sql).pluck().all();

function noted({ db, job }: SyncWorld, runId: number, at: number): void {
  const request = { jobId: job.id, runId, at, host: 'h', label: 'GET /', httpStatus: 200, elapsedMs: 1, message: '' };
  write(db, 'recordSyncRequest', { rows: [request] });
  write(db, 'appendSyncLog', { runId, rows: [{ at, level: 'info', text: String(at) }] });
}

test('requests and logs go after their days, what is younger stays', () => {
  const world = syncWorld();
  const { id } = world.applied([]);
  noted(world, id, NOON - 31 * DAY);
  noted(world, id, NOON - 29 * DAY);
  expect(write(world.db, 'pruneSync', { now: NOON, logDays: 30 })).toBe(2);
  const page = { jobId: world.job.id, runId: id, offset: 0, limit: 9 };
  expect(reads.syncRequestsPage(world.db, page).rows.map(({ at }) => at)).toEqual([NOON - 29 * DAY]);
  expect(reads.syncLogPage(world.db, page)).toEqual({
    total: 1,
    rows: [{ at: NOON - 29 * DAY, level: 'info', text: String(NOON - 29 * DAY) }],
  });
});

test('plans of the last five dry runs and of the last five others stay', () => {
  const world = syncWorld();
  const { db, job } = world;
  for (let round = 0; round < 7; round += 1) {
    world.applied([host(round + 1)]);
    const dry = world.run('dry-run');
    write(db, 'putPlan', { runId: dry.id, rows: [planned(1, 'unchanged')] });
    write(db, 'endSyncRun', { runId: dry.id, state: 'done', counts: dry.counts, message: '', now: NOON });
  }
  const open = world.run('reconcile');
  write(db, 'putPlan', { runId: open.id, rows: [planned(1, 'unchanged')] });
  write(db, 'pruneSync', { now: NOON, logDays: 30 });
  expect(ids(world, 'SELECT DISTINCT run_id FROM sync_plan ORDER BY run_id')).toEqual([
    6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  ]);
  expect(reads.syncRuns(db, { jobId: job.id, offset: 0, limit: 1 }).total).toBe(15);
});

test('the ledger of a package stays while it is there, and for two years; runs it names stay with it', () => {
  const world = syncWorld();
  const { db, job } = world;
  const sent = world.applied([host(1)]);
  const other = world.applied([]);
  world.pushed();
  db.prepare('DELETE FROM sync_plan').run();
  write(db, 'pruneSync', { now: NOON + 5 * YEAR, logDays: 30 });
  expect([count(world, 'sync_ledger'), ids(world, 'SELECT id FROM sync_runs')]).toEqual([1, [sent.id]]);
  const key = { jobId: job.id, type: 'Host', prefix: '' } as const;
  write(db, 'dropPackage', { ...key, touched: reads.syncPackage(db, key)?.touched ?? 0 });
  write(db, 'pruneSync', { now: NOON + 1.5 * YEAR, logDays: 30 });
  expect(count(world, 'sync_ledger')).toBe(1);
  write(db, 'pruneSync', { now: NOON + 5 * YEAR, logDays: 30 });
  expect([count(world, 'sync_ledger'), count(world, 'sync_runs'), other.state]).toEqual([0, 0, 'done']);
});

test('a write whose outcome is not known is never dropped', () => {
  const world = syncWorld();
  world.applied([host(1)]);
  world.pushed();
  world.db.prepare("UPDATE sync_ledger SET outcome = 'unknown', prefix = 'gone'").run();
  write(world.db, 'pruneSync', { now: NOON + 9 * YEAR, logDays: 30 });
  expect(count(world, 'sync_ledger')).toBe(1);
});

test('a job goes with all that is kept about it, and nothing of another', () => {
  const world = syncWorld();
  const { db, job } = world;
  const config = { ...job.config };
  const other = write(db, 'createSyncJob', { name: 'Other', config, lastModified: 0, now: NOON });
  write(db, 'stagePulled', { jobId: other.id, rows: [host(9)] });
  const kept = write(db, 'requestSyncRun', { jobId: other.id, kind: 'run', asked: 'person', now: NOON });
  write(db, 'putPlan', { runId: kept.id, rows: [planned(9, 'new')] });
  write(db, 'applyPlan', { jobId: other.id, runId: kept.id });
  const { id } = world.applied(Array.from({ length: 700 }, (_, index) => host(index + 1)));
  world.pushed();
  noted(world, id, NOON);
  const running = world.run();
  expect(() => write(db, 'removeSyncJob', { jobId: job.id })).toThrow(/under way/);
  write(db, 'endSyncRun', { runId: running.id, state: 'done', counts: running.counts, message: '', now: NOON });
  write(db, 'removeSyncJob', { jobId: job.id });
  const tables = ['sync_jobs', 'sync_runs', 'sync_pulled', 'sync_indicators', 'sync_packages', 'sync_plan'];
  expect(tables.map((table) => count(world, table))).toEqual([1, 1, 1, 1, 1, 1]);
  expect(['sync_ledger', 'sync_requests', 'sync_log'].map((table) => count(world, table))).toEqual([0, 0, 0]);
  expect(reads.syncJob(db, { jobId: job.id })).toBeNull();
});
