import type { ReactNode } from 'react';
import { useNow } from '../../components/use-now.ts';
import { bytes, counted, number, time } from '../../components/words.ts';
import { setPreferences, useApp } from '../store.ts';

/** Always true: what can leave, what is running, what is held, what time it is. */
export function StatusBar(): ReactNode {
  const boot = useApp((state) => state.boot);
  const now = useNow();
  if (boot === null) {
    return <footer className="statusbar" />;
  }
  const { stats, preferences } = boot;
  return (
    <footer className="statusbar">
      <span>No source is set up, nothing can leave</span>
      <span className="gap" />
      <span className="held">
        hash list <b>{number(stats.listEntries)}</b>
      </span>
      <span className="held">
        known sets <b>{number(stats.knownSets)}</b>
      </span>
      <span>
        {stats.items === 0 ? 'cache empty' : `${counted(stats.items, 'item')}, ${bytes(stats.databaseBytes)}`}
      </span>
      <span>
        <button
          type="button"
          className="barbutton"
          title="Switch between local time and UTC"
          onClick={() => setPreferences({ times: preferences.times === 'utc' ? 'local' : 'utc' })}
        >
          {time(now, preferences.times)}
        </button>
      </span>
    </footer>
  );
}
