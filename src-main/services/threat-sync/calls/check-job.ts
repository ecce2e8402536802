import { isAbsolute } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { type SyncJobChange, type SyncJobConfig, syncJobConfigSchema } from '#shared/settings/sync-job.ts';
import { checkedProxyUrl, checkedUrl } from '../../sources/check-address.ts';

/** What decides whether settings can be, beside their shape. */
export interface JobChecks {
  readonly simulated: boolean;
  /** Why a TQL of one's own cannot be sent, as a sentence; null when it can. */
  checkTql(tql: string): string | null;
  /** What is wrong with own addresses and domains: a sentence for each such entry. */
  checkOwn(entries: readonly string[]): readonly string[];
}

type Field = keyof SyncJobConfig;

/**
 * The settings of a job after a change, all of it or nothing: INVALID_ARGUMENT names the field by its label and says what
 * it must be. Addresses come back without trailing slashes, texts without white space around them, lists without doubles.
 */
export function changedJob(present: SyncJobConfig, change: SyncJobChange, checks: JobChecks): SyncJobConfig {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next = trimmed(parsed({ ...present, ...given }));
  if (next.sourceName === '') {
    refuse('sourceName', 'must not be empty');
  }
  const tqlFault = next.tql === '' ? null : checks.checkTql(next.tql);
  if (tqlFault !== null) {
    refuse('tql', `cannot be sent: ${tqlFault}`);
  }
  const [ownFault] = checks.checkOwn(next.own);
  if (ownFault !== undefined) {
    refuse('own', `cannot be kept: ${ownFault}`);
  }
  for (const field of ['threatConnectCaFile', 'taniumCaFile'] as const) {
    const path = next[field];
    if (path !== null && (!isAbsolute(path) || /^[\\/]{2}/.test(path))) {
      // Reading from a share signs in at whatever host its path names, offline or not.
      refuse(field, 'must be the whole path of a PEM file on this machine');
    }
  }
  return {
    ...next,
    threatConnectUrl: addressOf(next, 'threatConnectUrl', checks.simulated),
    taniumUrl: addressOf(next, 'taniumUrl', checks.simulated),
    threatConnectProxy: proxyOf(next, 'threatConnectProxy', checks.simulated),
    taniumProxy: proxyOf(next, 'taniumProxy', checks.simulated),
  };
}

function parsed(value: unknown): SyncJobConfig {
  const result = syncJobConfigSchema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const field = issue?.path[0];
  return typeof field === 'string' && field in SYNC_LABELS
    ? refuse(field as Field, `does not fit: ${issue?.message ?? 'unknown'}`)
    : refuseAll(`The settings of the job do not fit: ${issue?.message ?? 'unknown'}`);
}

function trimmed(config: SyncJobConfig): SyncJobConfig {
  const list = (names: readonly string[]): string[] => [
    ...new Set(names.map((name) => name.trim()).filter((name) => name !== '')),
  ];
  return {
    ...config,
    accessId: config.accessId.trim(),
    taniumUsername: config.taniumUsername.trim(),
    taniumDomain: config.taniumDomain.trim(),
    sourceName: config.sourceName.trim(),
    scanGroup: config.scanGroup.trim(),
    tql: config.tql.trim(),
    owners: list(config.owners),
    types: [...new Set(config.types)],
    includeTags: list(config.includeTags),
    excludeTags: list(config.excludeTags),
    own: list(config.own),
  };
}

function addressOf(config: SyncJobConfig, field: 'threatConnectUrl' | 'taniumUrl', simulated: boolean): string {
  const address = config[field].trim();
  if (address === '') {
    return '';
  }
  const url = checkedUrl(address, simulated);
  return 'fault' in url ? refuse(field, url.fault) : url.url;
}

function proxyOf(
  config: SyncJobConfig,
  field: 'threatConnectProxy' | 'taniumProxy',
  simulated: boolean,
): SyncJobConfig['taniumProxy'] {
  const proxy = config[field];
  if (proxy.kind !== 'manual') {
    return proxy;
  }
  const url = checkedProxyUrl(proxy.url, simulated);
  return 'fault' in url ? refuse(field, url.fault) : { kind: 'manual', url: url.url };
}

function refuse(field: Field, what: string): never {
  return refuseAll(`${SYNC_LABELS[field]} ${what.replace(/\.$/, '')}`);
}

function refuseAll(what: string): never {
  throw new AppError('INVALID_ARGUMENT', `${what}. Nothing was changed.`);
}
