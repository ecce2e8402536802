import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { SyncJobView, SyncRecallScope, SyncRunView } from '#shared/contract/sync.ts';
import { say } from '../../../app/store.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted, number } from '../../../components/words.ts';
import { useAttempt } from '../../sources/index.ts';
import { isUnderWay, loadJobs, showRun } from '../store.ts';
import { hostOf, STATE_WORDS } from '../words.ts';
import { useRun } from './use-run.ts';
import { Withdrawals } from './withdrawals.tsx';

interface Props {
  readonly job: SyncJobView;
  readonly scope: SyncRecallScope;
  readonly onClose: () => void;
}

/** Calls back what was sent. What that takes out is worked out and shown first; everything needs the job's name typed. */
export function RecallDialog({ job, scope, onClose }: Props): ReactNode {
  const dry = useDryRun(job.id, scope);
  const [typed, setTyped] = useState('');
  const { busy, fault, run } = useAttempt(onClose);
  const count = dry.run?.state === 'done' ? dry.run.counts.withdrawn : 0;
  const isNamed = scope.kind !== 'all' || typed.trim() === job.name;
  const recall = async (): Promise<void> => {
    const recalled = await call('sync.recall', { jobId: job.id, scope, dryRun: false });
    await loadJobs();
    showRun(recalled);
    say('The recall was asked for. What is called back stays out until it is released.');
  };
  return (
    <Dialog
      title={titleOf(job, scope)}
      action={busy ? 'Asking…' : count === 0 ? 'Recall' : `Recall ${counted(count, 'indicator')}`}
      danger
      broad
      disabled={busy || count === 0 || !isNamed}
      onClose={onClose}
      onAction={() => run(recall)}
    >
      <DryRun run={dry.run} fault={dry.fault} />
      {count === 0 || dry.run === null ? null : (
        <>
          <p>
            {counted(count, 'indicator')} in {counted(dry.run.counts.packages, 'package')} would be taken out of{' '}
            {hostOf(job.config.taniumUrl)}, and held back until released.
          </p>
          <Withdrawals jobName={job.name} runId={dry.run.id} count={count} />
          {scope.kind === 'all' ? (
            <label className="stack tight">
              <span className="small t2">Type the name of the job to confirm: {job.name}</span>
              <input
                className="field"
                value={typed}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
          ) : null}
        </>
      )}
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

function titleOf(job: SyncJobView, scope: SyncRecallScope): string {
  switch (scope.kind) {
    case 'all':
      return `Recall everything ${job.name} sent`;
    case 'run':
      return `Recall what run ${scope.runId} sent`;
    default:
      return `Recall ${counted(scope.ids.length, 'indicator')}`;
  }
}

function DryRun({ run, fault }: { readonly run: SyncRunView | null; readonly fault: string | null }): ReactNode {
  if (fault !== null) {
    return <p role="alert">What this would take out could not be worked out. {fault}</p>;
  }
  if (run === null || isUnderWay(run)) {
    return (
      <p role="status">
        {run?.state === 'requested'
          ? 'Waits for the process that does outbound work, to work out what this would take out…'
          : `Works out what this would take out… ${run === null || run.done === 0 ? '' : number(run.done)}`}
      </p>
    );
  }
  if (run.state !== 'done') {
    return (
      <p role="alert">
        The dry run of the recall {STATE_WORDS[run.state]}. {run.message}
      </p>
    );
  }
  return run.counts.withdrawn === 0 ? <p role="status">Nothing of it is in Threat Response. {run.message}</p> : null;
}

/** Asks for the dry run of a recall once, follows it, and ends it when the dialog closes before it does. */
function useDryRun(
  jobId: number,
  scope: SyncRecallScope,
): { readonly run: SyncRunView | null; readonly fault: string | null } {
  const [asked, setAsked] = useState<SyncRunView | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const key = JSON.stringify(scope);
  const latest = useRef<SyncRunView | null>(null);
  useEffect(() => {
    let isOpen = true;
    const stop = ({ id }: SyncRunView): void => void call('sync.cancel', { runId: id }).catch(() => undefined);
    const ask = (): void =>
      void call('sync.recall', { jobId, scope: JSON.parse(key) as SyncRecallScope, dryRun: true }).then(
        (run) => {
          latest.current = run;
          if (isOpen) {
            setAsked(run);
          } else {
            stop(run);
          }
        },
        (error: unknown) => setFault(sentenceOf(error)),
      );
    // Not at once: a page under development draws everything twice, and a job has one run at a time.
    const timer = setTimeout(ask);
    return () => {
      isOpen = false;
      clearTimeout(timer);
      // Nobody waits for it any longer; when it came to its end meanwhile, cancelling it is refused and means nothing.
      if (isUnderWay(latest.current)) {
        stop(latest.current);
      }
    };
  }, [jobId, key]);
  const followed = useRun(asked?.id ?? null);
  const run = followed.value ?? asked;
  useEffect(() => {
    latest.current = run;
  }, [run]);
  return { run, fault: fault ?? followed.error };
}
