/**
 * Runs a piece of work whenever it is asked for, but never twice at a time and never sooner than the gap after the last
 * run ended: pushes during a scan come ten times a second. What was asked for meanwhile is done once, afterwards. The
 * work handles its own faults.
 */
export function spaced(
  run: () => Promise<void>,
  gapMs: number,
): { readonly ask: () => void; readonly stop: () => void } {
  let state: 'rest' | 'busy' | 'again' | 'stopped' = 'rest';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pause = (): void => {
    if (state !== 'stopped') {
      timer = setTimeout(() => {
        const wanted = state === 'again';
        state = 'rest';
        if (wanted) {
          ask();
        }
      }, gapMs);
    }
  };
  const ask = (): void => {
    if (state === 'rest') {
      state = 'busy';
      void run().finally(pause);
    } else if (state === 'busy') {
      state = 'again';
    }
  };
  return {
    ask,
    stop() {
      state = 'stopped';
      clearTimeout(timer);
    },
  };
}
