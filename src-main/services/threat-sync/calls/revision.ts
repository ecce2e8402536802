import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/** What decides which indicators a job takes and where they go: a dry run holds only for these. */
const DECIDING = [
  'threatConnectUrl',
  'accessId',
  'threatConnectAuth',
  'taniumUrl',
  'sourceName',
  'owners',
  'types',
  'tql',
  'lastModifiedWithTql',
  'includeTags',
  'excludeTags',
  'minThreatAssess',
  'minConfidence',
  'minRating',
  'maxFalsePositives',
  'filesTo',
  'own',
] as const satisfies readonly (keyof SyncJobConfig)[];

/** Whether a change of settings makes what a dry run showed untrue. */
export function asksForNewDryRun(before: SyncJobConfig, after: SyncJobConfig): boolean {
  return DECIDING.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/**
 * Whether indicators come from another ThreatConnect than before: their numbers stand for others there. Another port or path
 * of the same host is the same one.
 */
export function isOtherOrigin(before: SyncJobConfig, after: SyncJobConfig): boolean {
  const hosts = [before, after].map(({ threatConnectUrl }) => URL.parse(threatConnectUrl)?.hostname ?? '');
  return hosts[0] !== '' && hosts[0] !== hosts[1];
}

/** Whether what was sent lies somewhere else than where the job would send now. */
export function isOtherTarget(before: SyncJobConfig, after: SyncJobConfig): boolean {
  return before.taniumUrl !== after.taniumUrl || before.sourceName !== after.sourceName;
}
