import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { DueRow } from './claim-judge.ts';
import type { GroupKey } from '../queue/groups.ts';

/** Where the last page ended. */
interface Place {
  readonly notBefore: number;
  readonly id: number;
}

/** Due rows of groups of one purpose, the longest due first, a page at a time. */
export interface DueRows {
  /**
   * The next rows, of these kinds only and with (1) or without (0) those for the single call; empty when there are no more.
   */
  next(kinds: readonly DigestKind[], singles: readonly (0 | 1)[], limit: number): readonly DueRow[];
}

/** Rows for batches and rows for the single call. */
export const ANY_CALL = [0, 1] as const;

/**
 * Each (group, kind, single) is a range of the index `queue_next` that holds due rows only, so that rows of other kinds, held
 * back or not yet due cost nothing however many they are.
 */
export function dueRows(db: ReadableDb, groups: readonly GroupKey[], now: number): DueRows {
  const page = prepared<DueRow>(
    db,
    `SELECT id, source, digest, purpose, intake_id, request_id, attempts, losses, not_before, stage, stop_on_malicious, force,
       single, awaits, created_at
     FROM queue WHERE source = +? AND purpose = +? AND intake_id = +? AND bytes = +? AND single = +? AND request_id IS NULL
       AND (not_before, id) > (+?, +?) AND not_before <= +?
     ORDER BY not_before, id LIMIT +?`,
  );
  let place: Place = { notBefore: -1, id: 0 };
  return {
    next(kinds, singles, limit) {
      const ranges = groups.flatMap((group) =>
        kinds.flatMap((kind) => singles.map((single) => ({ ...group, bytes: DIGEST_BYTES[kind], single }))),
      );
      const found = ranges.flatMap(({ source, purpose, intakeId, bytes, single }) =>
        page.all(source, purpose, intakeId, bytes, single, place.notBefore, place.id, now, limit),
      );
      if (ranges.length > 1) {
        found.sort((a, b) => a.not_before - b.not_before || a.id - b.id);
      }
      // Beyond the first `limit` there may be gaps where one range had more rows than were read.
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      if (last !== undefined) {
        place = { notBefore: last.not_before, id: last.id };
      }
      return rows;
    },
  };
}

/** The moment a row is due, and whether it waits for a lower stage. */
export interface Due {
  readonly at: number;
  readonly parked: boolean;
}

/** When the next row of these groups is due that is not due now; null when none waits. */
export function nextDue(db: ReadableDb, groups: readonly GroupKey[], now: number): Due | null {
  return groups
    .map((group) => dueAfter(db, group, now))
    .reduce((next, due) => (next === null || (due !== null && due.at < next.at) ? due : next), null);
}

/** When the first row of a group is, or was, due; null when none waits. */
export function firstDue(db: ReadableDb, group: GroupKey): Due | null {
  return dueAfter(db, group, -1);
}

function dueAfter(db: ReadableDb, group: GroupKey, after: number): Due | null {
  let next: Due | null = null;
  const first = prepared<{ at: number; parked: number }>(
    db,
    `SELECT not_before AS at, parked FROM queue
     WHERE source = +? AND purpose = +? AND intake_id = +? AND bytes = +? AND single = +? AND request_id IS NULL
       AND not_before > +?
     ORDER BY not_before LIMIT 1`,
  );
  const ranges = Object.values(DIGEST_BYTES).flatMap((bytes) => ANY_CALL.map((single) => ({ bytes, single })));
  for (const { bytes, single } of ranges) {
    const row = first.get(group.source, group.purpose, group.intakeId, bytes, single, after);
    if (row !== undefined && (next === null || row.at < next.at)) {
      next = { at: row.at, parked: row.parked === 1 };
    }
  }
  return next;
}
