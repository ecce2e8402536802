import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import type { SyncEngineParts } from '../../jobs/sync/port.ts';
import { startSync } from '../../jobs/sync/run-loop.ts';
import type { Timer } from '../../jobs/outbound/port.ts';
import type { Network } from '../../net/port.ts';
import { namesProxy } from '../../net/proxy-choice.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { JobChecks } from './calls/check-job.ts';
import { createConnect, type SyncClients } from './connect.ts';
import type { HoldingJudge } from './holding/port.ts';
import { jobCalls } from './calls/job-calls.ts';
import { createJobSecrets } from './job-secrets.ts';
import { pageCalls } from './calls/page-calls.ts';
import type { ServiceParts, SyncQuery } from './parts.ts';
import type { ThreatSyncService } from './port.ts';
import { createRecorder } from './recorder.ts';
import { runCalls } from './calls/run-calls.ts';
import { queryOf, sideCalls } from './calls/side-calls.ts';
import { jobView } from './calls/views.ts';

/** What threat sync is made of. */
export interface ThreatSyncParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly network: Network;
  readonly clients: SyncClients;
  readonly query: SyncQuery & SyncEngineParts['query'];
  readonly checkOwn: JobChecks['checkOwn'];
  readonly checkTql: JobChecks['checkTql'];
  readonly judge: HoldingJudge;
  /** Brings the known sets of a job's pulled files up to date. */
  readonly refreshKnownFiles: (jobId: number, signal: AbortSignal) => Promise<void>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly simulated: boolean;
  readonly onFault: (error: unknown) => void;
}

export interface ThreatSync {
  readonly service: ThreatSyncService;
  /** Does the runs that are asked for, and asks for those that are due, as long as this process is the outbound owner. */
  startRuns(timer: Timer): () => Promise<void>;
  dispose(): Promise<void>;
}

/** Sync jobs of one data directory: the calls in every process, the runs in the one that does outbound work. */
export function createThreatSync(parts: ThreatSyncParts): ThreatSync {
  const { database, clock } = parts;
  const ending = new AbortController();
  const secrets = createJobSecrets(parts.secrets, () => namesProxy(process.env));
  const stopWatching = parts.secrets.onChange(() => secrets.forget());
  const connect = createConnect({
    network: parts.network,
    secrets,
    clients: parts.clients,
    now: () => clock.now(),
  });
  const shared: ServiceParts = {
    database,
    clock,
    secretStore: parts.secrets,
    secrets,
    connect,
    checks: { simulated: parts.simulated, checkTql: parts.checkTql, checkOwn: parts.checkOwn },
    query: parts.query,
    judge: parts.judge,
    async job(jobId) {
      return found(
        await database.read('syncJob', { jobId }),
        `There is no sync job ${jobId}. assay sync list names those there are.`,
      );
    },
    async run(runId) {
      return found(
        await database.read('syncRun', { runId }),
        `There is no run ${runId}. assay sync history names those of a job.`,
      );
    },
    view: (job: SyncJobRow) =>
      jobView({ database, secrets, now: () => clock.now(), tqlOf: (one) => queryOf(parts, one) }, job),
    refreshKnownFiles: (jobId) => parts.refreshKnownFiles(jobId, ending.signal),
  };
  return {
    service: {
      ...jobCalls(shared),
      ...sideCalls(shared),
      ...runCalls(shared),
      ...pageCalls(shared),
    },
    startRuns: (timer) =>
      startSync({
        ...parts,
        timer,
        connect,
        isOffline: async () => (await parts.settings.get()).offline,
        logDays: async () => (await parts.settings.get()).requestLogDays,
        record: (jobId, runId) => createRecorder(database, { jobId, runId, now: () => timer.now() }),
      }),
    async dispose() {
      ending.abort();
      stopWatching();
    },
  };
}

function found<T>(value: T | null, sentence: string): T {
  if (value === null) {
    throw new AppError('NOT_FOUND', sentence);
  }
  return value;
}
