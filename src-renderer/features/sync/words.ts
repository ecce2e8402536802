import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { RunKind, RunState, SyncAction } from '#shared/domain/indicator.ts';
import type { SyncJobConfig, SyncSecret } from '#shared/settings/sync-job.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { clock, counted, duration, number } from '../../components/words.ts';

export const KIND_WORDS: Readonly<Record<RunKind, string>> = {
  run: 'run',
  reconcile: 'reconcile',
  'dry-run': 'dry run',
  recall: 'recall',
  'recall-dry-run': 'dry run of a recall',
};

export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  requested: 'waits to begin',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  'needs-approval': 'waits for approval',
};

/** An action as a mark and a word, the same everywhere. */
export const ACTION_WORDS: Readonly<Record<SyncAction, { readonly mark: string; readonly word: string }>> = {
  held: { mark: '!', word: 'held back' },
  new: { mark: '+', word: 'new' },
  changed: { mark: '~', word: 'changed' },
  withdrawn: { mark: '−', word: 'withdrawn' },
  invalid: { mark: '×', word: 'invalid' },
  unchanged: { mark: '=', word: 'unchanged' },
};

/** When something that failed is tried again: "tries again in 12 s". Milliseconds. */
export function retryWords({ at }: NonNullable<SyncRunView['retry']>, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  return seconds < 1 ? 'tries again now' : `tries again in ${duration(seconds * 1000)}`;
}

/** What a job does, in two or three words for the list of jobs. */
export function jobState(job: SyncJobView): string {
  const { presentRun, lastRun } = job;
  if (presentRun !== null) {
    if (presentRun.retry !== null) {
      return 'waits to try again';
    }
    return presentRun.state === 'running' && presentRun.phase !== '' ? presentRun.phase : STATE_WORDS[presentRun.state];
  }
  if (lastRun !== null && lastRun.state !== 'done') {
    return `last ${KIND_WORDS[lastRun.kind]} ${STATE_WORDS[lastRun.state]}`;
  }
  return job.active ? 'on schedule' : 'inactive';
}

/** "next 10:00", or why there is none. Moments in milliseconds. */
export function nextWords({ active, nextRunAt }: SyncJobView, now: number, zone: Preferences['times']): string {
  if (!active) {
    return 'inactive';
  }
  return nextRunAt === null ? 'no next run' : `next ${nextRunAt <= now ? 'now' : clock(nextRunAt, now, zone)}`;
}

/** How often a job runs, as words. */
export function scheduleWords({ schedule }: SyncJobConfig): string {
  return schedule.kind === 'daily' ? `daily at ${schedule.at}` : `every ${counted(schedule.minutes, 'minute')}`;
}

/** How often a job compares everything, as words. */
export function reconcileWords({ reconcileHours }: SyncJobConfig): string {
  return reconcileHours === null ? 'only when asked for' : `every ${counted(reconcileHours, 'hour')}`;
}

/** What a run came to: "+214 ~37 −19, 4 packages". Empty when nothing changed. */
export function changeWords({ counts }: Pick<SyncRunView, 'counts'>): string {
  const parts = (['new', 'changed', 'withdrawn'] as const).flatMap((action) =>
    counts[action] === 0 ? [] : [`${ACTION_WORDS[action].mark}${number(counts[action])}`],
  );
  return parts.length === 0 ? 'no change' : parts.join(' ');
}

/** How long a run took, or has run so far. */
export function tookWords({ startedAt, endedAt }: SyncRunView, now: number): string {
  return startedAt === null ? '–' : duration(Math.max(0, (endedAt ?? now) - startedAt));
}

/** The host of an address, or the text as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The name of a package without the name of its job, which all packages of a job begin with. */
export function shortPackage(name: string, jobName: string): string {
  return name.startsWith(`${jobName} - `) ? name.slice(jobName.length + 3) : name;
}

/** A text as a sentence begins. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What a dry run still needs, as a sentence; null when it can be asked for. It only reads ThreatConnect. */
export function dryRunLacks({ missing }: Pick<SyncJobView, 'missing'>): string | null {
  const needed = ['threatConnectUrl', 'accessId', 'threatconnect'];
  return missing.find(({ field }) => needed.includes(field))?.message ?? null;
}

/** A run that may have written came after the newest dry run, which says nothing of the present any more. */
export function isOvertaken({ lastRun, lastDryRun }: Pick<SyncJobView, 'lastRun' | 'lastDryRun'>): boolean {
  return lastRun !== null && lastDryRun !== null && lastRun.id > lastDryRun.id;
}

/** Name of the environment variable that may hold a secret of a job. */
export function secretVariable(jobId: number, secret: SyncSecret): string {
  const side = secret.startsWith('tanium') ? 'TANIUM' : 'THREATCONNECT';
  return `ASSAY_SYNC_${jobId}_${side}_${secret.endsWith('-proxy') ? 'PROXY' : 'KEY'}`;
}
