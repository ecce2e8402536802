import { useMemo, useState, type ReactNode } from 'react';
import type { SyncIndicatorView, SyncJobView, SyncRecallScope } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { RecallDialog } from '../runs/recall-dialog.tsx';
import { isUnderWay } from '../store.ts';
import { sentColumns } from './columns.tsx';
import { IndicatorGrid } from './indicator-grid.tsx';

interface Props {
  readonly job: SyncJobView;
  readonly zone: Preferences['times'];
}

/** What of a job is in Threat Response now, to be looked through and called back. */
export function SentPart({ job, zone }: Props): ReactNode {
  const [scope, setScope] = useState<SyncRecallScope | null>(null);
  const columns = useMemo(() => sentColumns(job.name, zone), [job.name, zone]);
  const recall = (rows: readonly SyncIndicatorView[]): void =>
    setScope({ kind: 'indicators', ids: rows.map(({ id }) => id) });
  return (
    <>
      <IndicatorGrid
        job={job}
        which="sent"
        label="Sent indicators"
        columns={columns}
        onKey={(event, pick) => {
          if (event.key !== 'Delete' || isUnderWay(job.presentRun)) {
            return false;
          }
          pick.withRows(recall);
          return true;
        }}
        renderFoot={(pick) => (
          <span className="end row">
            <span>c: copy</span>
            <button
              type="button"
              className="button compact danger"
              disabled={job.sent === 0 || isUnderWay(job.presentRun)}
              onClick={() => pick.withRows(recall)}
            >
              Recall… <kbd>Delete</kbd>
            </button>
          </span>
        )}
        empty={
          <div className="middle">
            <h2>Nothing of this job is in Threat Response</h2>
            <p className="t2">
              After a run, what it sent is listed here: in which package, and with a way to call it back.
            </p>
          </div>
        }
      />
      {scope === null ? null : <RecallDialog job={job} scope={scope} onClose={() => setScope(null)} />}
    </>
  );
}
