import { useEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the keyboard in a region whose buttons go away once they were pressed: when the one that had it is gone, the
 * region itself takes it. Somebody who went elsewhere is left there.
 */
export function useKeptFocus(region: RefObject<HTMLElement | null>): void {
  const within = useRef<Element | null>(null);
  useEffect(() => {
    const note = (): void => {
      const { activeElement } = document;
      within.current = region.current?.contains(activeElement) === true ? activeElement : null;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [region]);
  useEffect(() => {
    const last = within.current;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (last !== null && !last.isConnected && isLost) {
      region.current?.focus({ preventScroll: true });
    }
  });
}
