import { AppError } from '#shared/errors/app-error.ts';
import { defaultSyncJob, SYNC_SECRETS, type SyncJobConfig, syncSecretName } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import { changedJob } from './check-job.ts';
import { hostOfSide } from '../secret-place.ts';
import type { ServiceParts } from '../parts.ts';
import type { ThreatSyncService } from '../port.ts';
import { asksForNewDryRun, isOtherOrigin, isOtherTarget } from './revision.ts';

const DAY_MS = 86_400_000;
/** Last Modified of a new job lies so far back. */
const FIRST_PULL_DAYS = 30;

type JobCalls = Pick<ThreatSyncService, 'jobs' | 'create' | 'set' | 'remove' | 'activate' | 'startOver'>;

/** Making, changing, switching and removing jobs. */
export function jobCalls(parts: ServiceParts): JobCalls {
  const { database, clock } = parts;

  return {
    async jobs() {
      const jobs = await database.read('syncJobs', {});
      return { jobs: await Promise.all(jobs.map((job) => parts.view(job))) };
    },
    async create({ name, change, copyOf }) {
      const from = copyOf === undefined ? defaultSyncJob() : (await parts.job(copyOf)).config;
      const config = changedJob(from, change, parts.checks);
      const now = clock.now();
      const lastModified = now - FIRST_PULL_DAYS * DAY_MS;
      return parts.view(await database.write('createSyncJob', { name: checkedName(name), config, lastModified, now }));
    },
    async set({ jobId, name, change }) {
      const job = await parts.job(jobId);
      const config = changedJob(job.config, change, parts.checks);
      const isOther = asksForNewDryRun(job.config, config);
      await refuseOtherPlaces(parts, job, config);
      const isElsewhere = isOtherTarget(job.config, config) || isOtherOrigin(job.config, config);
      const changed = await database.write('setSyncJob', {
        jobId,
        ...(name === undefined ? {} : { name: checkedName(name) }),
        config,
        raiseRevision: isOther,
        elsewhere: isElsewhere,
      });
      if (isOtherOrigin(job.config, config)) {
        await database.write('forgetSyncIndicators', { jobId });
      }
      if (job.config.networkTerms !== config.networkTerms || job.config.taniumUrl !== config.taniumUrl) {
        await database.write('setTermForms', { jobId, forms: null });
      }
      if (job.config.filesTo !== config.filesTo || job.config.packageSize !== config.packageSize) {
        await database.write('dirtyPackages', { jobId });
      }
      if (job.name !== changed.name || job.config.raiseFromRating !== config.raiseFromRating) {
        await parts.refreshKnownFiles(jobId);
      }
      return parts.view(await parts.job(jobId));
    },
    async remove({ jobId, leave }) {
      const job = await parts.job(jobId);
      await refuseWhileRunning(parts, job);
      const { packages, sent } = await database.read('syncCounts', { jobId });
      if (!leave && packages + sent > 0) {
        throw new AppError(
          'CONFLICT',
          `${stillThere(job, packages, sent)} Recall everything first, or leave it there.`,
        );
      }
      const [open] = leave ? [] : await database.read('openLedgerRows', { jobId });
      if (open !== undefined) {
        const what = `A write of ${job.name} to ${open.host} was not answered, so it is not known what is there.`;
        throw new AppError('CONFLICT', `${what} Recall everything first, or leave it there.`);
      }
      if (!leave && job.deployDue && job.config.deploy) {
        throw new AppError(
          'CONFLICT',
          `What ${job.name} wrote last was not deployed yet. Run it once more, or leave it there.`,
        );
      }
      await database.write('removeSyncJob', { jobId });
      for (const secret of SYNC_SECRETS) {
        const name = syncSecretName(jobId, secret);
        // A store that cannot be asked keeps the secret under a number that no job will have again.
        const { place } = await parts.secretStore.state(name);
        if (place === 'keychain' || place === 'file') {
          await parts.secretStore.remove(name);
        }
      }
      await parts.refreshKnownFiles(jobId);
    },
    async activate(jobId, active) {
      const job = await parts.job(jobId);
      if (active) {
        const { whyInactive } = await parts.view(job);
        if (whyInactive !== null) {
          throw new AppError('CONFLICT', whyInactive);
        }
      }
      const activatedAt = active ? clock.now() : undefined;
      return parts.view(await database.write('setSyncJob', { jobId, active, activatedAt }));
    },
    async startOver(jobId, from) {
      await parts.job(jobId);
      if (from > clock.now()) {
        throw new AppError('INVALID_ARGUMENT', 'Last Modified must not lie in the future. Nothing was changed.');
      }
      await database.write('advanceSyncJob', { jobId, lastModified: from });
      return parts.view(await parts.job(jobId));
    },
  };
}

function checkedName(name: string): string {
  const clean = name.trim();
  if (clean === '' || /\p{Cc}/u.test(clean)) {
    throw new AppError('INVALID_ARGUMENT', 'The name of a sync job must be a line of text. Nothing was changed.');
  }
  return clean;
}

/**
 * Documents are found by ids of one source on one server: what is there would be out of reach from anywhere else. Nor may
 * indicators of another ThreatConnect take the numbers of those that are there.
 */
async function refuseOtherPlaces(parts: ServiceParts, job: SyncJobRow, config: SyncJobConfig): Promise<void> {
  const before = job.config;
  const field = isOtherOrigin(before, config)
    ? SYNC_LABELS.threatConnectUrl
    : before.taniumUrl === config.taniumUrl
      ? SYNC_LABELS.sourceName
      : SYNC_LABELS.taniumUrl;
  if (!isOtherTarget(before, config) && !isOtherOrigin(before, config)) {
    return;
  }
  const { packages, sent } = await parts.database.read('syncCounts', { jobId: job.id });
  if (packages + sent > 0) {
    const what = `${field} cannot be changed now.`;
    const advice = 'Recall everything first, or make another job as a copy of this one.';
    throw new AppError('CONFLICT', `${what} ${stillThere(job, packages, sent)} ${advice} Nothing was changed.`);
  }
}

async function refuseWhileRunning({ database }: ServiceParts, job: SyncJobRow): Promise<void> {
  const { present } = await database.read('syncRunsOfInterest', { jobId: job.id });
  if (present?.state === 'running') {
    throw new AppError('CONFLICT', `A run of ${job.name} is under way. Cancel it first.`);
  }
}

function stillThere(job: SyncJobRow, packages: number, sent: number): string {
  const indicators = `${sent} ${sent === 1 ? 'indicator' : 'indicators'}`;
  const where = packages > 0 ? ` in ${packages} ${packages === 1 ? 'package' : 'packages'}` : '';
  return `${job.name} has ${indicators}${where} on ${hostOfSide(job.config, 'tanium')}.`;
}
