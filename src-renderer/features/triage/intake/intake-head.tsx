import { useState, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { openIntake } from '../../../app/store.ts';
import { Icon } from '../../../components/icon.tsx';
import { counted, duration, number } from '../../../components/words.ts';
import { accountingParts } from '../query.ts';
import { ReadingDialog } from '../dialogs/reading-dialog.tsx';
import { TroublesDialog } from '../dialogs/troubles-dialog.tsx';

interface Props {
  readonly intake: IntakeSummary | null;
  readonly inputs: readonly InputFileView[];
  readonly title: string;
}

/** Where one is, how it was read, and where every record went. */
export function IntakeHead({ intake, inputs, title }: Props): ReactNode {
  const [open, setOpen] = useState<'none' | 'reading' | 'troubles'>('none');
  const first = inputs[0];
  return (
    <div className="viewhead">
      <nav className="crumb" aria-label="Place">
        <button type="button" className="linkbutton" onClick={() => openIntake(null)}>
          Intakes
        </button>
        <Icon name="chevron" small />
      </nav>
      <h1 className="cut" title={title}>
        {title}
      </h1>
      {first === undefined || intake === null ? null : (
        <button type="button" className="button plain compact" title={first.why} onClick={() => setOpen('reading')}>
          {inputs.length === 1 ? readingWords(first) : inputsWords(inputs)}
        </button>
      )}
      {intake === null || intake.state === 'reading' ? null : (
        <div className="facts">
          <Accounting intake={intake} onTroubles={() => setOpen('troubles')} />
        </div>
      )}
      {open === 'reading' && intake !== null ? (
        <ReadingDialog intake={intake} inputs={inputs} onClose={() => setOpen('none')} />
      ) : null}
      {open === 'troubles' && intake !== null ? (
        <TroublesDialog intake={intake} onClose={() => setOpen('none')} />
      ) : null}
    </div>
  );
}

function Accounting({
  intake,
  onTroubles,
}: {
  readonly intake: IntakeSummary;
  readonly onTroubles: () => void;
}): ReactNode {
  const { accounting } = intake;
  const parts = accountingParts(accounting);
  return (
    <>
      <span>{counted(accounting.records, 'record')}</span>
      <span className="t3">=</span>
      {parts.map(({ value, word }, index) => (
        <span key={word} className="row">
          {index === 0 ? null : <span className="t3">+</span>}
          {word === 'without a hash' || word === 'rejected' ? (
            <button type="button" className="linkbutton" onClick={onTroubles}>
              {number(value)} {word}
            </button>
          ) : (
            <span>
              {number(value)} {word}
            </span>
          )}
        </span>
      ))}
      <span className="t3">·</span>
      <span>{duration(intake.elapsedMs)}</span>
    </>
  );
}

/** "3 inputs"; of one archive or document "Zip archive, 3 inputs": some of what it holds, and itself. */
function inputsWords(inputs: readonly InputFileView[]): string {
  const [outer, ...others] = inputs.filter(({ inside }) => inside === undefined);
  const count = `${number(inputs.length)} inputs`;
  return outer === undefined || others.length > 0 ? count : `${outer.formatLabel}, ${count}`;
}

/** Columns named beside the format; of more, their number is. */
const NAMED_COLUMNS = 3;

/** "CSV, column SHA256", "CSV, columns md5 and sha256", "CSV, 5 digest columns". */
export function readingWords({ formatLabel, digestColumns }: InputFileView): string {
  if (digestColumns.length === 0) {
    return formatLabel;
  }
  if (digestColumns.length > NAMED_COLUMNS) {
    return `${formatLabel}, ${digestColumns.length} digest columns`;
  }
  const named = new Intl.ListFormat('en-GB').format(digestColumns);
  if (digestColumns.every((name) => /^column \d+$/.test(name))) {
    return `${formatLabel}, ${named}`;
  }
  return `${formatLabel}, ${digestColumns.length === 1 ? 'column' : 'columns'} ${named}`;
}
