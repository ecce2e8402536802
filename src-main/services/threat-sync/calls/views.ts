import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { Database } from '../../../db/port.ts';
import type { SyncJobRow, SyncRunRow } from '../../../db/repositories/sync/types.ts';
import { nextReconcileAt, nextRunAt } from '../../../jobs/sync/schedule.ts';
import { whyInactive } from './activation.ts';
import type { JobSecrets } from '../job-secrets.ts';

export interface ViewParts {
  readonly database: Pick<Database, 'read'>;
  readonly secrets: JobSecrets;
  readonly now: () => number;
  /** The query of a job's next run. */
  tqlOf(job: SyncJobRow): string;
}

/** A job as it is shown, at this moment and from any process. */
export async function jobView(parts: ViewParts, job: SyncJobRow): Promise<SyncJobView> {
  const { database, secrets } = parts;
  const [runs, counts, states, ofPull, ofPush] = await Promise.all([
    database.read('syncRunsOfInterest', { jobId: job.id }),
    database.read('syncCounts', { jobId: job.id }),
    secrets.states(job),
    secrets.lacking(job, 'threatconnect'),
    secrets.lacking(job, 'tanium'),
  ]);
  const missing = [...ofPull, ...ofPush];
  const { id, name, active, config, lastModified, reconciledAt } = job;
  const now = parts.now();
  const times = {
    active,
    activatedAt: job.activatedAt,
    schedule: config.schedule,
    reconcileHours: config.reconcileHours,
    reconciledAt,
    revision: job.revision,
    last: runs.lastPull,
  };
  return {
    id,
    name,
    active,
    config,
    secrets: { ...states },
    missing: missing.map((one) => ({ ...one })),
    whyInactive: whyInactive(job, missing, runs.lastDryRun),
    lastModified,
    reconciledAt,
    nextRunAt: nextRunAt(times, now),
    nextReconcileAt: nextReconcileAt(times, runs.lastReconcile, now),
    lastRun: runs.last === null ? null : runView(runs.last),
    lastDryRun: runs.lastDryRun === null ? null : runView(runs.lastDryRun),
    presentRun: runs.present === null ? null : runView(runs.present),
    sent: counts.sent,
    held: counts.held,
    packages: counts.packages,
    tql: parts.tqlOf(job),
  };
}

/** A run as it is shown. */
export function runView(run: SyncRunRow): SyncRunView {
  const { id, jobId, kind, state, asked, requestedAt, startedAt, endedAt, counts } = run;
  const { phase, done, total, retry, message, tql, seen, approved } = run;
  return {
    id,
    jobId,
    kind,
    state,
    asked,
    requestedAt,
    startedAt,
    endedAt,
    counts,
    phase,
    done,
    total,
    retry,
    message,
    tql,
    seen,
    approved,
  };
}
