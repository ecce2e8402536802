import type { ServiceFault, ServiceResult } from '../../net/service-fault.ts';
import { pause } from '../outbound/pause.ts';
import type { Timer } from '../outbound/port.ts';

/** Waits before the second, third and fourth try of what failed for a passing reason. */
const WAITS_MS = [1_000, 5_000, 20_000] as const;
/** A server that asks for a longer wait than this has ended the run. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** How a read is repeated. `onWait` is told before each wait. */
export interface Repeating {
  readonly timer: Pick<Timer, 'after'>;
  readonly signal: AbortSignal;
  readonly onWait: (fault: ServiceFault, milliseconds: number) => void;
}

/**
 * Asks, and asks again up to three times when the fault may pass by itself, with growing waits or the one the server asked
 * for; once when the Api User or session was refused, as clocks and sessions run out. Ends early when the signal does.
 */
export async function repeated<T>(
  ask: (signal: AbortSignal) => Promise<ServiceResult<T>>,
  { timer, signal, onWait }: Repeating,
): Promise<ServiceResult<T>> {
  let refusals = 0;
  for (let tries = 0; ; tries += 1) {
    const result = await ask(signal);
    if (result.ok || signal.aborted) {
      return result;
    }
    const { fault } = result;
    refusals += fault.kind === 'auth' ? 1 : 0;
    const wait = waitAfter(fault, tries, refusals);
    if (wait === null) {
      return result;
    }
    onWait(fault, wait);
    await pause(timer, wait, signal);
    if (signal.aborted) {
      return result;
    }
  }
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
