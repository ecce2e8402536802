import type { ReactNode } from 'react';
import { REASON_WORDS } from '#shared/domain/sync-reasons.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { NameText } from '../../../components/hash-text.tsx';
import { counted } from '../../../components/words.ts';
import { shortPackage } from '../words.ts';

const SHOWN = 500;

interface Props {
  readonly jobName: string;
  readonly runId: number;
  readonly count: number;
}

/** What a run withdraws, or would: each with its package and why. */
export function Withdrawals({ jobName, runId, count }: Props): ReactNode {
  const { value, error } = useCall('sync.plan', { runId, actions: ['withdrawn'], offset: 0, limit: SHOWN });
  if (error !== null) {
    return <p role="alert">{error}</p>;
  }
  return (
    <div>
      <div className="scrollbox" tabIndex={0} role="region" aria-label="Withdrawals" aria-busy={value === null}>
        <table className="sheet fixed">
          <colgroup>
            <col style={{ width: 76 }} />
            <col />
            <col style={{ width: 112 }} />
            <col style={{ width: 180 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col">Indicator</th>
              <th scope="col">Package</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {(value?.rows ?? []).map((row) => (
              <tr key={row.position}>
                <td>{row.type}</td>
                <td className="mono">
                  <NameText name={row.summary} />
                </td>
                <td className="cut t2" title={row.package}>
                  {shortPackage(row.package, jobName)}
                </td>
                <td className="cut t2" title={row.why === '' ? undefined : row.why}>
                  {row.why === '' && row.reason !== null ? REASON_WORDS[row.reason] : row.why}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {count > SHOWN ? <p className="small t2">and {counted(count - SHOWN, 'more indicator')}</p> : null}
    </div>
  );
}
