import { useEffect, useState } from 'react';
import type { LifeEffects } from '#shared/contract/life.ts';
import { onPush } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import type { LifeChange } from './draft.ts';

/** Typing goes on for so long before its effect is worked out, in milliseconds. */
const PAUSE_MS = 300;

export interface EffectsState {
  /** Of the values last worked out; null before the first. */
  readonly effects: LifeEffects | null;
  /** True while they are not those of the fields. */
  readonly isOld: boolean;
  readonly error: string | null;
  readonly again: () => void;
}

/** The effects of a draft, a moment after the last key and once a purge has ended; null keeps those that were shown. */
export function useEffects(change: LifeChange | null): EffectsState {
  const key = change === null ? null : JSON.stringify(change);
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    if (key === null || key === settled) {
      return undefined;
    }
    const timer = setTimeout(() => setSettled(key), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, settled]);
  const asked = useCall('life.effects', settled === null ? null : (JSON.parse(settled) as LifeChange), [
    'settings',
    'sources',
  ]);
  const { again } = asked;
  useEffect(
    () => onPush('job', ({ kind, state }) => (kind === 'purge' && state !== 'running' ? again() : undefined)),
    [again],
  );
  return {
    effects: asked.value,
    isOld: asked.loading || key !== settled,
    error: asked.error,
    again,
  };
}
