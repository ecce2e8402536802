import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput, CallName, CallOutput, PushPayload } from '#shared/contract/index.ts';
import { call, onPush, sentenceOf } from './client.ts';
import { spaced } from './spaced.ts';

type ChangedKind = PushPayload<'changed'>['kinds'][number];

/** Between two looks at what changed, in milliseconds: often enough to follow, seldom enough for the engine. */
const GAP_MS = 200;

export interface CallState<T> {
  readonly value: T | null;
  /** A sentence, when the last attempt failed; the value before it stays. */
  readonly error: string | null;
  readonly loading: boolean;
  readonly again: () => void;
  /** The same; done when the answer, or the fault, is there. */
  readonly ask: () => Promise<void>;
}

/**
 * The answer of one call, asked again when its input changes or one of the named kinds of data does. Only the newest
 * answer counts; the one before stays visible until it is there. A null input asks nothing. Changes ask one at a time and
 * no sooner than 200 ms after one another: they come ten times a second while a scan runs.
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
  const ask = useCallback(async (): Promise<void> => {
    if (key === null) {
      return;
    }
    const turn = (newest.current += 1);
    await call(name, JSON.parse(key) as CallInput<N>).then(
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
    void ask();
    return () => {
      newest.current += 1;
    };
  }, [ask]);
  const paced = useRef<ReturnType<typeof spaced> | null>(null);
  useEffect(() => {
    const own = spaced(ask, GAP_MS);
    paced.current = own;
    return () => {
      own.stop();
      paced.current = null;
    };
  }, [ask]);
  const again = useCallback(() => void ask(), [ask]);
  useChanged(kinds, () => paced.current?.ask());
  return { value: state.value, error: state.error, loading: key !== null && state.key !== key, again, ask };
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
