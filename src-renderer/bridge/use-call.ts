import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput, CallName, CallOutput, PushPayload } from '#shared/contract/index.ts';
import { call, onPush, sentenceOf } from './client.ts';

type ChangedKind = PushPayload<'changed'>['kinds'][number];

export interface CallState<T> {
  readonly value: T | null;
  /** A sentence, when the last attempt failed; the value before it stays. */
  readonly error: string | null;
  readonly loading: boolean;
  readonly again: () => void;
}

/**
 * The answer of one call, asked again when its input changes or one of the named kinds of data does. Only the newest
 * answer counts; the one before stays visible until it is there. A null input asks nothing.
 */
export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N> | null,
  kinds: readonly ChangedKind[] = [],
): CallState<CallOutput<N>> {
  const key = input === null ? null : JSON.stringify(input);
  const [state, setState] = useState<{ key: string | null; value: CallOutput<N> | null; error: string | null }>({
    key: null,
    value: null,
    error: null,
  });
  const newest = useRef(0);
  const ask = useCallback(() => {
    if (key === null) {
      return;
    }
    const turn = (newest.current += 1);
    call(name, JSON.parse(key) as CallInput<N>).then(
      (value) => {
        if (turn === newest.current) {
          setState({ key, value, error: null });
        }
      },
      (error: unknown) => {
        if (turn === newest.current) {
          setState((before) => ({ key, value: before.key === key ? before.value : null, error: sentenceOf(error) }));
        }
      },
    );
  }, [name, key]);
  useEffect(() => {
    ask();
    return () => {
      newest.current += 1;
    };
  }, [ask]);
  useChanged(kinds, ask);
  return { value: state.value, error: state.error, loading: key !== null && state.key !== key, again: ask };
}

/** Runs a function when one of the named kinds of data changed. */
export function useChanged(kinds: readonly ChangedKind[], run: (payload: PushPayload<'changed'>) => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const wanted = kinds.join(',');
  useEffect(() => {
    const asked = wanted.split(',');
    return wanted === ''
      ? undefined
      : onPush('changed', (payload) => {
          if (payload.kinds.some((kind) => asked.includes(kind))) {
            latest.current(payload);
          }
        });
  }, [wanted]);
}
