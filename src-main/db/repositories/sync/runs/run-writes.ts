import type { SyncCounts, SyncRecallScope } from '#shared/contract/sync.ts';
import type { RunKind, RunState } from '#shared/domain/indicator.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { appendChange } from '../../changes.ts';
import { recordMetric } from '../../metrics/record.ts';
import { lasting } from '../jobs.ts';
import { one, type StoredCounts, syncRun } from './runs.ts';
import type { RunRetry, SyncRunRow } from '../types.ts';

export interface RunRequest {
  readonly jobId: number;
  readonly kind: RunKind;
  readonly asked: SyncRunRow['asked'];
  readonly now: number;
  readonly scope?: SyncRecallScope | null | undefined;
  /** The stopped run whose withdrawals it may do. */
  readonly approves?: number | null | undefined;
}

/** What of a run under way is noted; what is left out stays. */
export interface RunProgress {
  readonly runId: number;
  readonly phase?: string | undefined;
  readonly done?: number | undefined;
  readonly total?: number | null | undefined;
  readonly counts?: SyncCounts | undefined;
  /** Null: nothing waits to be tried again. */
  readonly retry?: RunRetry | null | undefined;
  readonly tql?: string | undefined;
}

/**
 * Asks for a run; CONFLICT when its job is being removed. One that is asked for or running already, of this kind and scope,
 * is answered instead.
 */
