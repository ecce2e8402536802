import type { ReactNode } from 'react';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { laneName, nowAndBefore } from '../../../components/history/history-words.ts';
import { Lanes } from '../../../components/history/lanes.tsx';
import { counted } from '../../../components/words.ts';

interface Props {
  readonly hash: string;
  readonly zone: Preferences['times'];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What sources said of the row's hash before, compactly; nothing where nobody said anything else. */
export function HistoryOfRow({ hash, zone, now }: Props): ReactNode {
  const { value, error } = useCall('history.ofHash', { hash, limit: 200 }, ['items', 'history', 'settings']);
  const moved = value?.lanes.filter(({ stretches }) => stretches.length > 1) ?? [];
  if (error === null && moved.length === 0) {
    return null;
  }
  return (
    <section className="historycompact" aria-label="History">
      <div className="sectionhead">
        <h2>History</h2>
        <span className="tiny t2">{value === null ? '' : counted(value.total, 'change')}</span>
      </div>
      {error === null ? null : (
        <p className="small" role="alert">
          {error}
        </p>
      )}
      <ul className="places small">
        {moved.map((lane) => (
          <li key={`${lane.source}:${lane.hash}`}>
            {laneName(lane, moved)}: {nowAndBefore(lane, zone)}
          </li>
        ))}
      </ul>
      {moved.length === 0 ? null : <Lanes lanes={moved} zone={zone} now={now} />}
    </section>
  );
}
