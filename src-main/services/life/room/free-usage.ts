import type { Database } from '../../../db/port.ts';

/** About what a minute of one series takes with its place in the tree, bytes (measured: 33). */
const MINUTE_BYTES = 34;
const DAY_SECONDS = 86_400;
/** Of what is kept by the minute so much goes at once. */
const PART = 1 / 4;

export interface FreeingUsage {
  readonly database: Database;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Bytes that are still too many; measured. */
  readonly over: () => Promise<number>;
}

/**
 * Shortens what the reputation board keeps by the minute, the oldest first, until there are no bytes too many, or until about
 * `keep` bytes of it or its last day are left. Hours and days stay. True when there are no bytes too many.
 */
export async function freeUsage(freeing: FreeingUsage, keep: number, signal: AbortSignal): Promise<boolean> {
  const { database, nowMs, over } = freeing;
  const now = Math.floor(nowMs / 1000);
  for (;;) {
    const { rows, first } = await database.read('minuteRollups', undefined);
    const isSpared = first === null || rows * MINUTE_BYTES <= keep || now - first <= DAY_SECONDS;
    if (isSpared || (await over()) <= 0) {
      break;
    }
    const minutes = Math.min(now - DAY_SECONDS, first + Math.ceil((now - first) * PART)) + 1;
    await database.write('pruneMetrics', { minutes, hours: 0, days: 0 }, 'bulk', signal);
  }
  return (await over()) <= 0;
}
