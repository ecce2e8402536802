import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { GroupCounts, GroupKey } from '../queue/groups.ts';

/** A queue row as far as it matters for whom it waits. */
export interface WantedRow {
  readonly id: number;
  readonly source: number;
  readonly purpose: number;
  readonly intake_id: number;
  /** Null while it waits. */
  readonly request_id: number | null;
}

/** Who waits for a row: an intake (0 a look-up), for what purpose. */
export interface Want {
  readonly purpose: number;
  readonly intakeId: number;
}

/** The others who wait for a row besides the one it is counted with. */
export function otherWants(db: WritableDb, id: number): readonly Want[] {
  return prepared<Want>(
    db,
    'SELECT purpose, intake_id AS intakeId FROM queue_also WHERE queue_id = +? ORDER BY purpose, intake_id',
  ).all(id);
}

/**
 * Adds one who waits, or makes an own want more urgent, and counts the row with the most urgent who is not held back.
 * A row that is held back for one intake is thereby sent for another.
 */
export function addWant(
  db: WritableDb,
  row: WantedRow,
  want: Want,
  isPaused: (key: GroupKey) => boolean,
  counts: GroupCounts,
): WantedRow {
  if (want.intakeId === row.intake_id) {
    return want.purpose < row.purpose ? moveTo(db, row, want, counts) : row;
  }
  prepared(
    db,
    `INSERT INTO queue_also (intake_id, queue_id, purpose) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET purpose = min(purpose, excluded.purpose)`,
  ).run(want.intakeId, row.id, want.purpose);
  return chooseOwner(db, row, isPaused, counts);
}

/** Counts the row with the most urgent of all who wait for it, those held back last. */
export function chooseOwner(
  db: WritableDb,
  row: WantedRow,
  isPaused: (key: GroupKey) => boolean,
  counts: GroupCounts,
): WantedRow {
  const own: Want = { purpose: row.purpose, intakeId: row.intake_id };
  const rank = (want: Want): number =>
    want.purpose + (isPaused({ source: row.source, purpose: want.purpose, intakeId: want.intakeId }) ? 100 : 0);
  // The present owner stays where others are only as urgent: rows do not wander between intakes.
  const best = otherWants(db, row.id).reduce((best, want) => (rank(want) < rank(best) ? want : best), own);
  if (best === own) {
    return row;
  }
  prepared(
    db,
    `INSERT INTO queue_also (intake_id, queue_id, purpose) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET purpose = min(purpose, excluded.purpose)`,
  ).run(own.intakeId, row.id, own.purpose);
  return handOver(db, row, best, counts);
}

/** Makes one of the others the owner; the present owner no longer waits unless the caller kept it among the others. */
export function handOver(db: WritableDb, row: WantedRow, to: Want, counts: GroupCounts): WantedRow {
  prepared(db, 'DELETE FROM queue_also WHERE intake_id = +? AND queue_id = +?').run(to.intakeId, row.id);
  return moveTo(db, row, to, counts);
}

function moveTo(db: WritableDb, row: WantedRow, to: Want, counts: GroupCounts): WantedRow {
  prepared(db, 'UPDATE queue SET purpose = ?, intake_id = ? WHERE id = +?').run(to.purpose, to.intakeId, row.id);
  if (row.request_id === null) {
    counts.add(groupOf(row), 'waiting', -1);
    counts.add({ source: row.source, purpose: to.purpose, intakeId: to.intakeId }, 'waiting', 1);
  }
  return { ...row, purpose: to.purpose, intake_id: to.intakeId };
}

export function groupOf(row: Pick<WantedRow, 'source' | 'purpose' | 'intake_id'>): GroupKey {
  return { source: row.source, purpose: row.purpose, intakeId: row.intake_id };
}
