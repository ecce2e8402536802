import type { Database } from '../../../db/port.ts';

const DAY_MS = 86_400_000;
/** Growth is taken from so many days, and from one at least. */
const DAYS = 30;

/**
 * Days until the cap at the growth since the oldest size that was recorded in the last 30 days. Null when nothing was
 * recorded a day ago or before, or when it did not grow; 0 when it is reached.
 */
export async function fullInDays(
  database: Pick<Database, 'read'>,
  { bytes, cap, nowMs }: { readonly bytes: number; readonly cap: number; readonly nowMs: number },
): Promise<number | null> {
  if (bytes >= cap) {
    return 0;
  }
  const [oldest] = await database.read('databaseSizes', { from: Math.floor((nowMs - DAYS * DAY_MS) / 1000) });
  const days = oldest === undefined ? 0 : (nowMs - oldest.at * 1000) / DAY_MS;
  if (oldest === undefined || days < 1 || bytes <= oldest.bytes) {
    return null;
  }
  return Math.round((cap - bytes) / ((bytes - oldest.bytes) / days));
}
