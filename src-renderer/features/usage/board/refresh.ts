import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { spaced } from '../../../bridge/spaced.ts';
import { useChanged } from '../../../bridge/use-call.ts';
import { nowSeconds } from '../../../components/words.ts';

type Ask = () => Promise<void>;

/** Whoever shows figures that change joins; the returned function leaves again. */
export interface Refresh {
  join(ask: Ask): () => void;
}

/** Between two looks at what changed: a scan pushes ten times a second, and each look reads many panels. */
const GAP_MS = 5000;
const MINUTE_MS = 60_000;
const KINDS = ['intakes', 'items', 'hash-list', 'queue', 'sources', 'sync', 'settings'] as const;

export const RefreshContext = createContext<Refresh>({ join: () => () => undefined });

/**
 * Asks all that joined again each minute, and at most every five seconds when something changed; never while the ones
 * before are on their way, and only while the window can be seen. `now` is the second of the last time.
 */
export function useRefresher(): { readonly refresh: Refresh; readonly now: number } {
  const [now, setNow] = useState(nowSeconds);
  const joined = useRef(new Set<Ask>());
  const paced = useRef<ReturnType<typeof spaced> | null>(null);
  useEffect(() => {
    const own = spaced(async () => {
      setNow(nowSeconds());
      await Promise.all([...joined.current].map((ask) => ask()));
    }, GAP_MS);
    paced.current = own;
    const ask = (): void => {
      if (document.visibilityState === 'visible') {
        own.ask();
      }
    };
    const timer = setInterval(ask, MINUTE_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      own.stop();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
  useChanged(KINDS, () => {
    if (document.visibilityState === 'visible') {
      paced.current?.ask();
    }
  });
  const refresh = useMemo<Refresh>(
    () => ({
      join(ask) {
        joined.current.add(ask);
        return () => joined.current.delete(ask);
      },
    }),
    [],
  );
  return { refresh, now };
}

/** Takes part in the refreshing of the board around, while `isWanted`. */
export function useRefreshed(ask: Ask, isWanted: boolean): void {
  const refresh = useContext(RefreshContext);
  useEffect(() => (isWanted ? refresh.join(ask) : undefined), [refresh, ask, isWanted]);
}
