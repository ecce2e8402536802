import { useEffect, useState, type RefObject } from 'react';

/** How far out of sight something is made ready, in pixels: about a row of panels. */
const AHEAD = '240px';

const canTell = (): boolean => typeof IntersectionObserver !== 'undefined';

/** Whether an element is in sight or about to be. Where that cannot be told it counts as near. */
export function useNear(element: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(() => !canTell());
  useEffect(() => {
    const { current } = element;
    if (current === null || !canTell()) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some(({ isIntersecting }) => isIntersecting)),
      { rootMargin: AHEAD },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return isNear;
}
