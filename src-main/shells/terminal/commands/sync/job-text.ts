import type { SyncJobView } from '#shared/contract/sync.ts';
import { syncSecretLabel } from '#shared/settings/sync-labels.ts';
import { count, counted } from '../../output/numbers.ts';
import type { TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { isoOf, plainRun, utcOf } from './job-of.ts';

/** Where a secret is kept, in words. */
export const PLACES = { environment: 'environment', keychain: 'system’s keychain', file: 'passphrase file' } as const;

/** Columns of a list of jobs. */
export const JOB_COLUMNS: readonly TableColumn<SyncJobView>[] = [
  { header: 'job', align: 'right', cell: ({ id }) => String(id) },
  { header: 'name', cell: ({ name }) => name, least: 12 },
  { header: 'state', cell: stateOf },
  { header: 'last run (UTC)', cell: ({ lastRun }) => utcOf(lastRun?.endedAt ?? lastRun?.startedAt ?? null) },
  { header: 'next run (UTC)', cell: ({ nextRunAt }) => utcOf(nextRunAt) },
  { header: 'sent', align: 'right', cell: ({ sent }) => count(sent) },
  { header: 'held back', align: 'right', cell: ({ held }) => count(held) },
  { header: 'packages', align: 'right', cell: ({ packages }) => count(packages) },
];

/** Columns of owners. */
export const OWNER_COLUMNS: readonly TableColumn<{ readonly name: string; readonly type: string }>[] = [
  { header: 'owner', cell: ({ name }) => name, least: 12 },
  { header: 'type', cell: ({ type }) => type },
];

function stateOf({ active, presentRun, lastRun }: SyncJobView): string {
  if (presentRun !== null) {
    if (presentRun.retry !== null) {
      return 'waits to try again';
    }
    return presentRun.state === 'needs-approval' ? 'needs approval' : presentRun.state;
  }
  const base = active ? 'active' : 'inactive';
  return lastRun?.state === 'failed' ? `${base}, last run failed` : base;
}

/** What `show` says beside the settings. */
export function aboutJob(job: SyncJobView): string[] {
  const secrets = (['threatconnect', 'tanium'] as const).map((secret) => {
    const state = job.secrets[secret];
    const label = syncSecretLabel(secret, job.config);
    const place = state?.place ?? null;
    const fault = state?.fault ?? null;
    return `${label}: ${fault ?? (place === null ? 'not set.' : `set, in the ${PLACES[place]}.`)}`;
  });
  const missing = missingOf(job);
  const why = job.whyInactive ?? 'It can be activated.';
  return [
    `Query: ${job.tql}`,
    `Last Modified: what was modified since ${utcOf(job.lastModified)} UTC is pulled next.`,
    ...secrets,
    `${counted(job.sent, 'indicator')} sent in ${counted(job.packages, 'package')}, ${count(job.held)} held back.`,
    ...missing.filter((sentence) => !secrets.some((said) => said.endsWith(sentence))),
    ...(job.active ? [] : [missing.includes(why) ? 'Inactive.' : `Inactive. ${why}`]),
    ...retryOf(job),
    ...(job.lastRun === null || job.lastRun.message === '' ? [] : [`Last run: ${job.lastRun.message}`]),
  ];
}

/** What the run under way waits to try again. */
function retryOf({ presentRun }: SyncJobView): string[] {
  const retry = presentRun?.retry ?? null;
  return retry === null ? [] : [`Tries again at ${isoOf(retry.at)?.slice(11, 19)} UTC: ${retry.why}`];
}

/** What is missing, each sentence once: both secrets may lack the same. */
function missingOf({ missing }: SyncJobView): string[] {
  return [...new Set(missing.map(({ message }) => message))];
}

/** Says what must be set before the job can run. */
export function noteMissing(session: Session, job: SyncJobView): void {
  for (const sentence of missingOf(job)) {
    session.note(sentence);
  }
}

/** What a script needs; moments in UTC. */
export function plainJob(job: SyncJobView): object {
  return {
    ...job,
    lastModified: isoOf(job.lastModified),
    reconciledAt: isoOf(job.reconciledAt),
    nextRunAt: isoOf(job.nextRunAt),
    nextReconcileAt: isoOf(job.nextReconcileAt),
    lastRun: job.lastRun === null ? null : plainRun(job.lastRun),
    lastDryRun: job.lastDryRun === null ? null : plainRun(job.lastDryRun),
    presentRun: job.presentRun === null ? null : plainRun(job.presentRun),
  };
}
