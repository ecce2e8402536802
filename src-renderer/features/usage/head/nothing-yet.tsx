import type { ReactNode } from 'react';
import { startDemo } from '../../../app/start-demo.ts';
import { show, useApp } from '../../../app/store.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Notice } from '../../../components/notice.tsx';
import { useRefreshed } from '../board/refresh.ts';

/** Since when a panel was recorded is told with any stretch of time; this one holds nothing to read. */
const ANY_TIME = { from: 0, to: 60, points: 1 } as const;

/** Where nothing was ever received or asked: what will be seen on the board, and how to see it at once. */
export function NothingYet(): ReactNode {
  const canStartDemo = useApp((state) => state.boot?.canStartDemo === true);
  const received = useCall('usage.panel', { ...ANY_TIME, panel: 'inbound-items' });
  const sent = useCall('usage.panel', { ...ANY_TIME, panel: 'outbound-items' });
  const isEmpty =
    received.value !== null &&
    sent.value !== null &&
    received.value.recordedSince === null &&
    sent.value.recordedSince === null;
  useRefreshed(received.ask, isEmpty);
  useRefreshed(sent.ask, isEmpty);
  return isEmpty ? (
    <Notice
      actions={
        <>
          {canStartDemo ? (
            <button type="button" className="button compact" onClick={() => void startDemo()}>
              Start the demonstration
            </button>
          ) : null}
          <button type="button" className="button compact" onClick={() => show('triage')}>
            Go to Triage
          </button>
        </>
      }
    >
      <b>Nothing was received or asked yet.</b> Once a list is dropped or a hash looked up, the board shows what came in
      and what this machine answered itself; once sources are asked, also what was sent, what came back, and what is
      left of each quota.
      {canStartDemo ? ' The demonstration shows all of it with simulated sources.' : ''}
    </Notice>
  ) : null;
}
