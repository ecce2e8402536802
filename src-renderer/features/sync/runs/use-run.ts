import { useEffect } from 'react';
import type { SyncRunView } from '#shared/contract/sync.ts';
import { useCall, type CallState } from '../../../bridge/use-call.ts';
import { isUnderWay } from '../store.ts';

const STEP_MS = 700;

/** One run, followed until it came to its end. */
export function useRun(runId: number | null): CallState<SyncRunView> {
  const state = useCall('sync.run', runId === null ? null : { runId }, ['sync']);
  const isBusy = isUnderWay(state.value);
  const { again } = state;
  useEffect(() => {
    if (!isBusy) {
      return undefined;
    }
    const timer = setInterval(again, STEP_MS);
    return () => clearInterval(timer);
  }, [isBusy, again]);
  return state;
}
