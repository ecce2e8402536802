import type { MetricKind } from '../../change-kinds.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { metaValue, setMetaValue } from '../meta.ts';
import { METRIC_LEVELS, type MetricLevel } from './levels.ts';
import { seriesOfKinds, type MetricSeries } from './series.ts';

/** One of these for each level: up to when (seconds) some of it was let go. */
const MARKS = ['metrics_let_go_minutes', 'metrics_let_go_hours', 'metrics_let_go_days'] as const;

/** As stored in `metric_rollups.level`: what the days that were let go came to, in one row of each series that begins at 0. */
const EVER = 3;

/**
 * Before these moments (seconds since the epoch) minutes, hours and days may be missing, whatever the settings say they are
 * kept for: these may have been shorter, there may have been no room, or a clock that was ahead.
 */
export interface LetGo {
  readonly minutes: number;
  readonly hours: number;
  readonly days: number;
}

/** What the days that were let go came to. */
export interface LetGoSum extends MetricSeries {
  readonly n: number;
  readonly sum: number;
}

/** Notes that everything of a level before a moment is about to go; for the transaction that drops it. */
export function markLetGo(db: WritableDb, level: MetricLevel, before: number): void {
  const key = MARKS[level];
  if (before > markOf(db, level)) {
    setMetaValue(db, { key, value: String(before) });
  }
}

/** Adds days that are dropped in the same transaction to what was let go. */
export function addLetGo(
  db: WritableDb,
  series: number,
  days: readonly { readonly n: number; readonly sum: number }[],
): void {
  const n = days.reduce((all, day) => all + day.n, 0);
  const sum = days.reduce((all, day) => all + day.sum, 0);
  prepared(
    db,
    `INSERT INTO metric_rollups (level, series, start, n, sum, least, most, last, last_at) VALUES (${EVER}, ?, 0, ?, ?, 0, 0, 0, 0)
     ON CONFLICT (level, series, start) DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum`,
  ).run(series, n, sum);
}

/** The marks of a database take the place of those of another one, whose record of use they are about. */
export function carryLetGo(from: ReadableDb, into: WritableDb): void {
  for (const key of MARKS) {
    const value = from.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck(true).get(key);
    into.prepare('DELETE FROM meta WHERE key = ?').run(key);
    if (value !== undefined) {
      setMetaValue(into, { key, value });
    }
  }
}

function metricsLetGo(db: ReadableDb): LetGo {
  const [minutes = 0, hours = 0, days = 0] = METRIC_LEVELS.map((level) => markOf(db, level));
  return { minutes, hours, days };
}

/** What days that are kept no more came to, of each series of these kinds that has any. */
function letGoSums(db: ReadableDb, args: { readonly kinds: readonly MetricKind[] }): LetGoSum[] {
  const find = prepared<{ n: number; sum: number }>(
    db,
    `SELECT n, sum FROM metric_rollups WHERE level = ${EVER} AND series = +? AND start = 0`,
  );
  return seriesOfKinds(db, args.kinds).flatMap((one) => {
    const found = find.get(one.series);
    return found === undefined ? [] : [{ ...one, ...found }];
  });
}

function markOf(db: ReadableDb, level: MetricLevel): number {
  return Number(metaValue(db, MARKS[level]) ?? 0);
}

export const letGoReads = { metricsLetGo, letGoSums } as const;
