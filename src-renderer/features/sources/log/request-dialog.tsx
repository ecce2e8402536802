import type { ReactNode } from 'react';
import type { RequestView } from '#shared/contract/outbound.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { counted, instant } from '../../../components/words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';

interface Props {
  readonly request: RequestView;
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}

/** Which hashes one request asked about, and what came of each. */
export function RequestDialog({ request, zone, onClose }: Props): ReactNode {
  const { value, error } = useCall('outbound.requestHashes', { requestId: request.id });
  return (
    <Dialog
      title={`${sourceLabel(request.source)}, ${instant(request.at, zone)}, ${request.hashes === 0 ? 'test of the connection' : counted(request.hashes, 'hash', 'hashes')}${request.single ? ', single call' : ''}`}
      onClose={onClose}
    >
      {error === null ? null : <p role="alert">{error}</p>}
      {request.message === '' ? null : <p className="t2">{request.message}</p>}
      <div className="scrollbox" tabIndex={0} role="region" aria-label="Hashes of the request">
        <table className="sheet fixed">
          <colgroup>
            <col />
            <col style={{ width: 128 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Hash</th>
              <th scope="col">Came to</th>
            </tr>
          </thead>
          <tbody>
            {(value?.hashes ?? []).map(({ hash, outcome }) => (
              <tr key={hash}>
                <td>
                  <HashText hash={hash} />
                </td>
                <td className="t2">{outcome === null ? 'on its way' : OUTCOME_WORDS[outcome]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {value !== null && value.hashes.length === 0 ? (
        <p className="t2">No hash is kept with this request: it tested the connection.</p>
      ) : null}
    </Dialog>
  );
}
