import type { ReactNode } from 'react';
import type { Job } from '#shared/contract/app.ts';
import { call } from '../../bridge/client.ts';
import { bytes, duration, number } from '../../components/words.ts';
import { sayFault } from '../store.ts';

const PHASES: Readonly<Record<string, string>> = {
  starting: 'Starting',
  reading: 'Reading',
  sorting: 'Sorting',
  judging: 'Answering',
  writing: 'Writing',
  printing: 'Printing',
  queueing: 'Queueing',
};

/** A running job: how far, how fast, how long, and the ways to pause it, where it can be, and to stop it. */
export function JobProgress({ job, named = false }: { readonly job: Job; readonly named?: boolean }): ReactNode {
  const part = job.total === null || job.total === 0 ? null : Math.min(1, job.done / job.total);
  const amount = (value: number): string => (job.unit === 'bytes' ? bytes(value) : number(Math.round(value)));
  return (
    <div className="jobline">
      <div
        className="progressbar"
        role="progressbar"
        aria-label={job.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={part === null ? undefined : Math.round(part * 100)}
      >
        <i style={{ width: part === null ? '30%' : `${part * 100}%` }} />
      </div>
      {named ? <span className="cut">{job.title}</span> : null}
      <span className="medium">{job.paused === true ? 'Paused' : (PHASES[job.phase] ?? job.phase)}</span>
      <span className="t2 nowrap">
        {amount(job.done)}
        {job.total === null ? '' : ` of ${amount(job.total)}`}
        {job.rate > 0 ? `, ${amount(job.rate)}/s` : ''}
        {job.secondsLeft === null || job.secondsLeft < 1 ? '' : `, ${duration(job.secondsLeft * 1000)} left`}
      </span>
      {job.paused === null ? null : (
        <button
          type="button"
          className="button compact"
          aria-label={`${job.paused ? 'Resume' : 'Pause'}: ${job.title}`}
          onClick={() => void call('jobs.pause', { jobId: job.jobId, paused: job.paused !== true }).catch(sayFault)}
        >
          {job.paused ? 'Resume' : 'Pause'}
        </button>
      )}
      <button
        type="button"
        className="button compact"
        aria-label={`Cancel: ${job.title}`}
        onClick={() => void call('jobs.cancel', { jobId: job.jobId }).catch(sayFault)}
      >
        Cancel
      </button>
    </div>
  );
}
