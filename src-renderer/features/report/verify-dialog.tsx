import { useState, type DragEvent, type ReactNode } from 'react';
import type { Verification } from '#shared/contract/report.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { REPORT_FORMAT } from '#shared/domain/report.ts';
import { chooseFiles } from '../../app/choose-files.ts';
import { JobProgress } from '../../app/frame/job-progress.tsx';
import { setOverlay, useApp, usePreferences } from '../../app/store.ts';
import { call, CallError, registerFiles, sentenceOf } from '../../bridge/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { useIsOpen } from '../../components/use-is-open.ts';
import { bytes, counted, time } from '../../components/words.ts';

/** Inputs of a report that are named one by one. */
const NAMED_INPUTS = 20;

type Looked =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'looking'; readonly name: string }
  | { readonly kind: 'cancelled'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly sentence: string }
  | { readonly kind: 'verified'; readonly name: string; readonly found: Verification };

const OUTCOMES: Readonly<Record<Verification['outcome'], string>> = {
  matches: 'As it was made',
  changed: 'Changed',
  unsealed: 'Not sealed',
};

/**
 * Says whether a file is a report that is still as it was made: chosen, or dropped here. A large one shows how far it is, and
 * closing the dialog gives it up.
 */
export function VerifyDialog(): ReactNode {
  const [looked, setLooked] = useState<Looked>({ kind: 'nothing' });
  const isOpen = useIsOpen();
  const verify = async (files: readonly File[]): Promise<void> => {
    const file = files[0];
    if (file === undefined) {
      return;
    }
    setLooked({ kind: 'looking', name: file.name });
    try {
      const { handle } = await registerFiles([file]);
      if (!isOpen()) {
        return;
      }
      const found = await call('report.verify', { handle });
      setLooked({ kind: 'verified', name: file.name, found });
    } catch (error) {
      const isCancelled = error instanceof CallError && error.code === 'CANCELLED';
      setLooked(
        isCancelled
          ? { kind: 'cancelled', name: file.name }
          : { kind: 'failed', name: file.name, sentence: sentenceOf(error) },
      );
    }
  };
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
      disabled={looked.kind === 'looking'}
      onClose={() => {
        setOverlay('none');
        if (looked.kind === 'looking') {
          void giveUp();
        }
      }}
      onAction={() => void chooseFiles('one').then(verify)}
    >
      <div
        className="verifyreport"
        onDragEnter={onDrag}
        onDragOver={onDrag}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void verify([...event.dataTransfer.files]);
        }}
      >
        <p className="t2">
          Choose a report or drop it here. Its seal is compared with what the file holds now; nothing leaves this
          machine.
        </p>
        <div aria-live="polite">
          <Outcome looked={looked} />
        </div>
        {looked.kind === 'looking' ? <Running /> : null}
      </div>
    </Dialog>
  );
}

/** Cancels the verifying whose outcome nobody will see. Main is asked for it: its first push may not have come yet. */
async function giveUp(): Promise<void> {
  try {
    const { jobs } = await call('jobs.list', {});
    const running = jobs.filter(({ kind, state }) => kind === 'verify' && state === 'running');
    await Promise.all(running.map(({ jobId }) => call('jobs.cancel', { jobId })));
  } catch {
    // It ends by itself then, and changes nothing.
  }
}

function Running(): ReactNode {
  const job = useApp(({ jobs }) => jobs.find(({ kind, state }) => kind === 'verify' && state === 'running'));
  return job === undefined ? null : <JobProgress job={job} />;
}

function Outcome({ looked }: { readonly looked: Looked }): ReactNode {
  switch (looked.kind) {
    case 'nothing':
      return null;
    case 'looking':
      return <p>Reading {looked.name}…</p>;
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
