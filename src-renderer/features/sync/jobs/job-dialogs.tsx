import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { RecallDialog } from '../runs/recall-dialog.tsx';
import { ask, useSync } from '../store.ts';
import { NameDialog } from './name-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';
import { StartOverDialog } from './start-over-dialog.tsx';

interface Props {
  readonly job: SyncJobView | null;
  readonly zone: Preferences['times'];
}

/** The dialog that was asked for, of the job that is shown. */
export function JobDialogs({ job, zone }: Props): ReactNode {
  const dialog = useSync((state) => state.dialog);
  const close = (): void => ask('none');
  if (dialog === 'new') {
    return <NameDialog of={{ kind: 'new' }} onClose={close} />;
  }
  if (job === null) {
    return null;
  }
  switch (dialog) {
    case 'copy':
      return <NameDialog of={{ kind: 'copy', job }} onClose={close} />;
    case 'rename':
      return <NameDialog of={{ kind: 'rename', job }} onClose={close} />;
    case 'remove':
      return <RemoveDialog job={job} onClose={close} />;
    case 'run':
      return <RunDialog job={job} first="run" zone={zone} onClose={close} />;
    case 'reconcile':
      return <RunDialog job={job} first="reconcile" zone={zone} onClose={close} />;
    case 'start-over':
      return <StartOverDialog job={job} zone={zone} onClose={close} />;
    case 'recall-all':
      return <RecallDialog job={job} scope={{ kind: 'all' }} onClose={close} />;
    default:
      return null;
  }
}
