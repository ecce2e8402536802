import { useState, type ReactNode } from 'react';
import { previewSource, readOpening, type Opening } from '../../../app/open-as.ts';
import { setOverlay } from '../../../app/store.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useOneRun } from '../../../components/use-one-run.ts';
import { number } from '../../../components/words.ts';
import { Preview } from './preview-table.tsx';
import { ReadingForm } from './reading-form.tsx';
import { usePreview } from './use-preview.ts';

const NAMED = 200;

/** Shows how files or a text would be read, before they are. */
export function OpenAsDialog({ opening }: { readonly opening: Opening }): ReactNode {
  const [current, setCurrent] = useState(0);
  const { isRunning, run } = useOneRun();
  const previewing = usePreview(previewSource(opening, current));
  const names = opening.kind === 'files' ? opening.names : [];
  return (
    <Dialog
      title={
        opening.kind === 'text'
          ? 'Read pasted text as'
          : names.length === 1
            ? `Open ${names[0]} as`
            : `Open ${number(names.length)} files as`
      }
      broad
      action="Read"
      disabled={previewing.error !== null || isRunning}
      onClose={() => setOverlay('none')}
      onAction={() => run(() => readOpening(opening, previewing.reading))}
    >
      {names.length < 2 ? null : (
        <div className="form">
          <label htmlFor="opening-input">Show the rows of</label>
          <select
            id="opening-input"
            className="field"
            value={current}
            onChange={(event) => setCurrent(Number(event.target.value))}
          >
            {names.slice(0, NAMED).map((name, index) => (
              <option key={`${index}:${name}`} value={index}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <ReadingForm
        previewing={previewing}
        alternatives={previewing.preview?.alternatives ?? []}
        canBeSample={opening.kind === 'files'}
      />
      <Preview previewing={previewing} />
      {names.length < 2 ? null : <p className="small t2">All {number(names.length)} files are read this way.</p>}
    </Dialog>
  );
}
