import type { Engine } from '../../../services/engine-port.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import type { DemoSync, ServiceAddress } from './simulators-file.ts';

/** Name of the job that a demonstration begins with. */
export const DEMO_JOB = 'Demonstration: ThreatConnect to Threat Response';

const NO_PROXY = { kind: 'none' } as const;

/**
 * Points the demonstration's sync job at the services of this process, and makes it, inactive, the first time; `before` is
 * what the directory had. A job that a person removed stays away. Resolves with its id, or null where there is none.
 */
export async function connectSync(
  { threatSync }: Pick<Engine, 'threatSync'>,
  services: readonly ServiceAddress[],
  before: DemoSync | null,
): Promise<number | null> {
  const { jobs } = await threatSync.jobs();
  // A process that ended before it wrote the id down has left one of this name.
  const job = jobs.find(({ id, name }) => (before === null ? name === DEMO_JOB : id === before.jobId));
  if (job === undefined && before === null) {
    const changes = services.map(settingsOf);
    const { id } = await threatSync.create({
      name: DEMO_JOB,
      change: Object.assign({ threatConnectProxy: NO_PROXY, taniumProxy: NO_PROXY }, ...changes) as SyncJobChange,
    });
    return id;
  }
  if (job === undefined) {
    return null;
  }
  const moved = services.filter(({ url }) => url !== job.config.threatConnectUrl && url !== job.config.taniumUrl);
  for (const service of moved) {
    await threatSync.set({ jobId: job.id, change: settingsOf(service) }).catch((error: unknown) => {
      // With documents on a server whose port another program has now, it stays where it is, and its runs say so.
      if (!isAppError(error) || error.code !== 'CONFLICT') {
        throw error;
      }
    });
  }
  return job.id;
}

function settingsOf({ service, url, credentials }: ServiceAddress): SyncJobChange {
  return service === 'threatconnect'
    ? { threatConnectUrl: url, accessId: credentials['accessId'] }
    : { taniumUrl: url, taniumUsername: credentials['username'] };
}
