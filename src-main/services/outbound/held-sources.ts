import type { SourceState } from '../../db/repositories/queue-types.ts';
import type { SourceStateChange } from '../../jobs/outbound/port.ts';

/** What a pause changes. The end of a wait for a quota is kept: the source's own count goes on meanwhile. */
export function afterPause({ state, until }: SourceState): SourceStateChange {
  const keepsWait = state === 'waiting' || state === 'paused';
  return { state: 'paused', reason: 'Paused. Resume it to go on.', until: keepsWait ? until : null };
}

/**
 * What letting go on changes; null for nothing. It ends a pause, and a wait for a quota goes on where the pause found it.
 * Who names a source that is not paused wants it to be asked now: then that ends a wait or a rest after faults. A
 * refused key stays refused either way.
 */
export function afterResume({ state, until }: SourceState, isNamed: boolean, now: number): SourceStateChange | null {
  if (state === 'paused') {
    return until !== null && until > now
      ? { state: 'waiting', reason: 'The source refused for its quota before it was paused.', until }
      : READY;
  }
  return isNamed && state !== 'stopped' && state !== 'ready' ? READY : null;
}

const READY: SourceStateChange = { state: 'ready', reason: null, until: null, faults: 0 };
