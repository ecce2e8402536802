import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { lockedFiles, lockedSentence } from '#shared/domain/locked-files.ts';
import { openIntake, say } from '../../../app/store.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { Notice } from '../../../components/notice.tsx';
import { useIsOpen } from '../../../components/use-is-open.ts';
import { useOneRun } from '../../../components/use-one-run.ts';
import { counted } from '../../../components/words.ts';
import { keptWords } from '../query.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly inputs: readonly InputFileView[];
}

/** Asks for the password of what is encrypted. It is forgotten here as soon as it is tried. */
export function PasswordNotice({ intake, inputs }: Props): ReactNode {
  const [password, setPassword] = useState('');
  const [outcome, setOutcome] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const isOpen = useIsOpen();
  const { isRunning, run } = useOneRun();
  const locked = inputs.filter((input) => input.needsPassword === true);
  const [first] = locked;
  if (first === undefined) {
    return null;
  }
  const attempt = async (): Promise<void> => {
    setPassword('');
    setOutcome('');
    field.current?.focus();
    const said = await tryPassword(intake, password, isOpen);
    if (isOpen()) {
      setOutcome(said);
    } else if (said !== '') {
      say(`${intake.title}: ${said}`);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (password !== '') {
      run(attempt);
    }
  };
  return (
    <Notice
      actions={
        <form className="row" onSubmit={submit}>
          <label htmlFor={id} className="t2">
            Password
          </label>
          <input
            ref={field}
            id={id}
            type="password"
            className="field compact"
            autoComplete="off"
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button type="submit" className="button compact" disabled={password === '' || isRunning}>
            {isRunning ? 'Trying…' : 'Read again'}
          </button>
        </form>
      }
    >
      <b>{lockedWords(locked)} encrypted,</b> and no password that was tried opens{' '}
      {lockedFiles(locked) === 1 ? 'it' : 'them'}. {isSaidByPassword(inputs) ? `${keptWords(intake)} ` : ''}
      Passwords are never written to disk. <b role="alert">{outcome}</b>
    </Notice>
  );
}

/** Whether a missing password is all that is the matter with an intake: one notice says it then. */
export function isSaidByPassword(inputs: readonly InputFileView[]): boolean {
  const faulty = inputs.filter(({ fault }) => fault !== null);
  return faulty.length > 0 && faulty.every(({ fault, encrypted = 0 }) => fault === lockedSentence(encrypted));
}

/** Tries it, and opens what comes of it. Answers what there is to say. */
async function tryPassword(intake: IntakeSummary, password: string, isOpen: () => boolean): Promise<string> {
  try {
    const { intakeId, closed } = await call('intake.unlock', { intakeId: intake.id, password });
    if (intakeId === null) {
      return `That password opened nothing: ${counted(closed, 'file')} still closed.`;
    }
    if (isOpen()) {
      openIntake(intakeId);
    } else {
      say(`${intake.title} was read again with the password.`, {
        action: { label: 'Open', run: () => openIntake(intakeId) },
      });
    }
    return '';
  } catch (error) {
    return sentenceOf(error);
  }
}

/** "2 files in a.zip are"; "5 files in 2 inputs are". */
function lockedWords(locked: readonly InputFileView[]): string {
  const closed = lockedFiles(locked);
  const [only] = locked;
  const where = locked.length === 1 ? (only?.name ?? '') : counted(locked.length, 'input');
  // Of a list of files that is itself encrypted nobody knows how long it is.
  if (only?.encrypted === undefined && locked.length === 1) {
    return `Something in ${where} is`;
  }
  return `${counted(closed, 'file')} in ${where} ${closed === 1 ? 'is' : 'are'}`;
}
