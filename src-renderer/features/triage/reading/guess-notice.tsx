import type { ReactNode } from 'react';
import type { InputFileView, IntakeSummary, Reading } from '#shared/contract/intake.ts';
import { openIntake, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Notice } from '../../../components/notice.tsx';
import { useOneRun } from '../../../components/use-one-run.ts';
import { number } from '../../../components/words.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly inputs: readonly InputFileView[];
  readonly onChoose: () => void;
}

const OFFERED = 3;

/** Says that likelihood alone chose how a list was read, and offers what else it could be. */
export function GuessNotice({ intake, inputs, onChoose }: Props): ReactNode {
  const { isRunning, run } = useOneRun();
  // What lies inside an archive or document cannot be read otherwise by itself.
  const guesses = inputs.filter((input) => input.isGuess === true && input.inside === undefined);
  const [first] = guesses;
  // Of a pasted text nothing is kept that could be read again.
  if (first === undefined || intake.door === 'paste') {
    return null;
  }
  const again = (reading: Reading): void =>
    run(() =>
      call('intake.reread', { intakeId: intake.id, reading }).then((started) => openIntake(started.intakeId), sayFault),
    );
  // A reading holds for all inputs of an intake: what fits one of several is chosen with all of them in sight.
  const offered = inputs.length === 1 ? first.alternatives.slice(0, OFFERED) : [];
  return (
    <Notice
      actions={
        <>
          {offered.map(({ format, label }) => (
            <button
              key={format}
              type="button"
              className="button compact"
              disabled={isRunning}
              onClick={() => again({ as: 'list', format })}
            >
              {label}
            </button>
          ))}
          <button type="button" className="button compact" onClick={onChoose}>
            {offered.length === 0 ? 'Read otherwise…' : 'More…'}
          </button>
        </>
      }
    >
      {sentence(guesses, inputs.length)}
    </Notice>
  );
}

function sentence(guesses: readonly InputFileView[], inputs: number): string {
  const [first] = guesses;
  if (first === undefined || inputs > 1) {
    return `No clear format in ${number(guesses.length)} of ${number(inputs)} inputs: read by what is likely.`;
  }
  return first.format === 'text'
    ? 'Read as free text: it has no known format, so hashes were taken wherever they stand.'
    : `Read as ${first.formatLabel}: other formats fit about as well.`;
}
