import { useSyncExternalStore } from 'react';

/** A panel this wide (pixels) has room for more points; below, each would be narrower than a pixel. */
const USUAL_WIDTH = 400;
const USUAL_POINTS = 300;
const FEW_POINTS = 150;

/** How many points a line of the board is asked with at the present width of the window. */
export function useLinePoints(): number {
  return useSyncExternalStore(listen, () => {
    const { innerWidth } = window;
    return innerWidth / columnsOf(innerWidth) >= USUAL_WIDTH ? USUAL_POINTS : FEW_POINTS;
  });
}

/** The same limits as in usage.css. */
function columnsOf(width: number): number {
  return width <= 900 ? 1 : width < 1800 ? 3 : 4;
}

function listen(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}
