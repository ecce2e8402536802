import { isAppError } from '#shared/errors/app-error.ts';
import { SYNC_LABELS, syncSecretLabel } from '#shared/settings/sync-labels.ts';
import { SYNC_SECRETS, syncSecretName, type SyncJobConfig, type SyncSecret } from '#shared/settings/sync-job.ts';
import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import { secretVariable } from '../../platform/secrets/environment.ts';
import type { Secrets, SecretState } from '../../platform/secrets/port.ts';
import { isPlainKey } from '../sources/check-key.ts';
import {
  hostOfSide,
  mayReach,
  proxyPlace,
  proxyWords,
  reachOf,
  type Side,
  unboundCredentials,
} from './secret-place.ts';

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
      const state = (await statesOf(job))[side];
      const label = syncSecretLabel(side, job.config);
      if (state.place === null) {
        return [...unset, { field: side, message: state.fault ?? noSecret(label, job.id, side) }];
      }
      const refused = whySecretRefused(secrets, job, side);
      return refused === null ? unset : [...unset, { field: side, message: refused }];
    },
    async find(job, side) {
      const [unset] = unsetOf(job.config, side);
      return unset === undefined ? findSecret(secrets, job, side, hasSystemProxy()) : { ok: false, ...unset };
    },
    forget: () => known.clear(),
  };
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

/**
 * Whoever can change an address, or how it is reached, must not thereby get the secret: a stored one is for what it was given
 * for. One of which that is not known was left by another job of the same number.
 */
function whySecretRefused(secrets: Secrets, job: SyncJobRow, side: Side): string | null {
  const given = side === 'threatconnect' ? job.threatConnectHost : job.taniumHost;
  const host = hostOfSide(job.config, side);
  const reach = reachOf(job.config, side);
  const isGiven = secrets.isGiven(syncSecretName(job.id, side));
  if (isGiven || host === '' || (given !== null && mayReach(given, reach, host))) {
    return null;
  }
  const forWhat = given ?? 'another job';
  return `The ${syncSecretLabel(side, job.config)} was given for ${forWhat} and is not sent to ${reach}. Give it again to use it there.`;
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
    const refused = whySecretRefused(secrets, job, side);
    if (refused !== null) {
      return { ok: false, field: side, message: refused };
    }
    if (travelsInHeaders(job.config, side) && !isPlainKey(secret)) {
      const message = `The ${label} holds a character that none has: a space, a line end or a letter with an accent. Set it again.`;
      return { ok: false, field: side, message };
    }
    const proxy = side === 'threatconnect' ? job.config.threatConnectProxy : job.config.taniumProxy;
    const wantsProxy = proxy.kind === 'manual' || (proxy.kind === 'system' && hasSystemProxy);
    const credentials = wantsProxy ? await credentialsOf(secrets, job, side) : null;
    return typeof credentials === 'string'
      ? { ok: false, field: `${side}-proxy`, message: credentials }
      : { ok: true, secret, proxyCredentials: credentials };
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

/**
 * Name and password for the proxy that is set, or the sentence why they are not for it. A store that cannot be asked is no
 * fault here: most proxies want no credentials, and one that does says so.
 */
async function credentialsOf(secrets: Secrets, job: SyncJobRow, side: Side): Promise<ProxyCredentials | string | null> {
  const name = syncSecretName(job.id, `${side}-proxy`);
  const stored = await secrets.get(name).catch((error: unknown) => {
    if (isAppError(error)) {
      return null;
    }
    throw error;
  });
  if (stored === null) {
    return null;
  }
  const isGiven = secrets.isGiven(name);
  const { place, pair } = isGiven ? { place: null, pair: stored } : unboundCredentials(stored);
  const present = proxyPlace(job.config, side);
  if (!isGiven && place !== present) {
    const label = syncSecretLabel(`${side}-proxy`, job.config);
    return `The ${label} were given for ${proxyWords(place)} and are not sent to ${proxyWords(present)}. Give them again to use them there.`;
  }
  const colon = pair.indexOf(':');
  return colon < 0 ? null : { name: pair.slice(0, colon), password: pair.slice(colon + 1) };
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
