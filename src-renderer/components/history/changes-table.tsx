import type { ReactNode } from 'react';
import type { ItemChange } from '#shared/contract/history.ts';
import { sourceShortLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { counted, number, time } from '../words.ts';
import { StatusWord } from '../status.tsx';
import { changeWords } from './history-words.ts';

interface Props {
  readonly changes: readonly ItemChange[];
  /** All that are kept. */
  readonly total: number;
  readonly zone: Preferences['times'];
}

/** Every change of a hash as a table, newest first. */
export function ChangesTable({ changes, total, zone }: Props): ReactNode {
  if (changes.length === 0) {
    return <p className="small t2 historynone">No source has said anything else before.</p>;
  }
  return (
    <div className="historytable" tabIndex={0} role="region" aria-label="Changes as a table">
      <table className="answers">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Source</th>
            <th scope="col">Says now</th>
            <th scope="col">What changed</th>
            <th scope="col">Threat name</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.id}>
              <td className="nowrap">{time(change.at, zone)}</td>
              <td>{sourceShortLabel(change.source)}</td>
              <td>
                <StatusWord status={change.after.status} />
              </td>
              <td>
                {changeWords(change)}
                {change.flip === null ? null : (
                  <span className="tag">{change.flip === 'raised' ? 'turned malicious' : 'no longer malicious'}</span>
                )}
              </td>
              <td>{threatText(change.source, change.after.threat) ?? <span className="t3">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > changes.length ? (
        <p className="small t2">
          The newest {number(changes.length)} of {counted(total, 'change')}.
        </p>
      ) : null}
    </div>
  );
}
