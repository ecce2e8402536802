import type { Database } from '../../../db/port.ts';

/** What people are told when nothing more can be kept. */
export const AT_MAXIMUM =
  'The database is at its maximum size and nothing that may be removed is left. Raise maxDatabaseMiB in the settings, or forget intakes that are not needed.';

/** Counts items that were not made for want of room, if any. `at` is milliseconds since the epoch, `source` its code. */
export async function countNotMade(
  database: Database,
  event: { readonly at: number; readonly source: number; readonly amount: number },
): Promise<void> {
  if (event.amount > 0) {
    await database.write('recordMetric', { kind: 'itemsNotMade', ...event, at: Math.floor(event.at / 1000) }, 'bulk');
  }
}
