import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { activate, requestRun } from '../actions.ts';
import { isUnderWay, showPart } from '../store.ts';

/** Whether a job runs by itself; while it cannot yet, why, with the step that leads there. */
export function Activation({ job }: { readonly job: SyncJobView }): ReactNode {
  if (job.active) {
    return null;
  }
  return (
    <section className="syncsection" aria-label="Activation">
      <h2>{job.whyInactive === null ? 'Ready to be activated' : 'Not ready to be activated'}</h2>
      {job.missing.length === 0 ? (
        <p className="small">{job.whyInactive ?? 'The job runs on its schedule once it is activated.'}</p>
      ) : (
        <ul className="places small">
          {job.missing.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      )}
      <div className="row">
        <NextStep job={job} />
      </div>
    </section>
  );
}

/** The next step: settings first, then a dry run, then the look at it. */
function NextStep({ job }: { readonly job: SyncJobView }): ReactNode {
  if (job.whyInactive === null) {
    return (
      <button type="button" className="button primary" onClick={() => void activate(job, true)}>
        Activate
      </button>
    );
  }
  if (job.missing.length > 0) {
    return (
      <button type="button" className="button primary" onClick={() => showPart('settings')}>
        Set the parameters
      </button>
    );
  }
  const { lastDryRun } = job;
  const isUnseen = lastDryRun?.state === 'done' && !lastDryRun.seen;
  return (
    <>
      {isUnseen ? (
        <button type="button" className="button primary" onClick={() => showPart('plan')}>
          Look at the dry run
        </button>
      ) : null}
      <button
        type="button"
        className={isUnseen ? 'button' : 'button primary'}
        disabled={isUnderWay(job.presentRun)}
        onClick={() => void requestRun(job, 'dry-run')}
      >
        {isUnseen ? 'Dry run again' : 'Dry run'}
      </button>
    </>
  );
}
