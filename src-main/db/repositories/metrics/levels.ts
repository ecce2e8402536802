import { METRIC, type MetricKind } from '../../change-kinds.ts';

/** Lengths of the intervals that events are added up in, seconds: minutes, hours and UTC days. */
export const LEVEL_SECONDS = [60, 3_600, 86_400] as const;

/** As stored: 0 for minutes, 1 for hours, 2 for days. */
export type MetricLevel = 0 | 1 | 2;
export const METRIC_LEVELS: readonly MetricLevel[] = [0, 1, 2];

/** Weeks begin on Monday, as 1970-01-05 was. */
const WEEK_SECONDS = 7 * 86_400;
const FIRST_MONDAY = 4 * 86_400;

/** First second of the interval of a level that a moment lies in. */
export function startOfLevel(level: MetricLevel, at: number): number {
  const unit = LEVEL_SECONDS[level];
  return Math.floor(at / unit) * unit;
}

/** A moment at which an interval of so many seconds begins; the others begin at multiples of it from there. */
export function originOf(stepSeconds: number): number {
  return stepSeconds % WEEK_SECONDS === 0 ? FIRST_MONDAY : 0;
}

const KIND_OF_CODE = new Map<number, MetricKind>(
  (Object.entries(METRIC) as [MetricKind, number][]).map(([kind, code]) => [code, kind]),
);

/** Null for a code that no version up to this one wrote. */
export function metricOfCode(code: number): MetricKind | null {
  return KIND_OF_CODE.get(code) ?? null;
}
