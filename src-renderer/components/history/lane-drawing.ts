import type { HistoryLane } from '#shared/contract/history.ts';
import type { Status } from '#shared/domain/status.ts';

/** A piece of a lane as it is drawn: percent of the width. */
export interface DrawnStretch {
  readonly status: Status;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number | null;
  readonly left: number;
  readonly width: number;
  /** False where the mark would lie on the one before it. */
  readonly isMarked: boolean;
}

/** What is drawn between two moments, seconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Marks nearer to each other than this, in percent, would hide one another. */
const NEAR = 1.2;

/** From the oldest stretch to now; a little of the past where there is none. */
export function spanOf(lanes: readonly HistoryLane[], now: number): Span {
  const from = Math.min(now, ...lanes.flatMap(({ stretches }) => stretches.slice(0, 1).map((one) => one.from)));
  return { from: Math.min(from, now - 60), to: now };
}

/** Runs of one status as pieces of a line. The mark of the newest state is always there. */
export function drawn({ stretches }: HistoryLane, span: Span): DrawnStretch[] {
  const percent = (at: number): number =>
    (100 * (Math.min(Math.max(at, span.from), span.to) - span.from)) / (span.to - span.from);
  const pieces = runs(stretches).map((run) => ({
    ...run,
    left: percent(run.from),
    width: percent(run.to ?? span.to) - percent(run.from),
  }));
  return pieces.map((piece, at) => {
    const next = pieces[at + 1];
    return { ...piece, isMarked: next === undefined || next.left - piece.left >= NEAR };
  });
}

/** Stretches that follow each other with the same status are one: a score alone draws nothing. */
export function runs(
  stretches: HistoryLane['stretches'],
): { readonly status: Status; readonly from: number; readonly to: number | null }[] {
  const found: { status: Status; from: number; to: number | null }[] = [];
  for (const { status, from, to } of stretches) {
    const last = found.at(-1);
    if (last?.status === status) {
      last.to = to;
    } else {
      found.push({ status, from, to });
    }
  }
  return found;
}
