import type { LoggedRequest } from '#main/simulators/port.ts';

/** The most calls that a simulator billed within any window of that length, by its own clock. */
export function mostInWindow(log: readonly Pick<LoggedRequest, 'at' | 'billed'>[], windowMs: number): number {
  const calls = log.filter((entry) => entry.billed > 0).toSorted((a, b) => a.at - b.at);
  let most = 0;
  let inside = 0;
  let first = 0;
  for (const call of calls) {
    inside += call.billed;
    for (let oldest = calls[first]; oldest !== undefined && oldest.at <= call.at - windowMs; oldest = calls[first]) {
      inside -= oldest.billed;
      first += 1;
    }
    most = Math.max(most, inside);
  }
  return most;
}
