import { create } from 'zustand';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { show } from '../../app/store.ts';

export const SYNC_PARTS = ['overview', 'plan', 'held', 'sent', 'runs', 'settings'] as const;
export type SyncPart = (typeof SYNC_PARTS)[number];

/** What is asked in a dialog, of the job that is shown. */
export type SyncDialog =
  | 'none'
  | 'new'
  | 'copy'
  | 'rename'
  | 'remove'
  | 'run'
  | 'reconcile'
  | 'start-over'
  | 'recall-all';

interface SyncState {
  /** Null until the first answer came. */
  readonly jobs: readonly SyncJobView[] | null;
  /** Why the last attempt failed; what was known before stays. */
  readonly fault: string | null;
  readonly chosenId: number | null;
  readonly part: SyncPart;
  /** The run whose history is open; null for the newest. */
  readonly runId: number | null;
  readonly dialog: SyncDialog;
}

/** What the view Threat sync shows. It stays while other views are open. */
export const useSync = create<SyncState>(() => ({
  jobs: null,
  fault: null,
  chosenId: null,
  part: 'overview',
  runId: null,
  dialog: 'none',
}));

/** The job that is shown: the chosen one, or the first. */
export function chosenOf({ jobs, chosenId }: Pick<SyncState, 'jobs' | 'chosenId'>): SyncJobView | null {
  return jobs?.find(({ id }) => id === chosenId) ?? jobs?.[0] ?? null;
}

/** Asks for all jobs again. What was known stays when that fails, with the fault beside it. */
export async function loadJobs(): Promise<void> {
  try {
    const { jobs } = await call('sync.jobs', {});
    useSync.setState((before) => {
      const isGone = chosenOf(before)?.id !== chosenOf({ jobs, chosenId: before.chosenId })?.id;
      // What was asked about a job that another process removed must not be answered about the next one.
      return { jobs, fault: null, dialog: isGone && before.dialog !== 'new' ? 'none' : before.dialog };
    });
  } catch (error) {
    useSync.setState({ fault: sentenceOf(error) });
  }
}

/** Puts one job's new state in its place, or at the end. */
export function takeJob(job: SyncJobView): void {
  useSync.setState(({ jobs }) => ({
    jobs:
      jobs?.some(({ id }) => id === job.id) === true
        ? jobs.map((one) => (one.id === job.id ? job : one))
        : [...(jobs ?? []), job],
  }));
}

/** Shows a job in the view. */
export function showJob(chosenId: number, part: SyncPart = useSync.getState().part): void {
  useSync.setState({ chosenId, part, runId: null });
  show('sync');
}

/** Shows a part of the job that is open. */
export function showPart(part: SyncPart): void {
  useSync.setState({ part });
}

/** Shows one run with its log and ledger. */
export function showRun({ id, jobId }: Pick<SyncRunView, 'id' | 'jobId'>): void {
  useSync.setState({ chosenId: jobId, part: 'runs', runId: id });
  show('sync');
}

type UnderWay = SyncRunView & { readonly state: 'requested' | 'running' };

/** A run that has not come to its end. */
export function isUnderWay(run: SyncRunView | null): run is UnderWay {
  return run !== null && (run.state === 'requested' || run.state === 'running');
}

/** Asks something in a dialog; `none` closes it. */
export function ask(dialog: SyncDialog): void {
  useSync.setState({ dialog });
}
