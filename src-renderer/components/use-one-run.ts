import { useCallback, useRef, useState } from 'react';

/** Work that is begun by a button, once at a time. */
export interface OneRun {
  readonly isRunning: boolean;
  /** Runs work that says its own faults; nothing while work before it is under way. */
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Keeps a button pressed twice from doing its work twice. */
export function useOneRun(): OneRun {
  const running = useRef(false);
  const [isRunning, setRunning] = useState(false);
  const run = useCallback((work: () => Promise<unknown>): void => {
    // State alone comes too late for a second press in the same turn.
    if (running.current) {
      return;
    }
    running.current = true;
    setRunning(true);
    void work().finally(() => {
      running.current = false;
      setRunning(false);
    });
  }, []);
  return { isRunning, run };
}
