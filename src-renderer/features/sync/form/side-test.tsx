import { useState, type ReactNode } from 'react';
import type { ConnectionTestView } from '#shared/contract/sources.ts';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { duration } from '../../../components/words.ts';

const AT_FAULT: Readonly<Record<NonNullable<ConnectionTestView['at']>, string>> = {
  key: 'The login',
  right: 'A right of the user',
  quota: 'A limit of the server',
  network: 'The network',
  proxy: 'The proxy',
  tls: 'The certificate (TLS)',
  url: 'The address',
  answer: 'The answer',
  input: 'What was asked',
  offline: 'The offline switch',
};

const SIDES = { threatconnect: 'ThreatConnect', tanium: 'Tanium' } as const;

type Attempt =
  | { readonly kind: 'running' }
  | { readonly kind: 'tested'; readonly result: ConnectionTestView }
  | { readonly kind: 'failed'; readonly sentence: string };

interface Props {
  readonly job: SyncJobView;
  readonly side: keyof typeof SIDES;
  readonly isChanged: boolean;
}

/** Tries the kept settings of one side, reading only, and names what is at fault. */
export function SideTest({ job, side, isChanged }: Props): ReactNode {
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const running = attempt?.kind === 'running';
  const test = (): void => {
    setAttempt({ kind: 'running' });
    call('sync.test', { jobId: job.id, side }).then(
      (result) => setAttempt({ kind: 'tested', result }),
      (error: unknown) => setAttempt({ kind: 'failed', sentence: sentenceOf(error) }),
    );
  };
  return (
    <>
      <button
        type="button"
        className="button compact"
        disabled={isChanged}
        // Not disabled while it runs: the keyboard would lose its place.
        aria-disabled={running}
        title={
          isChanged ? 'Save the changes first: the kept settings are tested' : 'Reads only; nothing is written there'
        }
        onClick={running ? undefined : test}
      >
        {running ? 'Testing…' : `Test ${SIDES[side]}`}
      </button>
      {attempt === null || attempt.kind === 'running' ? null : (
        <Dialog title={`Connection to ${SIDES[side]}`} onClose={() => setAttempt(null)}>
          {attempt.kind === 'failed' ? (
            <p role="alert">
              <b>The test could not be made.</b> {attempt.sentence}
            </p>
          ) : (
            <Result name={SIDES[side]} result={attempt.result} />
          )}
        </Dialog>
      )}
    </>
  );
}

function Result({ name, result }: { readonly name: string; readonly result: ConnectionTestView }): ReactNode {
  const { ok, at, message, httpStatus, elapsedMs } = result;
  return (
    <>
      <p role="status">
        <b>{ok ? `${name} answers.` : `${at === null ? 'The connection' : AT_FAULT[at]} is at fault.`}</b> {message}
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
      </dl>
    </>
  );
}
