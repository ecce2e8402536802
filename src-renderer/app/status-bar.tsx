import { useEffect, useState, type ReactNode } from 'react';
import { bytes, counted, nowSeconds, number, time } from '../components/words.ts';
import { setPreferences, useApp } from './store.ts';

/** Always true: what can leave, what is running, what is held, what time it is. */
export function StatusBar(): ReactNode {
  const boot = useApp((state) => state.boot);
  const running = useApp((state) => state.jobs.filter((job) => job.state === 'running').length);
  const now = useMinute();
  if (boot === null) {
    return <footer className="statusbar" />;
  }
  const { stats, preferences } = boot;
  return (
    <footer className="statusbar">
      <span>No source is set up, nothing can leave</span>
      {running === 0 ? null : (
        <span>
          <b>{number(running)}</b> running
        </span>
      )}
      <span className="gap" />
      <span>
        hash list <b>{number(stats.listEntries)}</b>
      </span>
      <span>
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

function useMinute(): number {
  const [now, setNow] = useState(nowSeconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowSeconds()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
