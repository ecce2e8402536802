import type { ReactNode } from 'react';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { Notice } from '../../../components/notice.tsx';
import { counted, number, time } from '../../../components/words.ts';
import { requestRun } from '../actions.ts';
import { RunProgress } from '../jobs/run-progress.tsx';
import { ask, isUnderWay, showPart } from '../store.ts';
import { dryRunLacks, isOvertaken, STATE_WORDS, tookWords } from '../words.ts';
import { PlanGrid } from './plan-grid.tsx';

interface Props {
  readonly job: SyncJobView;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** The newest dry run of a job: how it goes, what it said, and the way on from there. */
export function PlanPart({ job, now, zone }: Props): ReactNode {
  const { presentRun, lastDryRun } = job;
  if (isUnderWay(presentRun) && presentRun.kind === 'dry-run') {
    return (
      <>
        <RunProgress run={presentRun} now={now} />
        <div className="middle">
          <h2>The dry run reads ThreatConnect</h2>
          <p className="t2">What would be new, changed, withdrawn and held back shows here. Nothing is written.</p>
        </div>
      </>
    );
  }
  if (lastDryRun === null || lastDryRun.state !== 'done') {
    return <NoPlan job={job} run={lastDryRun} />;
  }
  return (
    <>
      {isOvertaken(job) ? (
        <Notice>
          <b>A run came after this dry run.</b> What a run would do now is shown by another one.
        </Notice>
      ) : null}
      {lastDryRun.counts.held === 0 || isOvertaken(job) ? null : (
        <Notice
          actions={
            job.held === 0 ? undefined : (
              <button type="button" className="button compact" onClick={() => showPart('held')}>
                Release…
              </button>
            )
          }
        >
          <b>{counted(lastDryRun.counts.held, 'indicator')} held back.</b> They are known to be harmless here, are own
          addresses, or were called back, and stay out of the packages.
          {job.held === 0 ? ' After the next run they are listed under Held back, where they can be released.' : ''}
        </Notice>
      )}
      <PlanGrid jobName={job.name} run={lastDryRun} label="What a run would do" />
      <PlanFoot job={job} run={lastDryRun} now={now} zone={zone} />
    </>
  );
}

function NoPlan({ job, run }: { readonly job: SyncJobView; readonly run: SyncRunView | null }): ReactNode {
  const lacks = dryRunLacks(job);
  return (
    <div className="middle">
      <h2>{run === null ? 'No dry run yet' : `The last dry run: ${STATE_WORDS[run.state]}`}</h2>
      {run === null || run.message === '' ? null : (
        <p role={run.state === 'failed' ? 'alert' : undefined}>{run.message}</p>
      )}
      <p className="t2">
        A dry run reads what matches in ThreatConnect and shows what would be new, changed, withdrawn and held back, by
        indicator and package. Nothing is written.
      </p>
      {lacks === null ? (
        <button
          type="button"
          className="button primary"
          disabled={isUnderWay(job.presentRun)}
          onClick={() => void requestRun(job, 'dry-run')}
        >
          Dry run
        </button>
      ) : (
        <>
          <p>{lacks}</p>
          <button type="button" className="button primary" onClick={() => showPart('settings')}>
            Set the parameters
          </button>
        </>
      )}
    </div>
  );
}

function PlanFoot(props: Props & { readonly run: SyncRunView }): ReactNode {
  const { job, run, now, zone } = props;
  const { counts } = run;
  const isBusy = isUnderWay(job.presentRun);
  return (
    <div className="belowfoot small">
      <span className="cut t2 grow" title={run.message}>
        Read {counted(counts.pulled, 'indicator')} in {tookWords(run, now)}, {counted(counts.requests, 'request')},{' '}
        {time((run.endedAt ?? run.requestedAt) / 1000, zone)}. {run.message}
      </span>
      <button
        type="button"
        className="button"
        disabled={isBusy || dryRunLacks(job) !== null}
        onClick={() => void requestRun(job, 'dry-run')}
      >
        Dry run again
      </button>
      <button
        type="button"
        className="button primary"
        disabled={isBusy || job.missing.length > 0}
        title={job.missing[0]?.message}
        onClick={() => ask('reconcile')}
      >
        {counts.packages === 0 || isOvertaken(job)
          ? 'Run…'
          : `Run, write ${number(counts.packages)} ${counts.packages === 1 ? 'package' : 'packages'}…`}
      </button>
    </div>
  );
}
