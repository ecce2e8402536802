import type { DragEvent, ReactNode } from 'react';
import type { Verification } from '#shared/contract/report.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { REPORT_FORMAT } from '#shared/domain/report.ts';
import { chooseFiles } from '../../app/choose-files.ts';
import { JobProgress } from '../../app/frame/job-progress.tsx';
import { setOverlay, useApp, usePreferences } from '../../app/store.ts';
import { Dialog } from '../../components/dialog.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { bytes, counted, time } from '../../components/words.ts';
import { useVerifications, type Looked } from './use-verifications.ts';

/** Inputs of a report that are named one by one. */
const NAMED_INPUTS = 20;

const OUTCOMES: Readonly<Record<Verification['outcome'], string>> = {
  matches: 'As it was made',
  changed: 'Changed',
  unsealed: 'Not sealed',
};

/**
 * Says whether files are reports that are still as they were made: chosen, or dropped here, one after the other. A large one
 * shows how far it is, and closing the dialog gives it up.
 */
export function VerifyDialog(): ReactNode {
  const { looked, reading, waiting, add, giveUp } = useVerifications();
  const onDrag = (event: DragEvent): void => {
    // The window itself would read what is dropped, and refuses it while a dialog is open.
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = 'copy';
  };
  return (
    <Dialog
      title="Verify a report"
      action="Choose a file…"
      dismiss="Close"
      focusAction
      disabled={reading !== null}
      onClose={() => {
        setOverlay('none');
        giveUp();
      }}
      onAction={() => void chooseFiles('one').then(add)}
    >
      <div
        className="verifyreport"
        onDragEnter={onDrag}
        onDragOver={onDrag}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          add([...event.dataTransfer.files]);
        }}
      >
        <p className="t2">
          Choose a report or drop it here. Its seal is compared with what the file holds now; nothing leaves this
          machine.
        </p>
        <div aria-live="polite">
          {looked.map((one, place) => (
            <Outcome key={place} looked={one} />
          ))}
          {reading === null ? null : <p>Reading {reading}…</p>}
          {waiting.length === 0 ? null : (
            <p className="small t2">
              {counted(waiting.length, 'file')} after it: {new Intl.ListFormat('en-GB').format(waiting)}
            </p>
          )}
        </div>
        {reading === null ? null : <Running />}
      </div>
    </Dialog>
  );
}

function Running(): ReactNode {
  const job = useApp(({ jobs }) => jobs.find(({ kind, state }) => kind === 'verify' && state === 'running'));
  return job === undefined ? null : <JobProgress job={job} />;
}

function Outcome({ looked }: { readonly looked: Looked }): ReactNode {
  switch (looked.kind) {
    case 'cancelled':
      return <p>Cancelled: {looked.name} was not compared.</p>;
    case 'failed':
      return (
        <p role="alert">
          <b>{looked.name}</b> could not be verified. {looked.sentence}
        </p>
      );
    default:
      return <Found name={looked.name} found={looked.found} />;
  }
}

function Found({ name, found }: { readonly name: string; readonly found: Verification }): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const { outcome, sentence, carried, computed, manifest, madeHereAt } = found;
  return (
    <>
      <h3>
        {OUTCOMES[outcome]}: {name}
      </h3>
      <p>{sentence}</p>
      <dl className="facts">
        {carried === null ? null : <Fact term="Seal it carries" value={<HashText hash={carried} />} />}
        {computed === null ? null : <Fact term="Computed now" value={<HashText hash={computed} />} />}
        {carried === null ? null : <Fact term="Made here" value={madeHere(madeHereAt, zone)} />}
        {manifest === null ? null : (
          <>
            <Fact term="Form" value={REPORT_FORMAT[manifest.format].label} />
            <Fact term="Made" value={`${time(manifest.madeAt, zone)} by ${manifest.madeBy}`} />
            {manifest.title === '' ? null : <Fact term="Title" value={manifest.title} />}
            {manifest.caseName === '' ? null : <Fact term="Case" value={manifest.caseName} />}
            {manifest.examiner === '' ? null : <Fact term="Examiner" value={manifest.examiner} />}
            <Fact
              term="Holds"
              value={`${counted(manifest.rows, 'row')}${manifest.simulated ? ' with simulated answers' : ''}`}
            />
            {manifest.inputs.slice(0, NAMED_INPUTS).map((input) => (
              <Fact
                key={`${input.name} ${input.sha256 ?? ''}`}
                term="Input"
                value={
                  <>
                    {input.name}, {bytes(input.bytes)} {input.sha256 === null ? null : <HashText hash={input.sha256} />}
                  </>
                }
              />
            ))}
            {manifest.inputs.length > NAMED_INPUTS ? (
              <Fact term="Inputs" value={counted(manifest.inputs.length - NAMED_INPUTS, 'more input', 'more inputs')} />
            ) : null}
          </>
        )}
      </dl>
      {outcome === 'changed' && manifest !== null ? (
        <p className="small t2">What the manifest says may have been changed as well.</p>
      ) : null}
    </>
  );
}

function madeHere(at: number | null, zone: Preferences['times']): string {
  return at === null ? 'no report with this seal was made with this data directory' : time(at, zone);
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }): ReactNode {
  return (
    <>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </>
  );
}
