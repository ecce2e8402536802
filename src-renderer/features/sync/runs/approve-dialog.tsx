import { useState, type ReactNode } from 'react';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import { say } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Notice } from '../../../components/notice.tsx';
import { counted } from '../../../components/words.ts';
import { useAttempt } from '../../sources/index.ts';
import { cancelRun } from '../actions.ts';
import { loadJobs, showRun } from '../store.ts';
import { Withdrawals } from './withdrawals.tsx';

interface Props {
  readonly job: SyncJobView;
  readonly run: SyncRunView;
}

/** A run that stopped to ask, with the two ways on. */
export function ApproveNotice({ job, run }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Notice
        actions={
          <>
            <button type="button" className="button compact" onClick={() => void cancelRun(run)}>
              Cancel the run
            </button>
            <button type="button" className="button compact" onClick={() => setOpen(true)}>
              Look at the withdrawals…
            </button>
          </>
        }
      >
        <b>A run stopped to ask: it would withdraw {counted(run.counts.withdrawn, 'indicator')}.</b> {run.message}
      </Notice>
      {open ? <ApproveDialog job={job} run={run} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ApproveDialog({ job, run, onClose }: Props & { readonly onClose: () => void }): ReactNode {
  const attempt = useAttempt(onClose);
  const { withdrawn } = run.counts;
  const approve = async (): Promise<void> => {
    const approved = await call('sync.approve', { runId: run.id });
    await loadJobs();
    showRun(approved);
    say(`${counted(withdrawn, 'withdrawal')} allowed, and no others. The run was asked for again.`);
  };
  return (
    <Dialog
      title={`Withdraw ${counted(withdrawn, 'indicator')}`}
      action={`Allow ${withdrawn === 1 ? 'this withdrawal' : `these ${counted(withdrawn, 'withdrawal')}`}`}
      danger
      broad
      disabled={attempt.busy}
      onClose={onClose}
      onAction={() => attempt.run(approve)}
    >
      <p>{run.message}</p>
      <Withdrawals jobName={job.name} runId={run.id} count={withdrawn} />
      <p className="small t2">
        Only these are allowed; the run lists all of them by indicator. When the next run would withdraw anything else
        beyond the guard, it asks again.
      </p>
      {attempt.fault === null ? null : <p role="alert">{attempt.fault}</p>}
    </Dialog>
  );
}
