const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Faults in a row after which nothing but single probes is sent. */
export const FAULTS_TO_OPEN = 5;
/** Failed tries after which a hash is put down as could not ask. */
export const MOST_TRIES = 5;
/** Tries of an answer that cannot be read. Asking again rarely helps and each one is paid for. */
export const MOST_MISREADS = 2;
/** Rechecks after which a file that stays pending is left at that. */
export const MOST_RECHECKS = 24;

/** Between requests after the first faults of a source. */
const AFTER_FAULT = [2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND];
/** Between probes while the circuit is open. */
const BETWEEN_PROBES = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE];
/** After a refusal for a quota when the source does not say for how long. */
const AFTER_REFUSAL = [MINUTE, 2 * MINUTE, 5 * MINUTE];
/** Before the same hash is tried again: longer than a source's own pauses, so that others get their turn. */
const BEFORE_RETRY = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE];

/** How time is scaled and drawn: `pace` is 1, or the length of a test's minute in real minutes. */
export interface Pace {
  readonly pace: number;
  /** 0 to below 1. */
  readonly random: () => number;
}

/** Milliseconds a source rests after its `faults`-th fault in a row, from 1, while its circuit is still closed. */
export function pauseAfterFault(faults: number, pace: Pace): number {
  return jittered(step(AFTER_FAULT, faults - 1), pace);
}

/** Milliseconds until the next probe when `faults` requests failed in a row, the last of them just now. */
export function pauseBetweenProbes(faults: number, pace: Pace): number {
  return jittered(step(BETWEEN_PROBES, faults - FAULTS_TO_OPEN), pace);
}

/** Milliseconds to wait after the `refusals`-th quota refusal in a row, from 1. Never shorter than the step: no jitter down. */
export function pauseAfterRefusal(refusals: number, { pace, random }: Pace): number {
  return Math.ceil(step(AFTER_REFUSAL, refusals - 1) * pace * (1 + 0.1 * random()));
}

/** Milliseconds before a hash is tried again after its `tries`-th failure, from 1. */
export function pauseBeforeRetry(tries: number, pace: Pace): number {
  return jittered(step(BEFORE_RETRY, tries - 1), pace);
}

/** A fifth to either side, so that many processes and hashes do not come back in one moment. */
function jittered(milliseconds: number, { pace, random }: Pace): number {
  return Math.ceil(milliseconds * pace * (0.8 + 0.4 * random()));
}

function step(ladder: readonly number[], index: number): number {
  return ladder[Math.max(0, Math.min(index, ladder.length - 1))] ?? 0;
}
