import type { Timer } from './port.ts';

/** Resolves after that many milliseconds, or at once when the signal is aborted. Never rejects. */
export function pause(timer: Pick<Timer, 'after'>, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      disarm();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const disarm = timer.after(milliseconds, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
