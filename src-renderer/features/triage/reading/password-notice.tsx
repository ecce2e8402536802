import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { openIntake, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Notice } from '../../../components/notice.tsx';
import { number } from '../../../components/words.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly inputs: readonly InputFileView[];
}

/** Asks for the password of what is encrypted. It goes into one reading and is forgotten here as soon as that starts. */
export function PasswordNotice({ intake, inputs }: Props): ReactNode {
  const [password, setPassword] = useState('');
  const field = useId();
  const locked = inputs.filter((input) => input.needsPassword === true);
  const [first] = locked;
  if (first === undefined) {
    return null;
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (password === '') {
      return;
    }
    setPassword('');
    // Read as it was before: a format somebody asked for stays asked for.
    const reading = first.asked ?? { as: 'auto' };
    call('intake.reread', { intakeId: intake.id, reading, passwords: [password] }).then(
      (started) => openIntake(started.intakeId),
      sayFault,
    );
  };
  return (
    <Notice
      actions={
        <form className="row" onSubmit={submit}>
          <label htmlFor={field} className="t2">
            Password
          </label>
          <input
            id={field}
            type="password"
            className="field compact"
            autoComplete="off"
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button type="submit" className="button compact" disabled={password === ''}>
            Read again
          </button>
        </form>
      }
    >
      <b>
        {locked.length === 1 ? `Something in ${first.inside ?? first.name} is` : `${number(locked.length)} inputs are`}{' '}
        encrypted,
      </b>{' '}
      and no password that was tried opens it. A password is used for one reading and not kept.
    </Notice>
  );
}
