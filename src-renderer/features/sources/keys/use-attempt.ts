import { useState } from 'react';
import { refreshAsking } from '../../../app/asking.ts';
import { sentenceOf } from '../../../bridge/client.ts';

/** One attempt at a time; its fault is shown where it was made. */
export function useAttempt(onDone: () => void): {
  readonly busy: boolean;
  readonly fault: string | null;
  readonly run: (attempt: () => Promise<unknown>) => void;
} {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  return {
    busy,
    fault,
    run(attempt) {
      setBusy(true);
      setFault(null);
      attempt().then(
        () => {
          refreshAsking();
          onDone();
        },
        (error: unknown) => {
          setBusy(false);
          setFault(sentenceOf(error));
        },
      );
    },
  };
}