function requestSyncRun(db: WritableDb, args: RunRequest): SyncRunRow {
  const { revision } = lasting(db, args.jobId);
  const scope = args.scope === undefined || args.scope === null ? null : JSON.stringify(args.scope);
  const approves = args.approves ?? null;
  const open = one(
    db,
    `WHERE job_id = +? AND state IN ('requested', 'running') AND cancel = 0 AND kind = ? AND scope IS ? AND approves IS ?
     ORDER BY id LIMIT 1`,
    args.jobId,
    args.kind,
    scope,
    approves,
  );
  if (open !== null) {
    return open;
  }
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO sync_runs (job_id, kind, asked, state, scope, revision, requested_at, approves)
     VALUES (?, ?, ?, 'requested', ?, ?, ?, ?)`,
  ).run(args.jobId, args.kind, args.asked, scope, revision, args.now, approves);
  return changed(db, Number(lastInsertRowid));
}

/** Takes up a run that is asked for, with the settings as they are now; null when it was cancelled or taken meanwhile. */
function startSyncRun(
  db: WritableDb,
  args: { readonly runId: number; readonly now: number; readonly tql?: string | undefined },
): SyncRunRow | null {
  const { changes } = prepared(
    db,
    `UPDATE sync_runs SET state = 'running', started_at = ?, tql = ?,
       revision = coalesce((SELECT revision FROM sync_jobs WHERE sync_jobs.id = sync_runs.job_id), revision)
     WHERE id = +? AND state = 'requested'`,
  ).run(args.now, args.tql ?? '', args.runId);
  return changes === 0 ? null : changed(db, args.runId);
}

/** Notes how far a run is. Answers whether it is to be cancelled. */
function progressSyncRun(db: WritableDb, args: RunProgress): { readonly cancel: boolean } {
  const run = known(db, args.runId);
  const retry = args.retry === undefined ? run.retry : args.retry;
  const counts: StoredCounts = { ...(args.counts ?? run.counts), ...(retry === null ? {} : { retry }) };
  prepared(db, 'UPDATE sync_runs SET phase = ?, done = ?, total = ?, counts = ?, tql = ? WHERE id = +?').run(
    args.phase ?? run.phase,
    args.done ?? run.done,
    args.total === undefined ? run.total : args.total,
    JSON.stringify(counts),
    args.tql ?? run.tql,
    args.runId,
  );
  appendChange(db, 'sync', run.jobId);
  return { cancel: run.cancel };
}

/** Ends a run. */
function endSyncRun(
  db: WritableDb,
  args: {
    readonly runId: number;
    readonly state: Exclude<RunState, 'requested' | 'running'>;
    readonly counts: SyncCounts;
    readonly message: string;
    readonly now: number;
  },
): SyncRunRow {
  const before = known(db, args.runId).state;
  prepared(db, "UPDATE sync_runs SET state = ?, counts = ?, message = ?, ended_at = ?, phase = '' WHERE id = +?").run(
    args.state,
    JSON.stringify(args.counts),
    args.message,
    args.now,
    args.runId,
  );
  const isFirst = before === 'requested' || before === 'running';
  return isFirst ? ended(db, args.runId, args.now) : changed(db, args.runId);
}

/** Ends a run that did not begin or waits for approval at once, and tells a running one to end. Others stay as they are. */
function cancelSyncRun(db: WritableDb, args: { readonly runId: number; readonly now: number }): SyncRunRow {
  const run = known(db, args.runId);
  if (run.state === 'requested' || run.state === 'needs-approval') {
    prepared(db, "UPDATE sync_runs SET state = 'cancelled', ended_at = ? WHERE id = +?").run(args.now, args.runId);
    if (run.state === 'requested') {
      // One that waits for approval was counted when it stopped.
      return ended(db, args.runId, args.now);
    }
  } else if (run.state === 'running') {
    prepared(db, 'UPDATE sync_runs SET cancel = 1 WHERE id = +?').run(args.runId);
  }
  return changed(db, args.runId);
}

/** Allows a stopped run its withdrawals and asks for it again; answers the new run. CONFLICT when it did not stop to ask. */
function approveSyncRun(db: WritableDb, args: { readonly runId: number; readonly now: number }): SyncRunRow {
  const run = known(db, args.runId);
  if (run.state !== 'needs-approval' || run.approved) {
    throw new AppError('CONFLICT', `Run ${args.runId} does not wait for approval.`);
  }
  prepared(db, 'UPDATE sync_runs SET approved = 1 WHERE id = +?').run(args.runId);
  const { jobId, kind, scope } = run;
  return requestSyncRun(db, { jobId, kind, scope, asked: 'person', approves: run.id, now: args.now });
}

/** Notes that somebody looked at what a run did or would do. */
function seeSyncRun(db: WritableDb, args: { readonly runId: number }): void {
  const run = known(db, args.runId);
  if (!run.seen && run.endedAt !== null) {
    prepared(db, 'UPDATE sync_runs SET seen = 1 WHERE id = +?').run(args.runId);
    appendChange(db, 'sync', run.jobId);
  }
}

/**
 * Marks runs as interrupted that are marked as running, at the beginning of a term: nobody does them any more. Those that a
 * person had cancelled are cancelled.
 */
function interruptSyncRuns(db: WritableDb, args: { readonly now: number; readonly message: string }): SyncRunRow[] {
  const ids = prepared<number>(
    db,
    "SELECT id FROM sync_runs WHERE state IN ('requested', 'running') AND state = 'running'",
  )
    .pluck(true)
    .all();
  return ids.map((id) => {
    prepared(
      db,
      `UPDATE sync_runs SET state = CASE cancel WHEN 1 THEN 'cancelled' ELSE 'interrupted' END, phase = '', message = ?,
         ended_at = ? WHERE id = +?`,
    ).run(args.message, args.now, id);
    return ended(db, id, args.now);
  });
}

function known(db: WritableDb, runId: number): SyncRunRow {
  const run = syncRun(db, { runId });
  if (run === null) {
    throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  }
  return run;
}

/** Counts a run that ended, by how. */
function ended(db: WritableDb, runId: number, now: number): SyncRunRow {
  const run = changed(db, runId);
  recordMetric(db, { kind: 'syncRun', at: Math.floor(now / 1000), detail: run.state });
  return run;
}

function changed(db: WritableDb, runId: number): SyncRunRow {
  const run = known(db, runId);
  appendChange(db, 'sync', run.jobId);
  return run;
}

export const runWrites = {
  requestSyncRun,
  startSyncRun,
  progressSyncRun,
  endSyncRun,
  cancelSyncRun,
  approveSyncRun,
  seeSyncRun,
  interruptSyncRuns,
} as const;
