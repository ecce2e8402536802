import { useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { say } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useAttempt } from '../../sources/index.ts';
import { showJob, takeJob } from '../store.ts';

const LONGEST_NAME = 200;

type Of =
  | { readonly kind: 'new' }
  | { readonly kind: 'copy'; readonly job: SyncJobView }
  | { readonly kind: 'rename'; readonly job: SyncJobView };

/** Names a new job, a copy of one, or one anew. */
export function NameDialog({ of, onClose }: { readonly of: Of; readonly onClose: () => void }): ReactNode {
  const before = of.kind === 'new' ? '' : of.job.name;
  const [name, setName] = useState(of.kind === 'copy' ? `${before}, copy` : before);
  const { busy, fault, run } = useAttempt(onClose);
  const typed = name.trim();
  const keep = async (): Promise<void> => {
    if (of.kind === 'rename') {
      takeJob(await call('sync.set', { jobId: of.job.id, name: typed }));
      return;
    }
    const job = await call('sync.create', { name: typed, ...(of.kind === 'copy' ? { copyOf: of.job.id } : {}) });
    takeJob(job);
    showJob(job.id, 'settings');
    focusParameters();
    say(`${job.name} was made. It is inactive until it is activated.`);
  };
  return (
    <Dialog
      title={of.kind === 'rename' ? `Rename ${before}` : 'New sync job'}
      action={of.kind === 'rename' ? 'Rename' : 'Make the job'}
      disabled={busy || typed === '' || (of.kind === 'rename' && typed === before)}
      onClose={onClose}
      onAction={() => run(keep)}
    >
      <label className="stack tight">
        <span className="small t2">Name</span>
        <input
          className="field"
          value={name}
          maxLength={LONGEST_NAME}
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <p className="small t2">
        {of.kind === 'rename'
          ? 'Packages carry the name of their job: those in Threat Response get the new one with the next run.'
          : of.kind === 'copy'
            ? 'It begins with the settings of the other job, without its secrets, and pulls nothing before it is activated.'
            : 'It begins inactive. Its parameters come next; a dry run shows what it would do before anything is written.'}
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

/** Once the dialog is closed: the button that opened it went away with the last word of there being no job. */
function focusParameters(): void {
  setTimeout(() => document.querySelector<HTMLElement>('.syncform')?.focus());
}
