import { AppError } from '#shared/errors/app-error.ts';
import { syncSecretName, type SyncJobChange, type SyncJobConfig, type SyncSecret } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS, syncSecretLabel } from '#shared/settings/sync-labels.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import { nameOwners } from '../../../jobs/sync/pulling/named-owners.ts';
import { isPlainKey } from '../../sources/check-key.ts';
import { checkedKey } from '../../sources/check-key.ts';
import type { Opened } from '../connect.ts';
import { errorOf } from './faults.ts';
import { travelsInHeaders } from '../job-secrets.ts';
import { boundCredentials, hostOfSide, proxyPlace, reachOf } from '../secret-place.ts';
import type { ServiceParts } from '../parts.ts';
import type { ThreatSyncService } from '../port.ts';
import { createRecorder, type Recorder } from '../recorder.ts';
import { type SideTest, testTanium, testThreatConnect, testView, valueOr } from './test-side.ts';

type SideCalls = Pick<ThreatSyncService, 'setSecret' | 'removeSecret' | 'test' | 'owners' | 'tql' | 'count'>;

/** Secrets of jobs, tests of both sides, and what ThreatConnect is asked outside of runs. */
export function sideCalls(parts: ServiceParts): SideCalls {
  const { database, query, secretStore } = parts;

  /** With a client of one side; every request of it is put down before the answer is given. */
  async function using<C extends object, T>(
    job: SyncJobRow,
    open: (recorder: Recorder) => Promise<Opened<C>>,
    use: (client: C) => Promise<T>,
    lacking: (message: string) => T,
  ): Promise<T> {
    const recorder = createRecorder(database, { jobId: job.id, runId: null, now: () => parts.clock.now() });
    const opened = await open(recorder);
    if (!opened.ok) {
      return lacking(opened.message);
    }
    try {
      return await use(opened.client);
    } finally {
      await opened.close();
      await recorder.flush();
    }
  }

  /** What matches now, whenever it was modified. */
  const matching = (config: SyncJobConfig): string => query.buildTql(config, { since: null, includeInactive: false });

  const refuse = (message: string): never => {
    throw new AppError('CONFLICT', message);
  };

  return {
    async setSecret(jobId, secret, value) {
      const job = await parts.job(jobId);
      await secretStore.set(syncSecretName(jobId, secret), checkedSecret(job, secret, value));
      await noteSecret(parts, job, secret);
      return secretStore.state(syncSecretName(jobId, secret));
    },
    async removeSecret(jobId, secret) {
      const job = await parts.job(jobId);
      await secretStore.remove(syncSecretName(jobId, secret));
      await noteSecret(parts, job, null);
      return secretStore.state(syncSecretName(jobId, secret));
    },
    async test({ jobId, side }, signal) {
      const job = await parts.job(jobId);
      const startedAt = performance.now();
      const lacking = (message: string): SideTest => ({ ok: false, at: 'input', message, httpStatus: null });
      const found =
        side === 'threatconnect'
          ? await using(
              job,
              (recorder) => parts.connect.threatConnect(job, recorder.onExchange),
              (client) => testThreatConnect(client, job, matching, signal),
              lacking,
            )
          : await using(
              job,
              (recorder) => parts.connect.threatResponse(job, recorder.onExchange),
              (client) => testTanium(client, job, signal),
              lacking,
            );
      return testView(found, performance.now() - startedAt);
    },
    async owners(jobId, signal) {
      const job = await parts.job(jobId);
      return using(
        job,
        (recorder) => parts.connect.threatConnect(job, recorder.onExchange),
        async (client) => {
          const owners = valueOr(await client.owners(signal), errorOf);
          return { owners: owners.map(({ name, type }) => ({ name, type })) };
        },
        refuse,
      );
    },
    async tql({ jobId, change }) {
      const job = await parts.job(jobId);
      const config = merged(job.config, change);
      return { tql: queryOf(parts, { ...job, config }), problem: query.checkQuery(config) };
    },
    async count({ jobId, change }, signal) {
      const job = await parts.job(jobId);
      const config = merged(job.config, change);
      const problem = query.checkQuery(config);
      if (problem !== null) {
        throw new AppError('INVALID_ARGUMENT', problem);
      }
      return using(
        job,
        (recorder) => parts.connect.threatConnect(job, recorder.onExchange),
        async (client) => {
          const owners = config.tql === '' ? valueOr(await client.owners(signal), errorOf) : [];
          const names = owners.map(({ name }) => name);
          const tql = matching(nameOwners(config, names).config);
          return { count: valueOr(await client.count(tql, signal), errorOf) };
        },
        refuse,
      );
    },
  };
}

/** The query of a job's next run. */
export function queryOf({ query }: Pick<ServiceParts, 'query'>, { config, lastModified }: SyncJobRow): string {
  return query.buildTql(config, { since: lastModified, includeInactive: true });
}

function merged(config: SyncJobConfig, change: SyncJobChange): SyncJobConfig {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...config, ...given };
}

function checkedSecret(job: SyncJobRow, secret: SyncSecret, value: string): string {
  if (secret !== 'threatconnect' && secret !== 'tanium') {
    return boundProxy(job, secret, checkedKey('proxy', value));
  }
  const label = syncSecretLabel(secret, job.config);
  if (hostOfSide(job.config, secret) === '') {
    // A secret for no host would go to whichever comes first.
    const field = secret === 'threatconnect' ? SYNC_LABELS.threatConnectUrl : SYNC_LABELS.taniumUrl;
    throw new AppError('INVALID_ARGUMENT', `${field} is not set. Set it first: the ${label} is kept for its host.`);
  }
  const clean = value.replace(/^[\r\n]+|[\r\n]+$/g, '');
  if (travelsInHeaders(job.config, secret) && !isPlainKey(clean)) {
    const what = 'a space, a line end or a letter with an accent';
    throw new AppError('INVALID_ARGUMENT', `The ${label} holds a character that none has: ${what}. Nothing was kept.`);
  }
  return clean;
}

/** Credentials for no proxy would go to whichever comes first. */
function boundProxy({ config }: SyncJobRow, secret: `${'threatconnect' | 'tanium'}-proxy`, pair: string): string {
  const side = secret === 'threatconnect-proxy' ? 'threatconnect' : 'tanium';
  const place = proxyPlace(config, side);
  if (place === null) {
    const field = SYNC_LABELS[side === 'tanium' ? 'taniumProxy' : 'threatConnectProxy'];
    throw new AppError('INVALID_ARGUMENT', `${field} is none. Set it first: its credentials are kept for it.`);
  }
  return boundCredentials(place, pair);
}

/** Every process hears of a new secret, and which host it is for. */
async function noteSecret({ database }: ServiceParts, job: SyncJobRow, secret: SyncSecret | null): Promise<void> {
  await database.write('setSecretHosts', {
    jobId: job.id,
    ...(secret === 'threatconnect' ? { threatConnectHost: reachOf(job.config, secret) } : {}),
    ...(secret === 'tanium' ? { taniumHost: reachOf(job.config, secret) } : {}),
  });
}
