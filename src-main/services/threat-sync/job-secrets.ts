import { isAppError } from '#shared/errors/app-error.ts';
import { SYNC_LABELS, syncSecretLabel } from '#shared/settings/sync-labels.ts';
import { SYNC_SECRETS, syncSecretName, type SyncJobConfig, type SyncSecret } from '#shared/settings/sync-job.ts';
import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import { secretVariable } from '../../platform/secrets/environment.ts';
import type { Secrets, SecretState } from '../../platform/secrets/port.ts';
import { hostOf } from '../sources/key-host.ts';
import { isPlainKey } from '../sources/check-key.ts';

/** One of the two services a job talks to. */
export type Side = 'threatconnect' | 'tanium';

export interface ProxyCredentials {
  readonly name: string;
  readonly password: string;
}

/** What a side's requests are made with, or which parameter is missing, as a sentence that names it. */
export type SecretFound =
  | { readonly ok: true; readonly secret: string; readonly proxyCredentials: ProxyCredentials | null }
  | { readonly ok: false; readonly field: string; readonly message: string };

export interface Lacking {
  readonly field: string;
  readonly message: string;
}

/** Secrets of jobs, looked up once until they change: a keychain may be slow, or ask a person. */
export interface JobSecrets {
  states(job: SyncJobRow): Promise<Readonly<Record<SyncSecret, SecretState>>>;
  /** Required parameters of one side that are not set, its secret included. */
  lacking(job: SyncJobRow, side: Side): Promise<readonly Lacking[]>;
  find(job: SyncJobRow, side: Side): Promise<SecretFound>;
  forget(): void;
}

/** A store that could not be asked, or lacks a secret, is asked again after this. */
const AGAIN_MS = 10_000;

/** `hasSystemProxy` tells whether the system names a proxy, so that credentials for one may be wanted. */
export function createJobSecrets(
  secrets: Secrets,
  hasSystemProxy: () => boolean,
  steady: () => number = () => performance.now(),
): JobSecrets {
  const known = new Map<
    number,
    { revision: number; until: number; states: Promise<Record<SyncSecret, SecretState>> }
  >();
  const statesOf = (job: SyncJobRow): Promise<Record<SyncSecret, SecretState>> => {
    const before = known.get(job.id);
    if (before !== undefined && before.revision === job.secretRevision && steady() < before.until) {
      return before.states;
    }
    const states = readStates(secrets, job.id);
    const entry = { revision: job.secretRevision, until: Number.POSITIVE_INFINITY, states };
    known.set(job.id, entry);
    states.then(
      (found) => {
        // Another store may be chosen or opened, which nobody tells of: what is not found now is looked for again.
        const isSettled = Object.values(found).every(({ fault }) => fault === null) && found.tanium.place !== null;
        entry.until = isSettled && found.threatconnect.place !== null ? entry.until : steady() + AGAIN_MS;
      },
      () => known.delete(job.id),
    );
    return states;
  };

  return {
    states: statesOf,
    async lacking(job, side) {
      const unset = unsetOf(job.config, side);
      const refused = whySecretRefused(secrets, job, side);
      const state = (await statesOf(job))[side];
      const label = syncSecretLabel(side, job.config);
      if (refused !== null) {
        return [...unset, { field: side, message: refused }];
      }
      return state.place !== null
        ? unset
        : [...unset, { field: side, message: state.fault ?? noSecret(label, job.id, side) }];
    },
    async find(job, side) {
      const [unset] = unsetOf(job.config, side);
      const refused = whySecretRefused(secrets, job, side);
      return unset !== undefined
        ? { ok: false, ...unset }
        : refused !== null
          ? { ok: false, field: side, message: refused }
          : findSecret(secrets, job, side, hasSystemProxy());
    },
    forget: () => known.clear(),
  };
}

/** The host a side's secret is kept for; empty while its address is not set. */
export function hostOfSide(config: SyncJobConfig, side: Side): string {
  return hostOf(side === 'threatconnect' ? config.threatConnectUrl : config.taniumUrl);
}

function unsetOf(config: SyncJobConfig, side: Side): readonly Lacking[] {
  const required: readonly (keyof SyncJobConfig)[] =
    side === 'threatconnect'
      ? ['threatConnectUrl', ...(config.threatConnectAuth === 'hmac' ? (['accessId'] as const) : [])]
      : ['taniumUrl', ...(config.taniumAuth === 'password' ? (['taniumUsername'] as const) : []), 'sourceName'];
  return required
    .filter((field) => config[field] === '')
    .map((field) => ({ field, message: `${SYNC_LABELS[field]} is not set.` }));
}

/** Whoever can change an address must not thereby get the secret: a stored one is for the host it was given for. */
function whySecretRefused(secrets: Secrets, job: SyncJobRow, side: Side): string | null {
  const given = side === 'threatconnect' ? job.threatConnectHost : job.taniumHost;
  const host = hostOfSide(job.config, side);
  if (given === null || host === '' || given === host || secrets.isGiven(syncSecretName(job.id, side))) {
    return null;
  }
  return `The ${syncSecretLabel(side, job.config)} was given for ${given} and is not sent to ${host}. Give it again to use it there.`;
}

async function findSecret(
  secrets: Secrets,
  job: SyncJobRow,
  side: Side,
  hasSystemProxy: boolean,
): Promise<SecretFound> {
  const name = syncSecretName(job.id, side);
  const label = syncSecretLabel(side, job.config);
  try {
    const secret = await secrets.get(name);
    if (secret === null) {
      return { ok: false, field: side, message: noSecret(label, job.id, side) };
    }
    if (travelsInHeaders(job.config, side) && !isPlainKey(secret)) {
      const message = `The ${label} holds a character that none has: a space, a line end or a letter with an accent. Set it again.`;
      return { ok: false, field: side, message };
    }
    const proxy = side === 'threatconnect' ? job.config.threatConnectProxy : job.config.taniumProxy;
    const wantsProxy = proxy.kind === 'manual' || (proxy.kind === 'system' && hasSystemProxy);
    return { ok: true, secret, proxyCredentials: wantsProxy ? await credentialsOf(secrets, job.id, side) : null };
  } catch (error) {
    if (isAppError(error)) {
      const message = `${error.message} The ${label} can also be given as ${secretVariable(name)}.`;
      return { ok: false, field: side, message };
    }
    throw error;
  }
}

/** A secret key only signs, and a password travels as JSON: only tokens have to fit into a header. */
export function travelsInHeaders(config: SyncJobConfig, side: Side): boolean {
  return side === 'threatconnect' ? config.threatConnectAuth === 'token' : config.taniumAuth === 'token';
}

/** A store that cannot be asked is no fault here: most proxies want no credentials, and one that does says so. */
async function credentialsOf(secrets: Secrets, jobId: number, side: Side): Promise<ProxyCredentials | null> {
  const pair = await secrets.get(syncSecretName(jobId, `${side}-proxy`)).catch((error: unknown) => {
    if (isAppError(error)) {
      return null;
    }
    throw error;
  });
  const colon = pair?.indexOf(':') ?? -1;
  return pair === null || colon < 0 ? null : { name: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

async function readStates(secrets: Secrets, jobId: number): Promise<Record<SyncSecret, SecretState>> {
  const entries = await Promise.all(
    SYNC_SECRETS.map(async (secret) => [secret, await secrets.state(syncSecretName(jobId, secret))] as const),
  );
  return Object.fromEntries(entries) as Record<SyncSecret, SecretState>;
}

function noSecret(label: string, jobId: number, side: Side): string {
  return `${label} is not set. Give it to the job, or as ${secretVariable(syncSecretName(jobId, side))}.`;
}
