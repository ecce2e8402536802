import { assertNever } from '#shared/errors/app-error.ts';
import type { SourceState } from '../../../db/repositories/queue-types.ts';
import type { RequestFault } from '../../../providers/port.ts';
import { FAULTS_TO_OPEN, pauseAfterFault, pauseAfterRefusal, pauseBetweenProbes, type Pace } from './pauses.ts';
import type { SourceStateChange } from '../port.ts';
import { endOfWindow } from '../utc-window.ts';

/** A source says that its day or month is spent; asking in its first second is asking too early by its clock. */
const AFTER_MIDNIGHT_MS = 60_000;
/** No refusal is believed for longer. */
const LONGEST_REFUSAL_MS = 32 * 86_400_000;

export interface SourceContext extends Pace {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly state: SourceState;
  /** Quota refusals in a row, this one included. */
  readonly refusals: number;
  /** The request had left before the last fault was known: it tells nothing more than that one. */
  readonly isEcho: boolean;
}

/** What an answered request changes: faults are over. A quota's wait is only when its time has come, a stop is not. */
export function sourceAfterSuccess(state: SourceState, now: number): SourceStateChange | null {
  const isOver =
    state.state === 'backing-off' || state.state === 'open' || (state.state === 'waiting' && (state.until ?? 0) <= now);
  if (isOver) {
    return { state: 'ready', reason: null, until: null, faults: 0 };
  }
  return state.faults === 0 ? null : { faults: 0 };
}

/** What a failed request changes for its source alone; null when it tells nothing about it. */
export function sourceAfterFault(fault: RequestFault, context: SourceContext): SourceStateChange | null {
  const { state } = context;
  if (fault.at === 'offline' || fault.outcome === 'invalid-input' || state.state === 'stopped') {
    return null;
  }
  switch (fault.outcome) {
    case 'auth':
      return {
        state: 'stopped',
        reason: `${fault.message} Nothing is asked until the key or the settings change, or a test succeeds.`,
        until: null,
      };
    case 'quota':
      return held(state, 'waiting', fault.message, refusedUntil(fault, context));
    case 'transient':
    case 'protocol':
      return afterTrouble(fault, context);
    default:
      return assertNever(fault.outcome);
  }
}

function afterTrouble(fault: RequestFault, context: SourceContext): SourceStateChange | null {
  const { state, now, isEcho } = context;
  if (isEcho) {
    return null;
  }
  const faults = state.faults + 1;
  const isOpen = faults >= FAULTS_TO_OPEN;
  const pause = isOpen ? pauseBetweenProbes(faults, context) : pauseAfterFault(faults, context);
  const until = Math.max(now + pause, fault.until ?? 0);
  return {
    ...held(state, isOpen ? 'open' : 'backing-off', fault.message, Math.min(until, now + LONGEST_REFUSAL_MS)),
    faults,
  };
}

/** A wait that was there and lasts longer stays. */
function held(
  state: SourceState,
  kind: 'waiting' | 'backing-off' | 'open',
  reason: string,
  until: number,
): SourceStateChange {
  const isLonger = state.state === 'waiting' && (state.until ?? 0) >= until;
  return isLonger ? {} : { state: kind, reason, until };
}

function refusedUntil(fault: RequestFault, context: SourceContext): number {
  const { now, refusals } = context;
  if (fault.until === null && fault.window !== null && fault.window !== 'minute') {
    return endOfWindow(fault.window, now) + AFTER_MIDNIGHT_MS;
  }
  const step = now + pauseAfterRefusal(refusals, context);
  if (fault.until === null || fault.until <= now) {
    return step;
  }
  const told = Math.min(fault.until, now + LONGEST_REFUSAL_MS);
  // What was told held once already and the source refused again: from then on the longer of the two.
  return refusals > 1 ? Math.max(told, step) : told;
}
