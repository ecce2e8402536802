const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time in seconds since the epoch, `to` not in it, and how many intervals it is told in. */
export interface LastRange {
  readonly from: number;
  readonly to: number;
  readonly bars: number;
}

/** Intervals of the ranges that the board offers, by the length of the range; all in seconds. */
const OFFERED: ReadonlyMap<number, number> = new Map([
  [DAY, HOUR / 2],
  [7 * DAY, 6 * HOUR],
  [30 * DAY, DAY],
  [90 * DAY, DAY],
]);
const LENGTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE);
/** Of any other range about so many. */
export const USUAL_BARS = 60;

/**
 * The last so many seconds, as the window, its strip and the terminal all mean it, so that they say the same: to the end of
 * the interval that runs, so that all intervals are whole and figures stay where they are until the next one begins.
 */
export function lastRange(span: number, now: number): LastRange {
  const bar = OFFERED.get(span) ?? LENGTHS.find((length) => span / length <= USUAL_BARS) ?? DAY;
  const to = (Math.floor(now / bar) + 1) * bar;
  return { from: to - span, to, bars: Math.min(USUAL_BARS * 2, Math.ceil(span / bar)) };
}

/** How many intervals what stands beside panels of a range is told by at most, so that all of them hold the same time. */
export function barsBeside({ from, to }: { readonly from: number; readonly to: number }): number {
  const bar = OFFERED.get(to - from);
  return bar === undefined ? USUAL_BARS : Math.max(USUAL_BARS, (to - from) / bar);
}
