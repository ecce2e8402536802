import type { Database } from '../../../db/port.ts';

const DAY_MS = 86_400_000;

export interface FreeingRequests {
  readonly database: Database;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Bytes that are still too many; measured. */
  readonly over: () => Promise<number>;
}

/**
 * Shortens the record of requests by its oldest UTC days until there are no bytes too many, or until about `keep` bytes of
 * it are left. The running month stays: what was spent is counted from it. True when there are no bytes too many.
 */
export async function freeRequests(freeing: FreeingRequests, keep: number, signal: AbortSignal): Promise<boolean> {
  const { database, nowMs, over } = freeing;
  const days = await database.read('oldRequestDays', { at: nowMs });
  let left = days.reduce((sum, { bytes }) => sum + bytes, 0);
  for (let from = 0; from < days.length && left > keep;) {
    const need = Math.min(await over(), left - keep);
    if (need <= 0) {
      break;
    }
    let freed = 0;
    let before = 0;
    for (; from < days.length && freed < need; from += 1) {
      freed += days[from]?.bytes ?? 0;
      before = ((days[from]?.day ?? 0) + 1) * DAY_MS;
    }
    left -= freed;
    await database.write('pruneRequests', { before, now: nowMs }, 'bulk', signal);
  }
  return (await over()) <= 0;
}
