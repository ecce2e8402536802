import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { RunKind } from '#shared/domain/indicator.ts';
import { say, sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { loadJobs, showJob, showPart, takeJob, useSync } from './store.ts';
import { KIND_WORDS } from './words.ts';

/** Asks for a run of a job and shows where it can be followed; what forbids it is said. */
export async function requestRun(job: SyncJobView, kind: Exclude<RunKind, 'recall' | 'recall-dry-run'>): Promise<void> {
  try {
    const run = await call('sync.request', { jobId: job.id, kind });
    useSync.setState(({ jobs }) => ({
      jobs: jobs?.map((one) => (one.id === job.id ? { ...one, presentRun: run } : one)) ?? null,
    }));
    showJob(job.id, kind === 'dry-run' ? 'plan' : 'overview');
    await loadJobs();
  } catch (error) {
    sayFault(error);
  }
}

/** Ends a run after its present request. What is written stays and is known. */
export async function cancelRun(run: SyncRunView): Promise<void> {
  try {
    await call('sync.cancel', { runId: run.id });
    say(
      run.state === 'running'
        ? `The ${KIND_WORDS[run.kind]} ends after its present request. What was written stays and is known.`
        : `The ${KIND_WORDS[run.kind]} was cancelled. It wrote nothing.`,
    );
    await loadJobs();
  } catch (error) {
    sayFault(error);
  }
}

/** Lets a job run on its schedule, or no longer. What is missing for it shows in the overview. */
export async function activate(job: SyncJobView, active: boolean): Promise<void> {
  try {
    takeJob(await call('sync.activate', { jobId: job.id, active }));
    say(
      active ? `${job.name} runs on its schedule.` : `${job.name} is inactive. What it sent stays in Threat Response.`,
    );
  } catch (error) {
    useSync.setState({ chosenId: job.id });
    showPart('overview');
    sayFault(error);
  }
}
