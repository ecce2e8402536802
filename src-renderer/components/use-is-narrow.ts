import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 900px)';

/** Whether the window is too narrow for two things side by side; the same limit as in narrow.css. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(listen, () => window.matchMedia(NARROW).matches);
}

function listen(changed: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
