import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import { existing, refuseWhileRunning } from '../jobs.ts';

const DAY_MS = 86_400_000;
const RUN_DAYS = 365;
const LEDGER_DAYS = 2 * 365;
/** Plans kept of each job, of dry runs and of others. */
const PLANS_KEPT = 5;
const REMOVED_AT_ONCE = 200;
const OPEN = "state IN ('requested', 'running')";
/** The run of its job that stopped last to ask, and was not answered yet: with its plan a person can still allow it. */
const WAITING = `state = 'needs-approval' AND approved = 0 AND id =
  (SELECT max(id) FROM sync_runs stopped WHERE stopped.job_id = sync_runs.job_id AND stopped.state = 'needs-approval')`;

/** Rows that go: of a table, by a condition on its row, with what it binds. */
interface Going {
  readonly table: string;
  readonly where: string;
  readonly values: readonly (string | number)[];
  /** Rows lie in the order they were made: it ends with the first that stays, instead of looking at all. */
  readonly oldestFirst?: true;
}

/**
 * Drops what is kept no longer: requests and logs after `logDays`, plans but for the last five dry and five other runs of a
 * job, runs after a year, the ledger two years after the package is gone. Returns how many rows went.
 */
function* pruneSync(db: WritableDb, args: { readonly now: number; readonly logDays: number }): Sliced<number> {
  const before = args.now - args.logDays * DAY_MS;
  const plans = runsWithOldPlans(db);
  return yield* removeAll(db, [
    { table: 'sync_requests', where: 'at < ?', values: [before], oldestFirst: true },
    { table: 'sync_log', where: 'at < ?', values: [before], oldestFirst: true },
    ...plans.map((runId) => ({ table: 'sync_plan', where: 'run_id = +?', values: [runId] })),
    {
      table: 'sync_ledger',
      where: `at < ? AND outcome IS NOT NULL AND outcome <> 'unknown' AND NOT EXISTS (SELECT 1 FROM sync_packages p
        WHERE p.job_id = sync_ledger.job_id AND p.type = sync_ledger.type AND p.prefix = sync_ledger.prefix)`,
      values: [args.now - LEDGER_DAYS * DAY_MS],
    },
    {
      table: 'sync_runs',
      where: `requested_at < ? AND NOT ${OPEN} AND NOT EXISTS (SELECT 1 FROM sync_plan WHERE run_id = sync_runs.id)
        AND NOT (${WAITING}) AND NOT EXISTS (SELECT 1 FROM sync_ledger WHERE run_id = sync_runs.id)`,
      values: [args.now - RUN_DAYS * DAY_MS],
    },
  ]);
}

/**
 * Removes a job with all that is kept about it. A cancel in between leaves the job, and less of what it did: nothing of it
 * runs any more, and it can be removed again. CONFLICT while a run of it is under way.
 */
function* removeSyncJob(db: WritableDb, args: { readonly jobId: number }): Sliced<void> {
  const { jobId } = args;
  refuseWhileRunning(db, existing(db, jobId));
  prepared(db, 'UPDATE sync_jobs SET active = 0, removing = 1 WHERE id = +?').run(jobId);
  // What was interrupted is not asked for again.
  prepared(
    db,
    "UPDATE sync_runs SET state = 'cancelled' WHERE job_id = +? AND state IN ('requested', 'interrupted')",
  ).run(jobId);
  const runs = prepared<number>(db, 'SELECT id FROM sync_runs WHERE job_id = +?').pluck(true).all(jobId);
  yield* removeAll(db, [
    ...runs.flatMap((runId) =>
      ['sync_plan', 'sync_log'].map((table) => ({ table, where: 'run_id = +?', values: [runId] })),
    ),
    ...['sync_pulled', 'sync_requests', 'sync_ledger', 'sync_packages', 'sync_indicators', 'sync_runs'].map(
      (table) => ({
        table,
        where: 'job_id = +?',
        values: [jobId],
      }),
    ),
  ]);
  prepared(db, 'DELETE FROM sync_jobs WHERE id = +?').run(jobId);
  appendChange(db, 'sync', jobId);
}

/** Forgets what is known of indicators that are not sent: called back, released, held back. They are told anew. */
function* forgetSyncIndicators(db: WritableDb, { jobId }: { readonly jobId: number }): Sliced<void> {
  const where = 'job_id = +? AND sent = 0 AND listed_terms IS NULL';
  yield* removeAll(db, [{ table: 'sync_indicators', where, values: [jobId] }]);
  appendChange(db, 'sync', jobId);
}

function* removeAll(db: WritableDb, goings: readonly Going[]): Sliced<number> {
  const slice = startSlice();
  let removed = 0;
  for (const { table, where, values, oldestFirst } of goings) {
    const key = KEYS[table] ?? 'rowid';
    const from =
      oldestFirst === true
        ? `(SELECT rowid, at FROM ${table} ORDER BY rowid LIMIT ${REMOVED_AT_ONCE}) WHERE ${where}`
        : `${table} WHERE ${where} LIMIT ${REMOVED_AT_ONCE}`;
    const remove = prepared(db, `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${from})`);
    let changes = 0;
    do {
      if (slice.isOver()) {
        yield;
        slice.restart();
      }
      ({ changes } = remove.run(...values));
      removed += changes;
    } while (changes === REMOVED_AT_ONCE);
  }
  return removed;
}

/** Keys of the tables without row ids. */
const KEYS: Readonly<Record<string, string>> = {
  sync_pulled: 'job_id, id',
  sync_packages: 'job_id, type, prefix',
};

function runsWithOldPlans(db: ReadableDb): number[] {
  return prepared<number>(
    db,
    `SELECT id FROM (
       SELECT id, state, ${WAITING} AS is_waiting,
         row_number() OVER (PARTITION BY job_id, kind IN ('dry-run', 'recall-dry-run') ORDER BY id DESC) AS age
       FROM sync_runs WHERE EXISTS (SELECT 1 FROM sync_plan WHERE run_id = sync_runs.id)
     ) WHERE age > ${PLANS_KEPT} AND NOT ${OPEN} AND NOT is_waiting`,
  )
    .pluck(true)
    .all();
}

export const pruneWrites = { pruneSync, removeSyncJob, forgetSyncIndicators } as const;
