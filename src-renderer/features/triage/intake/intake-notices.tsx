import { useState, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { openIntake, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Notice } from '../../../components/notice.tsx';
import { counted } from '../../../components/words.ts';
import { keptWords } from '../query.ts';
import { RemoveDialog } from '../dialogs/note-dialog.tsx';
import { ReadingDialog } from '../dialogs/reading-dialog.tsx';
import { GuessNotice } from '../reading/guess-notice.tsx';
import { isSaidByPassword, PasswordNotice } from '../reading/password-notice.tsx';

interface Props {
  readonly intake: IntakeSummary | null;
  readonly inputs: readonly InputFileView[];
  readonly error: string | null;
  readonly reading: boolean;
  readonly onAgain: () => void;
}

/** What is not as it should be with an intake, what is kept of it, and what to do. */
export function IntakeNotices({ intake, inputs, error, reading, onAgain }: Props): ReactNode {
  const [removing, setRemoving] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const again = (
    <button type="button" className="button compact" onClick={onAgain}>
      Try again
    </button>
  );
  if (error !== null) {
    return <Notice actions={again}>{error}</Notice>;
  }
  if (intake === null || reading) {
    return null;
  }
  const remove = (
    <button type="button" className="button compact" onClick={() => setRemoving(true)}>
      Remove intake…
    </button>
  );
  const readAgain = (
    <button
      type="button"
      className="button compact"
      onClick={() =>
        void call('intake.reread', { intakeId: intake.id, reading: inputs[0]?.asked ?? { as: 'auto' } }).then(
          (started) => openIntake(started.intakeId),
          sayFault,
        )
      }
    >
      Read again
    </button>
  );
  const { hashes, balanced } = intake.accounting;
  return (
    <>
      {intake.state === 'cancelled' ? (
        <Notice
          actions={
            <>
              {readAgain}
              {remove}
            </>
          }
        >
          <b>Cancelled before the end.</b> {counted(hashes, 'hash', 'hashes')} {hashes === 1 ? 'is' : 'are'} kept and
          answered.
        </Notice>
      ) : null}
      {intake.state === 'missing' ? (
        <Notice actions={remove}>
          <b>The files of this intake are missing from the data directory.</b> Its counts are kept; its rows cannot be
          shown.
        </Notice>
      ) : null}
      {intake.state === 'failed' ? (
        <Notice
          actions={
            <>
              {readAgain}
              {remove}
            </>
          }
        >
          <b>Nothing could be read.</b> {intake.fault}
        </Notice>
      ) : intake.fault === null || intake.state === 'cancelled' || isSaidByPassword(inputs) ? null : (
        <Notice actions={inputs.some(({ needsPassword }) => needsPassword === true) ? undefined : readAgain}>
          <b>{intake.fault}</b> {keptWords(intake)}
        </Notice>
      )}
      {intake.embargo ? (
        <Notice>
          <b>Never ask is on.</b> No hash of this list is asked about outside, in this list or any other.
        </Notice>
      ) : null}
      {intake.problems.map((problem) => (
        <Notice key={problem}>
          <b>Some answers are missing.</b> {problem}
        </Notice>
      ))}
      {intake.state === 'ready' && !balanced ? (
        <Notice actions={readAgain}>
          <b>The accounting does not balance.</b> An independent count found another number of records; read again or
          with another format before relying on it.
        </Notice>
      ) : null}
      {intake.state === 'ready' || intake.state === 'cancelled' ? (
        <>
          <PasswordNotice intake={intake} inputs={inputs} />
          <GuessNotice intake={intake} inputs={inputs} onChoose={() => setChoosing(true)} />
        </>
      ) : null}
      {choosing ? <ReadingDialog intake={intake} inputs={inputs} onClose={() => setChoosing(false)} /> : null}
      {removing ? <RemoveDialog intake={intake} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}
