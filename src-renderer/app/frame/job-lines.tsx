import type { ReactNode } from 'react';
import type { Job } from '#shared/contract/app.ts';
import { JobProgress } from './job-progress.tsx';
import { useApp } from '../store.ts';

const MOST = 3;

/** Work that goes on behind the present view, each with the way to stop it. What a dialog waits for shows there. */
export function JobLines(): ReactNode {
  const jobs = useApp((state) => state.jobs);
  const view = useApp((state) => state.view);
  const intakeId = useApp((state) => state.intakeId);
  const isShownByView = (job: Job): boolean =>
    job.kind === 'verify' ||
    (job.kind === 'known-set' && view === 'known-sets') ||
    (job.kind === 'intake' && view === 'triage' && job.intakeId === intakeId);
  const running = jobs.filter((job) => job.state === 'running' && !isShownByView(job));
  return (
    <section className="joblines" aria-label="Running work" hidden={running.length === 0}>
      {running.slice(0, MOST).map((job) => (
        <JobProgress key={job.jobId} job={job} named />
      ))}
      {running.length > MOST ? <p className="jobmore small t2">and {running.length - MOST} more</p> : null}
    </section>
  );
}
