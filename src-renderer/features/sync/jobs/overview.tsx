import type { ReactNode } from 'react';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { counted, number, time } from '../../../components/words.ts';
import { ApproveNotice } from '../runs/approve-dialog.tsx';
import { ask, isUnderWay, showPart, showRun } from '../store.ts';
import { capital, changeWords, KIND_WORDS, nextWords, STATE_WORDS, tookWords } from '../words.ts';
import { Activation } from './activation.tsx';
import { RunProgress } from './run-progress.tsx';

interface Props {
  readonly job: SyncJobView;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** Where a job stands: what it holds, whether it runs and when, what the last runs came to. */
export function Overview({ job, now, zone }: Props): ReactNode {
  const { presentRun } = job;
  return (
    <div className="syncpage" tabIndex={0} role="region" aria-label={`Overview of ${job.name}`}>
      <div className="counts" role="group" aria-label="In Threat Response">
        <Count value={job.sent} word="sent" onPress={() => showPart('sent')} />
        <Count value={job.held} word="held back" onPress={() => showPart('held')} />
        <div className="cell side">
          <span className="n">{number(job.packages)}</span>
          <span className="w">{job.packages === 1 ? 'package' : 'packages'}</span>
        </div>
      </div>
      {isUnderWay(presentRun) ? <RunProgress run={presentRun} now={now} /> : null}
      {presentRun?.state === 'needs-approval' ? <ApproveNotice job={job} run={presentRun} /> : null}
      <Activation job={job} />
      <section className="syncsection">
        <h2>Schedule</h2>
        <dl className="kv">
          <Fact name="Next run">
            {job.nextRunAt === null ? nextWords(job, now, zone) : moment(job.nextRunAt, zone)}
          </Fact>
          <Fact name="Next reconcile">
            {job.nextReconcileAt === null
              ? job.active
                ? 'only when asked for'
                : 'inactive'
              : moment(job.nextReconcileAt, zone)}
          </Fact>
          <Fact name="Last reconcile">{job.reconciledAt === null ? 'never' : moment(job.reconciledAt, zone)}</Fact>
          <Fact name="Last Modified">
            <span className="row">
              {moment(job.lastModified, zone)}
              <button type="button" className="linkbutton" onClick={() => ask('start-over')}>
                Start over from…
              </button>
            </span>
          </Fact>
        </dl>
        <p className="small t2">
          Last Modified is what the next run pulls from. It moves to the start of a run, less the overlap, only after
          that run came to its end.
        </p>
      </section>
      <RunSection title="Last run" run={job.lastRun} now={now} zone={zone} />
      <RunSection title="Last dry run" run={job.lastDryRun} now={now} zone={zone} />
    </div>
  );
}

function Count(props: { readonly value: number; readonly word: string; readonly onPress: () => void }): ReactNode {
  return (
    <button type="button" className="cell" onClick={props.onPress}>
      <span className="n">{number(props.value)}</span>
      <span className="w">{props.word}</span>
    </button>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="kvrow">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RunSection(props: {
  readonly title: string;
  readonly run: SyncRunView | null;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { title, run, now, zone } = props;
  return (
    <section className="syncsection">
      <div className="row">
        <h2>{title}</h2>
        {run === null ? null : (
          <button type="button" className="linkbutton small" onClick={() => showRun(run)}>
            {run.kind === 'dry-run' ? 'What it said, and its log' : 'What it did, its log and ledger'}
          </button>
        )}
      </div>
      {run === null ? (
        <p className="small t2">None yet.</p>
      ) : (
        <>
          <p className="small">
            <b className="medium">
              {capital(KIND_WORDS[run.kind])}, {STATE_WORDS[run.state]}
            </b>{' '}
            {run.endedAt === null
              ? `since ${moment(run.startedAt ?? run.requestedAt, zone)}`
              : `${moment(run.endedAt, zone)}, took ${tookWords(run, now)}`}
            . {capital(changeWords(run))}, {counted(run.counts.packages, 'package')},{' '}
            {counted(run.counts.requests, 'request')}.
          </p>
          {run.message === '' ? null : (
            <p className="small" role={run.state === 'failed' ? 'alert' : undefined}>
              {run.message}
            </p>
          )}
        </>
      )}
    </section>
  );
}

function moment(at: number, zone: Preferences['times']): string {
  return time(at / 1000, zone);
}
