import type { GaugeKind, MetricKind } from '../../change-kinds.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { LEVEL_SECONDS, METRIC_LEVELS, originOf, type MetricLevel } from './levels.ts';
import { seriesOfKinds, type MetricSeries } from './series.ts';

/** What one series came to in one interval. Only intervals with an event have a row. */
export interface MetricSum extends MetricSeries {
  /** First second of the interval. */
  readonly bucket: number;
  /** Events. */
  readonly n: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
  /** Amount of the event that was last, and its second. */
  readonly last: number;
  readonly lastAt: number;
}

export interface MetricSumsArgs {
  readonly kinds: readonly MetricKind[];
  /** Seconds since the epoch, both at the beginning of an interval: from (inclusive) to (exclusive). */
  readonly from: number;
  readonly to: number;
  /** Length of an interval: whole units of the level. */
  readonly stepSeconds: number;
  readonly level: MetricLevel;
}

/**
 * What was folded of these kinds, by series and interval, each series in the order of time. Intervals are aligned to UTC
 * days, those of whole weeks to Mondays. Throws a RangeError for a step that is not whole units of the level.
 */
function metricSums(db: ReadableDb, args: MetricSumsArgs): MetricSum[] {
  const { stepSeconds: step, level } = args;
  if (step < 1 || step % LEVEL_SECONDS[level] !== 0) {
    throw new RangeError(`intervals of ${step} s cannot be told from units of ${LEVEL_SECONDS[level]} s`);
  }
  // Within a bucket the row that begins last holds the event that was last.
  const sums = prepared<Omit<MetricSum, keyof MetricSeries>>(
    db,
    `WITH sums AS MATERIALIZED (
       SELECT start - ((start - @origin) % @step + @step) % @step AS bucket, max(start) AS newest, sum(n) AS n,
         sum(sum) AS sum, min(least) AS least, max(most) AS most
       FROM metric_rollups WHERE level = +@level AND series = +@series AND start >= @from AND start < @to GROUP BY bucket
     )
     SELECT bucket, sums.n, sums.sum, sums.least, sums.most, rows.last, rows.last_at AS lastAt
     FROM sums CROSS JOIN metric_rollups rows
       ON rows.level = +@level AND rows.series = +@series AND rows.start = sums.newest
     ORDER BY bucket`,
  );
  const range = { level, from: args.from, to: args.to, step, origin: originOf(step) };
  return seriesOfKinds(db, args.kinds).flatMap((one) =>
    sums.all({ ...range, series: one.series }).map((row) => ({ ...one, ...row })),
  );
}

/** What a gauge was at a moment: its last value before. */
export interface MetricBefore extends MetricSeries {
  readonly value: number;
  /** When it was written. */
  readonly at: number;
}

/** The last value of each series of these gauges before a moment (seconds), as far as it was folded. */
function metricBefore(
  db: ReadableDb,
  args: { readonly kinds: readonly GaugeKind[]; readonly before: number },
): MetricBefore[] {
  return seriesOfKinds(db, args.kinds).flatMap((one) => {
    const found = lastBefore(db, one.series, args.before);
    return found === null ? [] : [{ ...one, ...found }];
  });
}

/** Minutes are looked at first; they are dropped before hours and days. */
export function lastBefore(
  db: ReadableDb,
  series: number,
  before: number,
): { readonly value: number; readonly at: number } | null {
  const find = prepared<{ value: number; at: number }>(
    db,
    `SELECT last AS value, last_at AS at FROM metric_rollups
     WHERE level = +? AND series = +? AND start < ? AND last_at < ? ORDER BY start DESC LIMIT 1`,
  );
  for (const level of METRIC_LEVELS) {
    const found = find.get(level, series, before, before);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

/** Stretches of time in which gauges were looked at, seconds, in order: those that touch the range. */
function metricPresence(
  db: ReadableDb,
  args: { readonly from: number; readonly to: number },
): readonly { readonly start: number; readonly until: number }[] {
  return prepared<{ start: number; until: number }>(
    db,
    // They never overlap: of those that began before the range only the last one may reach into it.
    `SELECT start, until FROM metric_presence WHERE start < @to AND until >= @from
       AND start >= coalesce((SELECT max(start) FROM metric_presence WHERE start <= @from), @from) ORDER BY start`,
  ).all({ from: args.from, to: args.to });
}

/**
 * When the first event of these kinds happened of which anything is kept, and the first of any kind: the beginning of its
 * minute, or of its hour or day where only that is kept. Null when there is none.
 */
function metricSince(
  db: ReadableDb,
  args: { readonly kinds: readonly MetricKind[] },
): { readonly first: number | null; readonly recording: number | null } {
  const ids = seriesOfKinds(db, args.kinds).map(({ series }) => series);
  const all = prepared<number>(db, 'SELECT id FROM metric_series').pluck(true).all();
  return { first: firstOf(db, ids), recording: firstOf(db, all) };
}

function firstOf(db: ReadableDb, series: readonly number[]): number | null {
  const find = prepared<number | null>(
    db,
    'SELECT min(start) FROM metric_rollups WHERE level = +? AND series = +?',
  ).pluck(true);
  let first: number | null = null;
  for (const level of METRIC_LEVELS.toReversed()) {
    const starts = series.flatMap((id) => find.get(level, id) ?? []);
    const start = starts.length === 0 ? null : Math.min(...starts);
    const isInside: boolean =
      start !== null && (first === null || start < first + LEVEL_SECONDS[(level + 1) as MetricLevel]);
    first = isInside ? start : first;
  }
  return first;
}

export const sumsReads = { metricSums, metricBefore, metricPresence, metricSince } as const;
