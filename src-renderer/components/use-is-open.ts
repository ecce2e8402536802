import { useCallback, useEffect, useRef } from 'react';

/** Tells whether the component is still shown, for what comes back after somebody may have closed it. */
export function useIsOpen(): () => boolean {
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  return useCallback(() => open.current, []);
}
