import { useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { say } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted } from '../../../components/words.ts';
import { useAttempt } from '../../sources/index.ts';
import { loadJobs } from '../store.ts';

interface Props {
  readonly job: SyncJobView;
  readonly onClose: () => void;
}

/** Removes a job with its history; while something it sent is still there, only when that is said. */
export function RemoveDialog({ job, onClose }: Props): ReactNode {
  const [leave, setLeave] = useState(false);
  const { busy, fault, run } = useAttempt(onClose);
  const isThere = job.sent > 0;
  const remove = async (): Promise<void> => {
    await call('sync.remove', { jobId: job.id, leave });
    await loadJobs();
    focusNext();
    say(`${job.name} was removed.`);
  };
  return (
    <Dialog
      title={`Remove ${job.name}`}
      action="Remove"
      danger
      disabled={busy || (isThere && !leave)}
      onClose={onClose}
      onAction={() => run(remove)}
    >
      <p>Its settings, secrets, history, log and ledger are removed. This cannot be undone.</p>
      {isThere ? (
        <>
          <p>
            {counted(job.sent, 'indicator')} in {counted(job.packages, 'package')} of this job{' '}
            {job.sent === 1 ? 'is' : 'are'} in Threat Response. Recall everything first, or leave them there: Assay
            forgets them and cannot call them back later.
          </p>
          <label className="row">
            <input
              type="checkbox"
              className="tick"
              checked={leave}
              onChange={(event) => setLeave(event.target.checked)}
            />
            Leave them in Threat Response
          </label>
        </>
      ) : null}
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

/** Once the dialog is closed: the menu it was opened from is that of another job, or of none. */
function focusNext(): void {
  setTimeout(() => document.querySelector<HTMLElement>('.jobitem.cur .jobbutton, .first .button')?.focus());
}
