import type { SyncCounts, SyncRecallScope } from '#shared/contract/sync.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { RunRetry, SyncRunRow } from '../types.ts';

/** The runs a job is shown with; null where there is none. */
export interface RunsOfInterest {
  /** The newest that is no dry run and began. */
  readonly last: SyncRunRow | null;
  /** The newest `run` or `reconcile` that began. */
  readonly lastPull: SyncRunRow | null;
  /** The newest `reconcile` that began. */
  readonly lastReconcile: SyncRunRow | null;
  readonly lastDryRun: SyncRunRow | null;
  /** The one that is asked for or running, else the one that waits for approval while nothing later was done. */
  readonly present: SyncRunRow | null;
}

interface StoredRun {
  readonly id: number;
  readonly job_id: number;
  readonly kind: SyncRunRow['kind'];
  readonly asked: SyncRunRow['asked'];
  readonly state: SyncRunRow['state'];
  readonly scope: string | null;
  readonly revision: number;
  readonly requested_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly counts: string;
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly message: string;
  readonly tql: string;
  readonly seen: number;
  readonly cancel: number;
  readonly approved: number;
  readonly approves: number | null;
}

const NO_COUNTS: SyncCounts = {
  pulled: 0,
  new: 0,
  changed: 0,
  withdrawn: 0,
  unchanged: 0,
  held: 0,
  invalid: 0,
  packages: 0,
  requests: 0,
  deploys: 0,
};
const OPEN = "state IN ('requested', 'running')";
const DRY = "kind IN ('dry-run', 'recall-dry-run')";

export function syncRun(db: ReadableDb, args: { readonly runId: number }): SyncRunRow | null {
  return one(db, 'WHERE id = +?', args.runId);
}

/** Runs of a job, newest first. */
function syncRuns(
  db: ReadableDb,
  args: { readonly jobId: number; readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: SyncRunRow[] } {
  const total =
    prepared<number>(db, 'SELECT count(*) FROM sync_runs WHERE job_id = +?').pluck(true).get(args.jobId) ?? 0;
  const rows = prepared<StoredRun>(
    db,
    'SELECT * FROM sync_runs WHERE job_id = +? ORDER BY id DESC LIMIT ? OFFSET ?',
  ).all(args.jobId, args.limit, args.offset);
  return { total, rows: rows.map(toRun) };
}

function syncRunsOfInterest(db: ReadableDb, args: { readonly jobId: number }): RunsOfInterest {
  const last = one(
    db,
    `WHERE job_id = +? AND NOT ${DRY} AND started_at IS NOT NULL ORDER BY id DESC LIMIT 1`,
    args.jobId,
  );
  const open = one(db, `WHERE job_id = +? AND ${OPEN} ORDER BY id LIMIT 1`, args.jobId);
  return {
    last,
    lastPull: newest(db, args.jobId, "('run', 'reconcile')"),
    lastReconcile: newest(db, args.jobId, "('reconcile')"),
    lastDryRun: one(db, `WHERE job_id = +? AND kind = 'dry-run' ORDER BY id DESC LIMIT 1`, args.jobId),
    present: open ?? (last?.state === 'needs-approval' && !last.approved ? last : null),
  };
}

/** The run that is due next, of any job: the one asked for first. */
function nextSyncRun(db: ReadableDb, _args: Record<string, never> = {}): SyncRunRow | null {
  return one(db, `INDEXED BY sync_runs_open WHERE ${OPEN} AND state = 'requested' ORDER BY id LIMIT 1`);
}

/** Runs marked as running, of any job. */
function openSyncRuns(db: ReadableDb, _args: Record<string, never> = {}): SyncRunRow[] {
  return prepared<StoredRun>(
    db,
    `SELECT * FROM sync_runs INDEXED BY sync_runs_open WHERE ${OPEN} AND state = 'running' ORDER BY id`,
  )
    .all()
    .map(toRun);
}

function newest(db: ReadableDb, jobId: number, kinds: string): SyncRunRow | null {
  return one(db, `WHERE job_id = +? AND kind IN ${kinds} AND started_at IS NOT NULL ORDER BY id DESC LIMIT 1`, jobId);
}

/** The first run of a query; `rest` is a constant of the caller. */
export function one(db: ReadableDb, rest: string, ...values: readonly unknown[]): SyncRunRow | null {
  const row = prepared<StoredRun>(db, `SELECT * FROM sync_runs ${rest}`).get(...values);
  return row === undefined ? null : toRun(row);
}

/** What the column `counts` holds: what it is tried again with, too, as both are of a run under way. */
export interface StoredCounts extends Partial<SyncCounts> {
  readonly retry?: RunRetry;
}

function toRun(row: StoredRun): SyncRunRow {
  const { retry, ...counts } = JSON.parse(row.counts) as StoredCounts;
  return {
    id: row.id,
    jobId: row.job_id,
    kind: row.kind,
    asked: row.asked,
    state: row.state,
    scope: row.scope === null ? null : (JSON.parse(row.scope) as SyncRecallScope),
    revision: row.revision,
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    counts: { ...NO_COUNTS, ...counts },
    phase: row.phase,
    done: row.done,
    total: row.total,
    retry: row.state === 'running' ? (retry ?? null) : null,
    message: row.message,
    tql: row.tql,
    seen: row.seen === 1,
    cancel: row.cancel === 1,
    approved: row.approved === 1,
    approves: row.approves,
  };
}

export const runReads = { syncRun, syncRuns, syncRunsOfInterest, nextSyncRun, openSyncRuns } as const;
