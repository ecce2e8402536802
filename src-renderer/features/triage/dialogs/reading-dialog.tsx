import { useState, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { openIntake, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useOneRun } from '../../../components/use-one-run.ts';
import { number } from '../../../components/words.ts';
import { isChosen } from '../reading/choice.ts';
import { FormatShares } from '../reading/format-shares.tsx';
import { InputsTable } from '../reading/inputs-table.tsx';
import { Preview } from '../reading/preview-table.tsx';
import { ReadingForm } from '../reading/reading-form.tsx';
import { usePreview } from '../reading/use-preview.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly inputs: readonly InputFileView[];
  readonly onClose: () => void;
}

/** How the inputs were read and why, how they begin, and the way to read them otherwise. */
export function ReadingDialog({ intake, inputs, onClose }: Props): ReactNode {
  // Of an archive the archive itself: what lies in it is shown with it, and not by itself.
  const [current, setCurrent] = useState(() =>
    Math.max(
      0,
      inputs.findIndex(({ inside }) => inside === undefined),
    ),
  );
  const input = inputs[current];
  const previewing = usePreview(input === undefined ? null : { kind: 'intake', intakeId: intake.id, input: current });
  const { choice, reading, preview, error } = previewing;
  // What lies inside an archive or a document is read again with it.
  const originals = inputs.filter(({ inside }) => inside === undefined).length;
  const odd = Object.entries(intake.accounting.notDigests);
  const { isRunning, run } = useOneRun();
  const start = (): Promise<void> =>
    call('intake.reread', { intakeId: intake.id, reading }).then((started) => openIntake(started.intakeId), sayFault);
  return (
    <Dialog
      title="How it was read"
      broad
      action="Read again"
      disabled={!isChosen(choice) || error !== null || isRunning}
      onClose={onClose}
      onAction={() => run(start)}
    >
      <FormatShares inputs={inputs} />
      <InputsTable inputs={inputs} current={current} onCurrent={setCurrent} />
      {odd.length === 0 ? null : (
        <p className="small t2">
          Not taken for a file’s digest: {odd.map(([name, count]) => `${number(count)} ${name}`).join(', ')}.
        </p>
      )}
      <ReadingForm
        previewing={previewing}
        alternatives={preview?.alternatives ?? input?.alternatives ?? []}
        canBeSample
      />
      <Preview previewing={previewing} />
      <p className="small t2">
        Reading again makes a new intake from{' '}
        {originals > 1 ? `all ${number(originals)} original inputs` : 'the original input'}; this one is kept.
      </p>
    </Dialog>
  );
}
