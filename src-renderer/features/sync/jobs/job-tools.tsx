import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { requestRun } from '../actions.ts';
import { ask, isUnderWay } from '../store.ts';
import { dryRunLacks } from '../words.ts';

/** What can be done with the job that is shown. */
export function JobTools({ job }: { readonly job: SyncJobView }): ReactNode {
  const isBusy = isUnderWay(job.presentRun);
  const lacks = job.missing[0]?.message ?? null;
  const dryLacks = dryRunLacks(job);
  const why = (lack: string | null): string | undefined =>
    isBusy ? 'A run of this job is under way' : (lack ?? undefined);
  return (
    <div className="facts">
      <Menu label="Job">
        <MenuItem onSelect={() => ask('rename')}>Rename…</MenuItem>
        <MenuItem onSelect={() => ask('copy')}>New job with these settings…</MenuItem>
        <MenuItem onSelect={() => ask('start-over')}>Start over from…</MenuItem>
        <MenuItem onSelect={() => ask('remove')}>Remove…</MenuItem>
      </Menu>
      {job.sent === 0 ? null : (
        <button type="button" className="button danger" disabled={isBusy} onClick={() => ask('recall-all')}>
          Recall everything…
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={isBusy || dryLacks !== null}
        title={why(dryLacks)}
        onClick={() => void requestRun(job, 'dry-run')}
      >
        Dry run
      </button>
      <button
        type="button"
        className="button primary"
        disabled={isBusy || lacks !== null}
        title={why(lacks)}
        onClick={() => ask('run')}
      >
        Run…
      </button>
    </div>
  );
}
