import type { SchedulerParts } from '../../jobs/outbound/scheduler.ts';
import { startOfWindow } from '../../jobs/outbound/utc-window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Once a day, and once at the start, takes requests older than the setting `requestLogDays` out of the record. The
 * running month stays whatever the setting says: its quota is counted from it. Returns the end of it.
 */
export function startLogKeeping(
  parts: Pick<SchedulerParts, 'database' | 'settings' | 'timer' | 'onFault'>,
): () => void {
  const { timer } = parts;
  const stopping = new AbortController();
  let day = Number.NaN;
  let disarm = (): void => undefined;
  const look = (): void => {
    const today = startOfWindow('day', timer.now());
    if (today !== day) {
      day = today;
      prune().catch((error: unknown) => {
        if (!stopping.signal.aborted) {
          parts.onFault(error);
        }
      });
    }
    disarm = timer.after(HOUR_MS, look);
  };
  look();
  return () => {
    stopping.abort();
    disarm();
  };

  async function prune(): Promise<void> {
    const { requestLogDays } = await parts.settings.get();
    const now = timer.now();
    const before = Math.min(now - requestLogDays * DAY_MS, startOfWindow('month', now));
    await parts.database.write('pruneRequests', { before, now }, 'bulk', stopping.signal);
  }
}
