import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { useAsking } from '../../app/asking.ts';
import { usePreferences } from '../../app/store.ts';
import { Notice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { number } from '../../components/words.ts';
import { SecretStoreNotice } from '../sources/index.ts';
import { EmptySync } from './jobs/empty-sync.tsx';
import { JobDialogs } from './jobs/job-dialogs.tsx';
import { JobList } from './jobs/job-list.tsx';
import { JobSummary } from './jobs/job-summary.tsx';
import { JobTools } from './jobs/job-tools.tsx';
import { Overview } from './jobs/overview.tsx';
import { HeldPart } from './indicators/held-part.tsx';
import { SentPart } from './indicators/sent-part.tsx';
import { PlanPart } from './plan/plan-part.tsx';
import { RunsPart } from './runs/runs-part.tsx';
import { SettingsForm } from './form/settings-form.tsx';
import { chosenOf, loadJobs, showPart, useSync, type SyncPart } from './store.ts';
import { useJobs } from './use-jobs.ts';

const SECOND_MS = 1000;

/** Sync jobs: ThreatConnect indicators in Threat Response, what each would do, did, and holds back. */
export function SyncView(): ReactNode {
  useJobs();
  const { jobs, fault } = useSync();
  const job = useSync(chosenOf);
  const store = useAsking((state) => state.listed?.secretStore);
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow(SECOND_MS) * 1000;
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Threat sync</h1>
        {job === null ? null : <span className="medium cut">{job.name}</span>}
        {job === null ? null : <JobTools job={job} />}
      </div>
      {fault === null ? null : (
        <Notice
          actions={
            <button type="button" className="button compact" onClick={() => void loadJobs()}>
              Try again
            </button>
          }
        >
          <b>Sync jobs could not be read.</b> {fault}
        </Notice>
      )}
      {store === undefined || job === null ? null : <SecretStoreNotice store={store} />}
      {jobs !== null && job === null ? <EmptySync /> : null}
      {job === null || jobs === null ? null : (
        <div className="syncbody">
          <div className="syncleft" tabIndex={0} role="region" aria-label="Jobs and what they pull">
            <JobList jobs={jobs} chosen={job} now={now} zone={zone} />
            <JobSummary job={job} zone={zone} />
          </div>
          <div className="syncright" key={job.id}>
            <Parts job={job} />
            <Part job={job} now={now} zone={zone} />
          </div>
        </div>
      )}
      <JobDialogs job={job} zone={zone} />
    </section>
  );
}

function Parts({ job }: { readonly job: SyncJobView }): ReactNode {
  const part = useSync((state) => state.part);
  const labels: Readonly<Record<SyncPart, string>> = {
    overview: 'Overview',
    plan: 'Dry run',
    held: job.held === 0 ? 'Held back' : `Held back ${number(job.held)}`,
    sent: job.sent === 0 ? 'Sent' : `Sent ${number(job.sent)}`,
    runs: 'Runs',
    settings: job.missing.length === 0 ? 'Parameters' : `Parameters, ${number(job.missing.length)} missing`,
  };
  return (
    <div className="tools">
      <div className="segments" role="group" aria-label={`Parts of ${job.name}`}>
        {(Object.keys(labels) as SyncPart[]).map((name) => (
          <button key={name} type="button" aria-pressed={part === name} onClick={() => showPart(name)}>
            {labels[name]}
          </button>
        ))}
      </div>
    </div>
  );
}

function Part(props: { readonly job: SyncJobView; readonly now: number; readonly zone: 'local' | 'utc' }): ReactNode {
  const { job, now, zone } = props;
  switch (useSync((state) => state.part)) {
    case 'plan':
      return <PlanPart job={job} now={now} zone={zone} />;
    case 'held':
      return <HeldPart job={job} />;
    case 'sent':
      return <SentPart job={job} zone={zone} />;
    case 'runs':
      return <RunsPart job={job} now={now} zone={zone} />;
    case 'settings':
      return <SettingsForm job={job} />;
    default:
      return <Overview job={job} now={now} zone={zone} />;
  }
}
