import { METRIC, isGauge, type MetricKind } from '../../change-kinds.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { addLetGo, markLetGo } from './let-go.ts';
import { LEVEL_SECONDS, METRIC_LEVELS } from './levels.ts';
import { seriesOfKinds } from './series.ts';

/** Rows dropped at a time. */
const ROWS = 500;

/** The moments (seconds) before which minutes, hours and days are dropped. */
export interface PruneMetricsArgs {
  readonly minutes: number;
  readonly hours: number;
  readonly days: number;
}

/**
 * Drops intervals that began before the moments given, each level by its own, and stretches of presence that ended before
 * the last of them. Of a gauge the last value before stays on each level: it holds until the next one. Up to when something
 * went is noted, and what days of counts came to is added up. Returns how many intervals went.
 */
function* pruneMetrics(db: WritableDb, args: PruneMetricsArgs): Sliced<number> {
  const drop = prepared<{ n: number; sum: number }>(
    db,
    `DELETE FROM metric_rollups WHERE (level, series, start) IN (SELECT level, series, start FROM metric_rollups
       WHERE level = +? AND series = +? AND start < ? LIMIT ${ROWS}) RETURNING n, sum`,
  );
  const lastStart = prepared<number | null>(
    db,
    'SELECT max(start) FROM metric_rollups WHERE level = +? AND series = +? AND start < ?',
  ).pluck(true);
  const slice = startSlice();
  let dropped = 0;
  for (const { series, kind } of seriesOfKinds(db, Object.keys(METRIC) as MetricKind[])) {
    for (const level of METRIC_LEVELS) {
      const before = [args.minutes, args.hours, args.days][level] ?? 0;
      const last = lastStart.get(level, series, before) ?? null;
      if (last === null) {
        continue;
      }
      // Not `before`: by a clock that is ahead that is a moment up to which much may still come.
      markLetGo(db, level, last + LEVEL_SECONDS[level]);
      const until = isGauge(kind) ? last : before;
      for (let count = ROWS; count === ROWS;) {
        const rows = drop.all(level, series, until);
        count = rows.length;
        dropped += count;
        if (level === 2 && !isGauge(kind) && count > 0) {
          addLetGo(db, series, rows);
        }
        if (slice.isOver()) {
          yield;
          slice.restart();
        }
      }
    }
  }
  const first = Math.min(args.minutes, args.hours, args.days);
  prepared(db, 'DELETE FROM metric_presence WHERE until < ?').run(first);
  return dropped;
}

/** How many intervals of a minute are kept, of all series, and when the oldest begins; of a gauge the one that stays is left out. */
function minuteRollups(db: ReadableDb): { readonly rows: number; readonly first: number | null } {
  const rows = prepared<number>(db, 'SELECT count(*) FROM metric_rollups WHERE level = 0').pluck(true).get() ?? 0;
  const find = prepared<number>(
    db,
    'SELECT start FROM metric_rollups WHERE level = 0 AND series = +? ORDER BY start LIMIT 1 OFFSET ?',
  ).pluck(true);
  const firsts = seriesOfKinds(db, Object.keys(METRIC) as MetricKind[]).flatMap(
    ({ series, kind }) => find.get(series, isGauge(kind) ? 1 : 0) ?? [],
  );
  return { rows, first: firsts.length === 0 ? null : Math.min(...firsts) };
}

export const pruneReads = { minuteRollups } as const;
export const pruneWrites = { pruneMetrics } as const;
