import { AppError } from '#shared/errors/app-error.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const WEEK = 7 * DAY;
/** Weeks begin on Mondays; the first one after the epoch is 5 January 1970. */
const FIRST_MONDAY = 4 * DAY;
/** The end of the year 9999, beyond which times are not written in the usual way. */
const LATEST = 253_402_300_800;

/** Lengths an interval may have, in seconds. */
export const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7].map((days) => days * DAY),
];

/** Most intervals of one panel. */
export const MOST_INTERVALS = 4000;
/**
 * Adding up minutes takes time: a range longer than this is told by the hour unless a length was asked for, and one longer
 * than the second in any case.
 */
const MINUTES_FOR = 7 * DAY;
const MINUTES_AT_MOST = 31 * DAY;

/** Which roll-ups an interval is read from: 0 minutes, 1 hours, 2 days. */
export type Level = 0 | 1 | 2;

/** Days that roll-ups of each level are kept. */
export interface Retention {
  readonly minuteDays: number;
  readonly hourDays: number;
  /** Before these moments (seconds since the epoch) something went sooner; absent: nothing did. */
  readonly letGo?: { readonly minutes: number; readonly hours: number; readonly days: number } | undefined;
}

/** Whole intervals over a range; all times in seconds since the epoch, UTC. */
export interface Grid {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
  readonly level: Level;
  /** Where each interval begins. */
  readonly starts: readonly number[];
}

export interface GridRequest {
  readonly from: number;
  readonly to: number;
  /** About the most intervals wanted. */
  readonly points: number;
  /** The length of an interval, one of STEPS; absent: the shortest that keeps to `points`. */
  readonly stepSeconds?: number | undefined;
  /** As long a time before is read as well: it must be kept as finely. */
  readonly compare?: boolean;
}

/**
 * Intervals over a range, aligned and widened to whole ones, at most 4,000. Where what is fine enough was let go already, or
 * would have to be added up from too many minutes, they are longer than asked for. INVALID_ARGUMENT for a range that is none
 * or too long for the length that was asked for.
 */
export function gridOf(request: GridRequest, retention: Retention, now: number): Grid {
  const { from, to } = request;
  const earliest = earliestOf(request);
  checkRange(request);
  const stepSeconds = request.stepSeconds ?? shortestStep(request, retention, now);
  if (!STEPS.includes(stepSeconds)) {
    throw new AppError('INVALID_ARGUMENT', 'Intervals are 1, 2, 5, 10, 15 or 30 min, 1, 2, 3, 6 or 12 h, 1, 2 or 7 d.');
  }
  if (stepSeconds < leastStep(earliest, retention, now)) {
    throw new AppError('INVALID_ARGUMENT', 'Figures that fine are not kept so far back. Choose longer intervals.');
  }
  if (stepSeconds < HOUR && to - from > MINUTES_AT_MOST) {
    throw new AppError('INVALID_ARGUMENT', 'Intervals of minutes are told of 31 days at most. Choose longer ones.');
  }
  const first = intervalOf(from, stepSeconds);
  const count = Math.ceil((to - first) / stepSeconds);
  if (count > MOST_INTERVALS) {
    throw new AppError('INVALID_ARGUMENT', `The range has more than ${MOST_INTERVALS} intervals. Choose longer ones.`);
  }
  const starts = Array.from({ length: count }, (_, place) => first + place * stepSeconds);
  return { from: first, to: first + count * stepSeconds, stepSeconds, level: levelOf(stepSeconds), starts };
}

/** INVALID_ARGUMENT for a range that is none, or lies beyond the times that can be written. */
export function checkRange({ from, to }: Pick<GridRequest, 'from' | 'to'>): void {
  if (to <= from || to > LATEST) {
    throw new AppError('INVALID_ARGUMENT', 'The range must end after it begins, and before the year 10000.');
  }
}

/** As long a time before, in the same intervals. */
export function gridBefore({ from, to, stepSeconds, level, starts }: Grid): Grid {
  const length = to - from;
  return { from: from - length, to: from, stepSeconds, level, starts: starts.map((start) => start - length) };
}

/** Where the interval begins that holds a time. */
export function intervalOf(at: number, stepSeconds: number): number {
  const offset = stepSeconds === WEEK ? FIRST_MONDAY : 0;
  return Math.floor((at - offset) / stepSeconds) * stepSeconds + offset;
}

/** The coarsest roll-ups that make up an interval. */
export function levelOf(stepSeconds: number): Level {
  if (stepSeconds % DAY === 0) {
    return 2;
  }
  return stepSeconds % HOUR === 0 ? 1 : 0;
}

function earliestOf({ from, to, compare }: GridRequest): number {
  return compare === true ? from - (to - from) : from;
}

function shortestStep(request: GridRequest, retention: Retention, now: number): number {
  const { from, to, points } = request;
  const least = leastStep(earliestOf(request), retention, now);
  const isLong = to - from > MINUTES_FOR;
  const fits = STEPS.find(
    (step) =>
      step >= (isLong ? Math.max(HOUR, least) : least) && Math.ceil((to - intervalOf(from, step)) / step) <= points,
  );
  return fits ?? WEEK;
}

/** The shortest interval that is still kept for a time. */
export function leastStep(from: number, retention: Retention, now: number): number {
  const { minuteDays, hourDays, letGo } = retention;
  // Whole units go: what begins within the last day of its time may be half gone.
  if (from >= Math.max(now - (minuteDays - 1) * DAY, letGo?.minutes ?? 0)) {
    return MINUTE;
  }
  return from >= Math.max(now - (hourDays - 1) * DAY, letGo?.hours ?? 0) ? HOUR : DAY;
}
