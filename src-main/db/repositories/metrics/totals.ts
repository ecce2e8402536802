import { AVOIDED_BY, type AvoidedBy } from '#shared/domain/outcome.ts';
import { METRIC, type MetricKind } from '../../change-kinds.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { LEVEL_SECONDS, startOfLevel, type MetricLevel } from './levels.ts';
import { seriesOfKinds } from './series.ts';

/** A stretch of whole units of a level, seconds. */
interface Stretch {
  readonly level: MetricLevel;
  readonly from: number;
  readonly to: number;
}

/**
 * Sum of the amounts of one kind from `from` (inclusive) to `to` (exclusive), seconds since the epoch, folded or not. Of
 * what was folded whole minutes count: those that begin in the range, and the one that `from` lies in.
 */
function metricTotal(
  db: ReadableDb,
  args: { readonly kind: MetricKind; readonly from: number; readonly to: number },
): number {
  return Object.values(totalsByDetail(db, args.kind, args.from, args.to)).reduce((sum, amount) => sum + amount, 0);
}

/** (hash, source) pairs that needed no call since a moment (milliseconds), by what answered; what answered none is left out. */
function avoidedSince(db: ReadableDb, args: { readonly at: number }): Readonly<Partial<Record<AvoidedBy, number>>> {
  const sums = totalsByDetail(db, 'pairsAvoided', Math.floor(args.at / 1000), Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(
    Object.entries(sums).filter(([detail, amount]) => AVOIDED_BY.includes(detail as AvoidedBy) && amount > 0),
  );
}

/** Sizes of the database, the last one of each UTC day since a moment, oldest first: seconds since the epoch and bytes. */
function databaseSizes(
  db: ReadableDb,
  args: { readonly from: number },
): readonly { readonly at: number; readonly bytes: number }[] {
  const days = new Map<number, { readonly at: number; readonly bytes: number }>();
  const folded = prepared<{ at: number; bytes: number }>(
    db,
    `SELECT last_at AS at, last AS bytes FROM metric_rollups
     WHERE level = 2 AND series = +? AND start >= ? AND last_at >= ?`,
  );
  const waiting = prepared<{ at: number; bytes: number }>(
    db,
    'SELECT at, amount AS bytes FROM metric_events WHERE at >= ? AND kind = ? ORDER BY at, id',
  ).all(args.from, METRIC.databaseBytes);
  const sizes = seriesOfKinds(db, ['databaseBytes']).flatMap(({ series }) =>
    folded.all(series, startOfLevel(2, args.from), args.from),
  );
  for (const size of [...sizes, ...waiting]) {
    const day = startOfLevel(2, size.at);
    const before = days.get(day);
    if (before === undefined || size.at >= before.at) {
      days.set(day, size);
    }
  }
  return [...days.values()].sort((a, b) => a.at - b.at);
}

function totalsByDetail(db: ReadableDb, kind: MetricKind, from: number, to: number): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  const add = (detail: string, amount: number): void => {
    sums[detail] = (sums[detail] ?? 0) + amount;
  };
  const folded = prepared<number>(
    db,
    `SELECT coalesce(sum(sum), 0) FROM metric_rollups WHERE level = +? AND series = +? AND start >= ? AND start < ?`,
  ).pluck(true);
  const stretches = stretchesOf(startOfLevel(0, from), to);
  for (const { series, detail } of seriesOfKinds(db, [kind])) {
    add(
      detail,
      stretches.reduce((sum, one) => sum + (folded.get(one.level, series, one.from, one.to) ?? 0), 0),
    );
  }
  const waiting = prepared<{ detail: string; amount: number }>(
    db,
    `SELECT coalesce(detail, '') AS detail, sum(amount) AS amount FROM metric_events
     WHERE at >= ? AND at < ? AND kind = ? GROUP BY detail`,
  ).all(from, to, METRIC[kind]);
  for (const { detail, amount } of waiting) {
    add(detail, amount);
  }
  return sums;
}

/** The range in as few units as cover it: minutes up to the next hour, hours up to the next day, days, and down again. */
function stretchesOf(from: number, to: number, level: MetricLevel = 2): Stretch[] {
  if (level === 0) {
    return from < to ? [{ level, from, to }] : [];
  }
  const finer = (level - 1) as MetricLevel;
  const unit = LEVEL_SECONDS[level];
  const [first, end] = [Math.ceil(from / unit) * unit, Math.floor(to / unit) * unit];
  return first < end
    ? [...stretchesOf(from, first, finer), { level, from: first, to: end }, ...stretchesOf(end, to, finer)]
    : stretchesOf(from, to, finer);
}

export const totalsReads = { metricTotal, avoidedSince, databaseSizes } as const;
