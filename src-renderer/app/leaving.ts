import { useEffect } from 'react';
import { workLeft } from '#shared/domain/work-left.ts';
import { useAsking } from './asking.ts';
import { useApp } from './store.ts';

/**
 * Where closing the window ends the program, the browser asks before it does while this process works on the queue.
 * Electron asks by itself, with the choice to go on without a window.
 */
export function useLeaveQuestion(): void {
  const endsWithWindow = useApp((state) => state.boot?.shell === 'chromium');
  const works = useAsking(({ outbound, listed }) => outbound !== null && workLeft(outbound, listed?.sources ?? []) > 0);
  useEffect(() => {
    if (!endsWithWindow || !works) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [endsWithWindow, works]);
}
