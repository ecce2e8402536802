import { useState, type ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../bridge/use-call.ts';
import { ChangesTable } from '../../components/history/changes-table.tsx';
import { flipWords } from '../../components/history/history-words.ts';
import { Lanes } from '../../components/history/lanes.tsx';
import { counted } from '../../components/words.ts';

interface Props {
  readonly result: LookupResult;
  readonly zone: Preferences['times'];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What every source said of the hash over time: lines, or the same as a table. */
export function HistorySection({ result, zone, now }: Props): ReactNode {
  const [isTable, setTable] = useState(false);
  const { hash, seenIn } = result;
  const { value, error } = useCall('history.ofHash', { hash }, ['items', 'history', 'settings']);
  if (error !== null) {
    return (
      <section className="history" aria-label="History">
        <p className="small" role="alert">
          {error}
        </p>
      </section>
    );
  }
  if (value === null || value.lanes.length === 0) {
    return null;
  }
  const flip = value.changes.find((change) => change.flip !== null);
  const touched = seenIn.length === 0 ? '' : `, in ${counted(seenIn.length, 'kept list')}`;
  return (
    <section className="history" aria-label="History">
      <div className="historyhead">
        <h2>History</h2>
        <span className="small t2">
          {flip === undefined ? counted(value.total, 'change') : `${flipWords(flip, zone)}${touched}`}
        </span>
        <button type="button" className="linkbutton" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table
        </button>
      </div>
      {isTable ? (
        <ChangesTable changes={value.changes} total={value.total} zone={zone} />
      ) : (
        <Lanes lanes={value.lanes} zone={zone} now={now} />
      )}
    </section>
  );
}
