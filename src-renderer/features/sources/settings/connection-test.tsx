import { useState, type ReactNode } from 'react';
import type { ConnectionTestView, SourceView } from '#shared/contract/sources.ts';
import { refreshAsking } from '../../../app/asking.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted, duration } from '../../../components/words.ts';

const AT_FAULT: Readonly<Record<NonNullable<ConnectionTestView['at']>, string>> = {
  key: 'The key',
  right: 'The right of the key',
  quota: 'The quota',
  network: 'The network',
  proxy: 'The proxy',
  tls: 'The certificate (TLS)',
  url: 'The URL',
  answer: 'The answer',
  input: 'What was asked',
  offline: 'The offline switch',
};

type Attempt =
  | { readonly kind: 'running' }
  | { readonly kind: 'tested'; readonly result: ConnectionTestView }
  | { readonly kind: 'failed'; readonly sentence: string };

/** Tries the kept settings once, as a recorded request, and names what is at fault. */
export function ConnectionTest(props: { readonly view: SourceView; readonly isChanged: boolean }): ReactNode {
  const { view, isChanged } = props;
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const test = (): void => {
    setAttempt({ kind: 'running' });
    call('sources.test', { source: view.source })
      .then(
        (result) => setAttempt({ kind: 'tested', result }),
        (error: unknown) => setAttempt({ kind: 'failed', sentence: sentenceOf(error) }),
      )
      .finally(refreshAsking);
  };
  const running = attempt?.kind === 'running';
  return (
    <span className="end">
      <button
        type="button"
        className="button compact"
        disabled={isChanged || running || view.key.place === null}
        title={
          view.key.place === null
            ? 'Add a key first'
            : isChanged
              ? 'Save the changes first: the kept settings are tested'
              : 'Sends one request, recorded and billed like any other'
        }
        onClick={test}
      >
        {running ? 'Testing…' : 'Test connection'}
      </button>
      {attempt === null || running ? null : (
        <Dialog title={`Connection to ${view.label}`} onClose={() => setAttempt(null)}>
          <Result attempt={attempt} />
        </Dialog>
      )}
    </span>
  );
}

function Result({ attempt }: { readonly attempt: Exclude<Attempt, { readonly kind: 'running' }> }): ReactNode {
  if (attempt.kind === 'failed') {
    return (
      <p role="alert">
        <b>The test could not be made.</b> {attempt.sentence}
      </p>
    );
  }
  const { ok, at, message, billed, httpStatus, elapsedMs } = attempt.result;
  return (
    <>
      <p role="status">
        <b>{ok ? 'The source answers.' : `${at === null ? 'The connection' : AT_FAULT[at]} is at fault.`}</b> {message}
      </p>
      <dl className="kv tally">
        <div className="kvrow">
          <dt>HTTP status</dt>
          <dd className="num">{httpStatus ?? 'none'}</dd>
        </div>
        <div className="kvrow">
          <dt>Took</dt>
          <dd className="num">{duration(elapsedMs)}</dd>
        </div>
        <div className="kvrow">
          <dt>Billed</dt>
          <dd className="num">{counted(billed, 'call')}</dd>
        </div>
      </dl>
    </>
  );
}
