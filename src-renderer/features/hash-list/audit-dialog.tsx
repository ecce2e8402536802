import { useState, type ReactNode } from 'react';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { number, time } from '../../components/words.ts';

const PAGE = 100;

/** Who changed what, newest first. */
export function AuditDialog({
  zone,
  onClose,
}: {
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}): ReactNode {
  const [offset, setOffset] = useState(0);
  const { value, error } = useCall('hashList.audit', { id: null, offset, limit: PAGE }, ['hash-list']);
  const total = value?.total ?? 0;
  return (
    <Dialog
      title="Changes to the hash list"
      onClose={onClose}
      aside={
        total > PAGE ? (
          <span className="row small">
            <button
              type="button"
              className="button compact"
              disabled={offset === 0}
              onClick={() => setOffset(offset - PAGE)}
            >
              Newer
            </button>
            {number(offset + 1)} to {number(Math.min(total, offset + PAGE))} of {number(total)}
            <button
              type="button"
              className="button compact"
              disabled={offset + PAGE >= total}
              onClick={() => setOffset(offset + PAGE)}
            >
              Older
            </button>
          </span>
        ) : undefined
      }
    >
      {error === null ? null : <p role="alert">{error}</p>}
      {value !== null && total === 0 ? <p className="t2">Nothing has been changed yet.</p> : null}
      <div className="scrollbox" tabIndex={0} role="region" aria-label="Changes">
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {(value?.rows ?? []).map((row) => (
              <tr key={`${row.changeId}:${row.entryId}`}>
                <td>{time(row.at, zone)}</td>
                <td>{row.by}</td>
                <td className="wrap">{row.summary}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
