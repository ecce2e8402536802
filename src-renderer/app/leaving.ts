import { useEffect } from 'react';
import { useAsking } from './asking.ts';
import { useApp } from './store.ts';

/**
 * Where closing the window ends the program, the browser asks before it does while this process works on the queue.
 * Electron asks by itself, with the choice to go on without a window.
 */
export function useLeaveQuestion(): void {
  const endsWithWindow = useApp((state) => state.boot?.shell === 'chromium');
  const works = useAsking(({ outbound }) => {
    const isHeld = outbound !== null && outbound.groups.length > 0 && outbound.groups.every((group) => group.paused);
    return outbound !== null && outbound.owner?.isThis === true && !outbound.offline && !isHeld && outbound.depth > 0;
  });
  useEffect(() => {
    if (!endsWithWindow || !works) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [endsWithWindow, works]);
}
