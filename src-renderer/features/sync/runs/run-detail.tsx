import { useState, type ReactNode } from 'react';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { CopyTql } from '../jobs/copy-tql.tsx';
import { RunProgress } from '../jobs/run-progress.tsx';
import { PlanGrid } from '../plan/plan-grid.tsx';
import { isUnderWay } from '../store.ts';
import { KIND_WORDS, STATE_WORDS } from '../words.ts';
import { ApproveNotice } from './approve-dialog.tsx';
import { RecallDialog } from './recall-dialog.tsx';
import { LedgerTable, LogTable, RequestsTable } from './run-tables.tsx';
import { useRun } from './use-run.ts';

interface Props {
  readonly job: SyncJobView;
  readonly runId: number;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

type Side = 'log' | 'plan' | 'ledger' | 'requests';

/** One run: what came of it, its log, what it did by indicator, what it wrote, and every request. */
export function RunDetail({ job, runId, now, zone }: Props): ReactNode {
  const { value: run, error } = useRun(runId);
  const [side, setSide] = useState<Side>('log');
  const [isRecalled, setRecalled] = useState(false);
  if (run === null) {
    return error === null ? null : <p role="alert">{error}</p>;
  }
  const sides: readonly (readonly [Side, string])[] = [
    ['log', 'Log'],
    ...(isUnderWay(run) ? [] : ([['plan', 'By indicator']] as const)),
    ['ledger', 'Ledger'],
    ['requests', 'Requests'],
  ];
  return (
    <section className="syncrun" aria-label={`Run ${run.id}`}>
      {isUnderWay(run) ? <RunProgress run={run} now={now} /> : null}
      {run.state === 'needs-approval' ? <ApproveNotice job={job} run={run} /> : null}
      <div className="tools">
        <div className="segments" role="group" aria-label={`What is shown of run ${run.id}`}>
          {sides.map(([name, label]) => (
            <button key={name} type="button" aria-pressed={side === name} onClick={() => setSide(name)}>
              {label}
            </button>
          ))}
        </div>
        <div className="end">
          {run.tql === '' ? null : <CopyTql tql={run.tql} label="Copy TQL" />}
          {canBeRecalled(run) ? (
            <button
              type="button"
              className="button danger"
              disabled={isUnderWay(job.presentRun)}
              onClick={() => setRecalled(true)}
            >
              Recall this run…
            </button>
          ) : null}
        </div>
      </div>
      <p className="syncsays small" role={run.state === 'failed' ? 'alert' : undefined}>
        <b className="medium">
          Run {run.id}, {KIND_WORDS[run.kind]}, {STATE_WORDS[run.state]}
          {run.approved ? ', approved' : ''}.
        </b>{' '}
        {run.state === 'needs-approval' ? null : run.message}
      </p>
      <Shown job={job} run={run} side={side} zone={zone} />
      {isRecalled ? (
        <RecallDialog job={job} scope={{ kind: 'run', runId: run.id }} onClose={() => setRecalled(false)} />
      ) : null}
    </section>
  );
}

/** Only runs that sent something can be called back, whatever they came to in the end. */
function canBeRecalled({ kind, state, counts }: SyncRunView): boolean {
  const wrote = state === 'done' || state === 'failed' || state === 'cancelled' || state === 'interrupted';
  return (kind === 'run' || kind === 'reconcile') && wrote && counts.new + counts.changed > 0;
}

function Shown(props: {
  readonly job: SyncJobView;
  readonly run: SyncRunView;
  readonly side: Side;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { job, run, side, zone } = props;
  switch (side) {
    case 'plan':
      return <PlanGrid jobName={job.name} run={run} label={`Run ${run.id} by indicator`} />;
    case 'ledger':
      return <LedgerTable job={job} run={run} zone={zone} />;
    case 'requests':
      return <RequestsTable job={job} run={run} zone={zone} />;
    default:
      return <LogTable run={run} zone={zone} />;
  }
}
