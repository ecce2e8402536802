import { useEffect, useState, type ReactNode } from 'react';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { counted } from '../../../components/words.ts';
import { CopyTql } from '../jobs/copy-tql.tsx';
import { changeOf } from './draft.ts';
import type { FieldProps } from './settings-form.tsx';

const SETTLE_MS = 250;

type Count =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'counted'; readonly count: number; readonly of: string }
  | { readonly kind: 'failed'; readonly sentence: string };

/** The query the fields make, as they are typed; and, when asked for, how many indicators match it now. */
export function TqlPreview({ job, draft, faults }: FieldProps): ReactNode {
  const change = JSON.stringify(changeOf(draft, job.config));
  const settled = useSettled(change);
  const { value, error, loading } = useCall('sync.tql', { jobId: job.id, change: JSON.parse(settled) }, ['sync']);
  const [count, setCount] = useState<Count>({ kind: 'none' });
  const ask = (): void => {
    setCount({ kind: 'running' });
    call('sync.count', { jobId: job.id, change: JSON.parse(change) }).then(
      (counts) => setCount({ kind: 'counted', count: counts.count, of: change }),
      (fault: unknown) => setCount({ kind: 'failed', sentence: sentenceOf(fault) }),
    );
  };
  const hasFault = Object.keys(faults).length > 0;
  return (
    <>
      <span className="label">TQL that is sent</span>
      <div className="stack tight" aria-busy={loading || settled !== change}>
        <p className="synclive mono-11 wrap">{value?.tql ?? ''}</p>
        {value?.problem === null || value?.problem === undefined ? null : <p role="status">{value.problem}</p>}
        {error === null ? null : <p role="alert">{error}</p>}
        {hasFault ? <p className="hint">Fields with a fault are left out of it.</p> : null}
        <div className="row flow">
          <CopyTql tql={value?.tql ?? ''} />
          <button
            type="button"
            className="button compact"
            disabled={(value?.problem ?? null) !== null}
            aria-disabled={count.kind === 'running'}
            title="Sends one request to ThreatConnect"
            onClick={count.kind === 'running' ? undefined : ask}
          >
            {count.kind === 'running' ? 'Counting…' : 'How many match now'}
          </button>
          <span className="small t2" role={count.kind === 'failed' ? 'alert' : 'status'}>
            {countWords(count, change)}
          </span>
        </div>
      </div>
    </>
  );
}

function countWords(count: Count, change: string): string {
  switch (count.kind) {
    case 'counted':
      return `${counted(count.count, 'indicator')} ${count.of === change ? 'match now' : 'matched before the last change'}, Last Modified left aside.`;
    case 'failed':
      return count.sentence;
    default:
      return 'One request to ThreatConnect.';
  }
}

/** A text once it has rested. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
