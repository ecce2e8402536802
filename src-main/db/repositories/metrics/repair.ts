import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

const NAMELESS = 'NOT EXISTS (SELECT 1 FROM metric_series WHERE metric_series.id = metric_rollups.series)';

/**
 * Makes the record of use agree with itself again after some rows of it were lost: a series that gets the number of a lost
 * one must not take over what that one counted.
 */
export function repairMetrics(db: WritableDb): void {
  db.exec(`DELETE FROM metric_rollups WHERE ${NAMELESS};
    DELETE FROM metric_presence WHERE until < start OR EXISTS (SELECT 1 FROM metric_presence other
      WHERE other.start < metric_presence.start AND other.until >= metric_presence.start)`);
}

/** What is wrong with the record of use, as sentences. */
export function metricProblems(db: ReadableDb): string[] {
  const count = (sql: string): number => prepared<number>(db, sql).pluck(true).get() ?? 0;
  const nameless = count(`SELECT count(*) FROM metric_rollups WHERE ${NAMELESS}`);
  const overlapping = count(
    `SELECT count(*) FROM (SELECT start, until, lag(until) OVER (ORDER BY start) AS before FROM metric_presence)
     WHERE until < start OR before >= start`,
  );
  return [
    ...(nameless > 0 ? [`${nameless} intervals of the record of use count nothing that has a name`] : []),
    ...(overlapping > 0 ? [`${overlapping} stretches of the record of use overlap`] : []),
  ];
}
