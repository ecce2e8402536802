import type { SyncJobView } from '#shared/contract/sync.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { Database } from '../../db/port.ts';
import type { SyncJobRow, SyncRunRow } from '../../db/repositories/sync/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import type { JobChecks } from './calls/check-job.ts';
import type { Connect } from './connect.ts';
import type { HoldingJudge } from './holding/port.ts';
import type { JobSecrets } from './job-secrets.ts';

/** How criteria become a query. */
export interface SyncQuery {
  buildTql(config: SyncJobConfig, args: { readonly since: number | null; readonly includeInactive: boolean }): string;
  /** What is wrong with the criteria as a query, as a sentence; null when nothing is. */
  checkQuery(config: SyncJobConfig): string | null;
}

/** What the calls of threat sync share. */
export interface ServiceParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly clock: Clock;
  readonly secretStore: Secrets;
  readonly secrets: JobSecrets;
  readonly connect: Connect;
  readonly checks: JobChecks;
  readonly query: SyncQuery;
  readonly judge: Pick<HoldingJudge, 'here'>;
  /** The job; NOT_FOUND when there is none. */
  job(jobId: number): Promise<SyncJobRow>;
  /** The run; NOT_FOUND when there is none. */
  run(runId: number): Promise<SyncRunRow>;
  view(job: SyncJobRow): Promise<SyncJobView>;
  /** Brings the known sets of a job's files up to date. */
  refreshKnownFiles(jobId: number): Promise<void>;
}
