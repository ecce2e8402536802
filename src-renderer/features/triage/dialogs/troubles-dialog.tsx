import { useState, type ReactNode } from 'react';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted, number } from '../../../components/words.ts';

const PAGE = 100;

/** Every record that gave no hash, with its place and the reason. */
export function TroublesDialog({
  intake,
  onClose,
}: {
  readonly intake: IntakeSummary;
  readonly onClose: () => void;
}): ReactNode {
  const [offset, setOffset] = useState(0);
  const { value, error } = useCall('intake.rejected', { intakeId: intake.id, offset, limit: PAGE });
  const total = value?.total ?? 0;
  return (
    <Dialog
      title={`Records without a usable hash in ${intake.title}`}
      broad
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
              Previous
            </button>
            {number(offset + 1)} to {number(Math.min(total, offset + PAGE))} of {number(total)}
            <button
              type="button"
              className="button compact"
              disabled={offset + PAGE >= total}
              onClick={() => setOffset(offset + PAGE)}
            >
              Next
            </button>
          </span>
        ) : (
          <span className="small t2">{counted(total, 'record')}</span>
        )
      }
    >
      {error === null ? null : <p role="alert">{error}</p>}
      <div className="scrollbox" tabIndex={0} role="region" aria-label="Records">
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">Input</th>
              <th scope="col" className="num">
                Line
              </th>
              <th scope="col">Reason</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {(value?.rows ?? []).map((row, index) => (
              <tr key={offset + index}>
                <td className="cut" title={row.file}>
                  <bdi>{row.file}</bdi>
                </td>
                <td className="num">{placeOf(row)}</td>
                <td>{row.reason}</td>
                <td className="mono-11 cut" title={row.excerpt}>
                  {row.excerpt}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}

/** "32:12"; of a file that is a record itself a dash. */
function placeOf({ line, column }: { readonly line: number; readonly column: number | null }): string {
  return line === 0 ? '–' : `${number(line)}${column === null ? '' : `:${column}`}`;
}
