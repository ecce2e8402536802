import { expect, test } from 'vitest';
import type { WritableDb } from '#main/db/handles.ts';
import { reads, writes } from '#main/db/repositories/index.ts';
import { isSliced } from '#main/db/slices.ts';
import { write } from '../queue/world.ts';
import { statementsOf } from '../statements.ts';
import { file, host, NOON, planned, syncWorld, type SyncWorld } from './world.ts';

const WORK: readonly (readonly [string, (db: WritableDb, jobId: number) => unknown])[] = [
  ['syncRun', (db) => reads.syncRun(db, { runId: 1 })],
  ['syncRuns', (db, jobId) => reads.syncRuns(db, { jobId, offset: 0, limit: 5 })],
  ['syncRunsOfInterest', (db, jobId) => reads.syncRunsOfInterest(db, { jobId })],
  ['nextSyncRun', (db) => reads.nextSyncRun(db)],
  ['openSyncRuns', (db) => reads.openSyncRuns(db)],
  ['syncPairs', (db, jobId) => reads.syncPairs(db, { jobId, after: 1, limit: 5, pulledOnly: false })],
  ['syncAbsent', (db, jobId) => reads.syncAbsent(db, { jobId, after: 1, limit: 5 })],
  ['syncCounts', (db, jobId) => reads.syncCounts(db, { jobId })],
  ['syncPlanPage', (db) => reads.syncPlanPage(db, { runId: 1, offset: 0, limit: 5 })],
  ['syncPlanPage by text', (db) => reads.syncPlanPage(db, { runId: 1, text: 'h', offset: 0, limit: 5 })],
  ['syncPlanIds', (db) => reads.syncPlanIds(db, { runId: 1, action: 'new' })],
  ['syncPlanCounts', (db) => reads.syncPlanCounts(db, { runId: 1 })],
  ['syncPackage', (db, jobId) => reads.syncPackage(db, { jobId, type: 'Host', prefix: '' })],
  ['syncLedgerPage of a job', (db, jobId) => reads.syncLedgerPage(db, { jobId, offset: 0, limit: 5 })],
  ['syncLedgerPage of a run', (db, jobId) => reads.syncLedgerPage(db, { jobId, runId: 1, offset: 0, limit: 5 })],
  ['openLedgerRows', (db, jobId) => reads.openLedgerRows(db, { jobId })],
  ['syncRequestsPage of a job', (db, jobId) => reads.syncRequestsPage(db, { jobId, offset: 0, limit: 5 })],
  ['syncRequestsPage of a run', (db, jobId) => reads.syncRequestsPage(db, { jobId, runId: 1, offset: 0, limit: 5 })],
  ['syncLogPage', (db) => reads.syncLogPage(db, { runId: 1, offset: 0, limit: 5 })],
  ...(['sent', 'held', 'all'] as const).flatMap((which): (typeof WORK)[number][] => [
    [`syncIndicatorsPage ${which}`, (db, jobId) => reads.syncIndicatorsPage(db, { jobId, which, offset: 0, limit: 5 })],
    [
      `syncIndicatorsPage ${which} by text`,
      (db, jobId) => reads.syncIndicatorsPage(db, { jobId, which, text: 'h', offset: 0, limit: 5 }),
    ],
  ]),
  ['syncFiles', (db, jobId) => reads.syncFiles(db, { jobId, after: 0, limit: 5 })],
  ['syncListDue', (db, jobId) => reads.syncListDue(db, { jobId, isTarget: true, after: 0, limit: 5 })],
  ['applyPlan', (db, jobId) => drained(writes.applyPlan(db, { jobId, runId: 1 }))],
  ['releaseIndicators', (db, jobId) => drained(writes.releaseIndicators(db, { jobId, ids: [1], release: false }))],
  ['recallIndicators', (db, jobId) => drained(writes.recallIndicators(db, { jobId, ids: [1], by: '' }))],
  ['splitPackage', (db, jobId) => writes.splitPackage(db, { jobId, type: 'Host', prefix: '' })],
];

function filled(): SyncWorld {
  const world = syncWorld();
  world.applied(
    [file(1), host(2), host(3)],
    [planned(1, 'held', { held: 'hash-list', heldBy: '' }), planned(2, 'new'), planned(3, 'new')],
  );
  world.pushed();
  const request = { jobId: world.job.id, runId: 1, at: NOON, host: 'h', label: 'GET /', httpStatus: 200, elapsedMs: 1 };
  write(world.db, 'recordSyncRequest', { rows: [{ ...request, message: '' }] });
  write(world.db, 'appendSyncLog', { runId: 1, rows: [{ at: NOON, level: 'info', text: 't' }] });
  return world;
}

/** Plans of every statement that work on a handle prepares. */
function plansOf({ db, job }: SyncWorld, work: (db: WritableDb, jobId: number) => unknown): string[] {
  return statementsOf(db, (watched) => work(watched, job.id)).flatMap((sql) =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll(/\?|@\w+/g, '1')}`)
      .all()
      .map((row) => row.detail),
  );
}

test.each(WORK)('%s is answered by an index, without a sort', (_name, work) => {
  const plans = plansOf(filled(), work);
  expect(plans.length).toBeGreaterThan(0);
  // The index of open runs holds those alone.
  const slow = /^SCAN (?!CONSTANT|sync_runs USING INDEX sync_runs_open$)|TEMP B-TREE FOR ORDER/;
  expect(plans.filter((plan) => slow.test(plan))).toEqual([]);
});

function drained(work: unknown): void {
  if (isSliced(work)) {
    for (let isOver = false; !isOver;) {
      isOver = work.next().done === true;
    }
  }
}
