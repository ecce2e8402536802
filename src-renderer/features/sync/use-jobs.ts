import { useEffect, useRef } from 'react';
import { spaced } from '../../bridge/spaced.ts';
import { useChanged } from '../../bridge/use-call.ts';
import { isUnderWay, loadJobs, useSync } from './store.ts';

const GAP_MS = 300;
/** A run is another process's as often as this one's: its progress is looked at, not only pushed. */
const BUSY_STEP_MS = 1000;

/** Keeps the jobs up to date for as long as the view is open. */
export function useJobs(): void {
  const paced = useRef<ReturnType<typeof spaced> | null>(null);
  const isBusy = useSync(({ jobs }) => jobs?.some(({ presentRun }) => isUnderWay(presentRun)) ?? false);
  useEffect(() => {
    const own = spaced(loadJobs, GAP_MS);
    paced.current = own;
    own.ask();
    return () => {
      own.stop();
      paced.current = null;
    };
  }, []);
  useEffect(() => {
    if (!isBusy) {
      return undefined;
    }
    const timer = setInterval(() => paced.current?.ask(), BUSY_STEP_MS);
    return () => clearInterval(timer);
  }, [isBusy]);
  useChanged(['sync', 'settings'], () => paced.current?.ask());
}
