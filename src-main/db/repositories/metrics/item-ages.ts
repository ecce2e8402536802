import { NO_ANSWER_CODE } from '../../codes.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

/** Files looked at by one read: some ten milliseconds with five sources each. */
const FILES = 4_000;
const DAY_SECONDS = 86_400;

/**
 * One stretch of the pass over all answered items, in the order of files: how many were last heard of less than each of
 * these days ago (in ascending order, each one counted once, with the first bound it is under). `next` is where the next
 * stretch starts, null after the last.
 */
function itemAges(
  db: ReadableDb,
  args: { readonly days: readonly number[]; readonly now: number; readonly after: number },
): { readonly counts: readonly number[]; readonly next: number | null } {
  const upTo = args.after + FILES;
  const counts = args.days.map(() => 0);
  const rows = prepared<number>(
    db,
    `SELECT scanned_at FROM items WHERE file_id > ? AND file_id <= ? AND scanned_at IS NOT NULL
       AND (no_answer IS NULL OR no_answer = ${NO_ANSWER_CODE['not-known']})`,
  ).pluck(true);
  for (const at of rows.iterate(args.after, upTo)) {
    const age = (args.now - at) / DAY_SECONDS;
    const index = args.days.findIndex((days) => age < days);
    if (index >= 0) {
      counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  const last = prepared<number>(db, 'SELECT coalesce(max(file_id), 0) FROM items').pluck(true).get() ?? 0;
  return { counts, next: upTo < last ? upTo : null };
}

export const itemAgeReads = { itemAges } as const;
