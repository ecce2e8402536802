import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { clock, number } from '../../../components/words.ts';
import { activate } from '../actions.ts';
import { ask, showJob } from '../store.ts';
import { jobState, nextWords } from '../words.ts';

interface Props {
  readonly jobs: readonly SyncJobView[];
  readonly chosen: SyncJobView;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** Every job: whether it runs by itself, when it ran last and runs next, what is in Threat Response. */
export function JobList({ jobs, chosen, now, zone }: Props): ReactNode {
  return (
    <section aria-label="Jobs">
      <div className="subhead">
        <h2>Jobs</h2>
        <span className="end">
          <button type="button" className="button compact" onClick={() => ask('new')}>
            New job…
          </button>
        </span>
      </div>
      <ul className="joblist">
        {jobs.map((job) => (
          <li key={job.id} className={job.id === chosen.id ? 'jobitem cur' : 'jobitem'}>
            <input
              type="checkbox"
              role="switch"
              className="switch"
              aria-label={`${job.name} runs on its schedule`}
              checked={job.active}
              onChange={() => void activate(job, !job.active)}
            />
            <button
              type="button"
              className="jobbutton"
              data-row-link={job.id}
              aria-current={job.id === chosen.id}
              onClick={() => showJob(job.id)}
            >
              <span className="row spread">
                <span className="medium cut">{job.name}</span>
                <span className="nowrap small">{lastAt(job, now, zone)}</span>
              </span>
              <span className="row spread tiny t2">
                <span className="cut">
                  {number(job.sent)} sent{job.held === 0 ? '' : `, ${number(job.held)} held back`}
                </span>
                <span className="nowrap">{nextWords(job, now, zone)}</span>
              </span>
              {jobState(job) === 'on schedule' || jobState(job) === 'inactive' ? null : (
                <span className="cut tiny t2">{jobState(job)}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function lastAt({ lastRun }: SyncJobView, now: number, zone: Preferences['times']): string {
  const at = lastRun?.endedAt ?? lastRun?.startedAt ?? null;
  return at === null ? 'never ran' : clock(at, now, zone);
}
