import { AppError } from '#shared/errors/app-error.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import type { ServiceParts } from '../parts.ts';
import type { ThreatSyncService } from '../port.ts';
import { runView } from './views.ts';

type RunCalls = Pick<ThreatSyncService, 'request' | 'recall' | 'cancel' | 'approve' | 'runs' | 'run'>;

/** Asking for runs, ending and allowing them. The process that does outbound work does them. */
export function runCalls(parts: ServiceParts): RunCalls {
  const { database, clock } = parts;
  return {
    async request({ jobId, kind }) {
      const job = await parts.job(jobId);
      await refuseIncomplete(parts, job, kind === 'dry-run' ? ['threatconnect'] : ['threatconnect', 'tanium']);
      return runView(await database.write('requestSyncRun', { jobId, kind, asked: 'person', now: clock.now() }));
    },
    async recall({ jobId, scope, dryRun }) {
      const job = await parts.job(jobId);
      if (scope.kind === 'run' && (await parts.run(scope.runId)).jobId !== jobId) {
        throw new AppError('NOT_FOUND', `${job.name} has no run ${scope.runId}.`);
      }
      if (!dryRun) {
        await refuseIncomplete(parts, job, ['tanium']);
      }
      const kind = dryRun ? 'recall-dry-run' : 'recall';
      return runView(await database.write('requestSyncRun', { jobId, kind, scope, asked: 'person', now: clock.now() }));
    },
    async cancel(runId) {
      await parts.run(runId);
      return runView(await database.write('cancelSyncRun', { runId, now: clock.now() }));
    },
    async approve(runId) {
      const { jobId } = await parts.run(runId);
      await refuseIncomplete(parts, await parts.job(jobId), ['threatconnect', 'tanium']);
      return runView(await database.write('approveSyncRun', { runId, now: clock.now() }));
    },
    async runs({ jobId, offset, limit }) {
      await parts.job(jobId);
      const { total, rows } = await database.read('syncRuns', { jobId, offset, limit });
      return { total, rows: rows.map(runView) };
    },
    run: async (runId) => runView(await parts.run(runId)),
  };
}

async function refuseIncomplete(
  { secrets }: ServiceParts,
  job: SyncJobRow,
  sides: readonly ('threatconnect' | 'tanium')[],
): Promise<void> {
  for (const side of sides) {
    const [first] = await secrets.lacking(job, side);
    if (first !== undefined) {
      throw new AppError('CONFLICT', first.message);
    }
  }
}
