import type { Repeat, ServiceFault } from '../../net/service-fault.ts';

/** Waits before the second, third and fourth try of what failed for a passing reason. */
const WAITS_MS = [1_000, 5_000, 20_000] as const;
/** A server that asks for a longer wait than this has ended the run. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** Waits after a fault before the same is tried again; ends early when nothing new may begin. Never rejects for that. */
export type Wait = (fault: ServiceFault, milliseconds: number) => Promise<void>;

/**
 * A way to repeat single requests: asks, and asks again up to three times when the fault may pass by itself, with growing
 * waits or the one the server asked for; once when the Api User or session was refused, as clocks and sessions run out.
 * Answers with the last fault when the signal ends it.
 */
export function createRepeat(wait: Wait, signal: AbortSignal): Repeat {
  return async (ask) => {
    let refusals = 0;
    for (let tries = 0; ; tries += 1) {
      const result = await ask();
      if (result.ok || signal.aborted) {
        return result;
      }
      const { fault } = result;
      refusals += fault.kind === 'auth' ? 1 : 0;
      const milliseconds = waitAfter(fault, tries, refusals);
      if (milliseconds === null) {
        return result;
      }
      await wait(fault, milliseconds);
      if (signal.aborted) {
        return result;
      }
    }
  };
}

/** Milliseconds to wait before the next try; null when there is none. */
export function waitAfter(fault: ServiceFault, tries: number, refusals: number): number | null {
  const own = WAITS_MS[tries];
  if (own === undefined) {
    return null;
  }
  if (fault.kind === 'auth') {
    return refusals > 1 ? null : own;
  }
  if (!fault.isPassing || fault.kind === 'offline' || fault.kind === 'aborted') {
    return null;
  }
  const asked = fault.retryAfterMs ?? 0;
  return asked > LONGEST_WAIT_MS ? null : Math.max(own, asked);
}
