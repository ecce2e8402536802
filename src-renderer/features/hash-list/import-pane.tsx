import { useRef, useState, type ReactNode } from 'react';
import type { ImportPreview } from '#shared/contract/hash-list.ts';
import { chooseFiles } from '../../app/choose-files.ts';
import { call, registerFiles, sentenceOf } from '../../bridge/client.ts';
import { Choice } from '../../components/choice.tsx';
import { Pane } from '../../components/pane.tsx';
import { StatusWord } from '../../components/status.tsx';
import { counted, number } from '../../components/words.ts';
import { tell } from './list-actions.ts';

type Mode = 'append' | 'replace';
type Settle = 'refuse' | 'keep-mine' | 'take-file';

interface Plan {
  readonly handle: string;
  readonly mode: Mode;
  readonly settle: Settle;
  readonly skipMalformed: boolean;
}

/** Import with a preview: what would happen, conflicts first, and nothing written until it is whole. */
export function ImportPane({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const newest = useRef(0);

  const look = async (next: Plan): Promise<void> => {
    // Only the newest plan's preview may be imported: an older one could replace the list where appending is shown.
    const turn = (newest.current += 1);
    setPlan(next);
    setBusy(true);
    try {
      const found = await call('hashList.preview', next);
      if (turn === newest.current) {
        setPreview(found);
        setError(null);
        setBusy(false);
      }
    } catch (fault) {
      if (turn === newest.current) {
        setPreview(null);
        setError(sentenceOf(fault));
        setBusy(false);
      }
    }
  };
  const choose = async (): Promise<void> => {
    const files = await chooseFiles('one', '.csv,.txt,text/csv,text/plain');
    if (files.length > 0) {
      try {
        const { handle } = await registerFiles(files);
        await look({ handle, mode: plan?.mode ?? 'append', settle: 'refuse', skipMalformed: false });
      } catch (fault) {
        setError(sentenceOf(fault));
      }
    }
  };
  const carryOut = async (): Promise<void> => {
    if (preview !== null) {
      try {
        if (tell(await call('hashList.import', { token: preview.token }), 'imported')) {
          onClose();
        }
      } catch (fault) {
        setError(sentenceOf(fault));
      }
    }
  };

  const changes = preview === null ? 0 : preview.added + preview.updated + preview.removed;
  return (
    <Pane label="Import" wide takesFocus onClose={onClose}>
      <div className="body" tabIndex={0} role="region" aria-label="Import preview">
        <section className="stack">
          <div className="sectionhead">
            <h2>Import</h2>
            <span className="small t2 cut">{preview?.name}</span>
          </div>
          <button type="button" data-first className="button" onClick={() => void choose()}>
            {plan === null ? 'Choose a CSV…' : 'Choose another…'}
          </button>
          <p className="small t2">
            Columns <code>hash</code> or <code>md5,sha1,sha256</code>, <code>list</code> (malicious or non-malicious)
            and <code>notes</code>.
          </p>
          {plan === null ? null : (
            <Choice<Mode>
              legend="Mode"
              value={plan.mode}
              onValue={(mode) => void look({ ...plan, mode })}
              options={[
                { value: 'append', label: 'Append to the list' },
                { value: 'replace', label: 'Replace the whole list' },
              ]}
            />
          )}
          {error === null ? null : <p role="alert">{error}</p>}
          {busy ? <p className="small t2">Reading…</p> : null}
        </section>
        {preview === null || plan === null ? null : (
          <Findings preview={preview} plan={plan} onPlan={(next) => void look(next)} />
        )}
      </div>
      <div className="foot">
        <span className="grow small t2">Open intakes are judged again</span>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={preview === null || busy || preview.problemCount > 0 || changes === 0}
          onClick={() => void carryOut()}
        >
          Import {changes === 0 ? '' : number(changes)}
        </button>
      </div>
    </Pane>
  );
}

function Findings(props: {
  readonly preview: ImportPreview;
  readonly plan: Plan;
  readonly onPlan: (plan: Plan) => void;
}): ReactNode {
  const { preview, plan, onPlan } = props;
  const malformed = preview.problems.filter(
    (one) => one.problem !== 'other-side' && one.problem !== 'other-side-in-file',
  ).length;
  const inFile = preview.problems.filter((one) => one.problem === 'other-side-in-file').length;
  const otherSide = preview.problems.filter((one) => one.problem === 'other-side').length;
  return (
    <>
      <section>
        <dl className="kv tally">
          <dt>Lines read</dt>
          <dd className="num">{number(preview.lines)}</dd>
          <dt>New entries</dt>
          <dd className="num">{number(preview.added)}</dd>
          <dt>Already listed, same side</dt>
          <dd className="num">{number(preview.unchanged)}</dd>
          <dt>Already listed, changed</dt>
          <dd className="num">{number(preview.updated)}</dd>
          {plan.mode === 'replace' ? (
            <>
              <dt>Removed from the list</dt>
              <dd className="num">{number(preview.removed)}</dd>
            </>
          ) : null}
          <dt className="medium">Conflicts and faults, to settle first</dt>
          <dd className="num medium">{number(preview.problemCount)}</dd>
        </dl>
      </section>
      {preview.problemCount === 0 ? null : (
        <section className="stack">
          <table className="sheet">
            <thead>
              <tr>
                <th scope="col" className="num">
                  Line
                </th>
                <th scope="col">List</th>
                <th scope="col">Problem</th>
              </tr>
            </thead>
            <tbody>
              {preview.problems.slice(0, 200).map((problem, index) => (
                <tr key={index}>
                  <td className="num">{problem.line === null ? '–' : number(problem.line)}</td>
                  <td>{problem.side === null ? '–' : <StatusWord status={problem.side} />}</td>
                  <td className="wrap">{problem.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {preview.problemCount > Math.min(200, preview.problems.length) ? (
            <p className="small t2">
              and {number(preview.problemCount - Math.min(200, preview.problems.length))} more, not shown here
            </p>
          ) : null}
          <p className="small t2">
            A hash cannot be on both sides. Nothing is written until {counted(preview.problemCount, 'problem')}{' '}
            {preview.problemCount === 1 ? 'is' : 'are'} settled, then everything or nothing.
            {inFile === 0 ? '' : ' Lines of the file that contradict each other are corrected in the file.'}
          </p>
          <div className="row flow">
            {otherSide === 0 ? null : (
              <>
                <button type="button" className="button" onClick={() => onPlan({ ...plan, settle: 'keep-mine' })}>
                  Keep mine, {number(otherSide)}
                </button>
                <button type="button" className="button" onClick={() => onPlan({ ...plan, settle: 'take-file' })}>
                  Take the file’s, {number(otherSide)}
                </button>
              </>
            )}
            {malformed === 0 ? null : (
              <button type="button" className="button" onClick={() => onPlan({ ...plan, skipMalformed: true })}>
                Skip {counted(malformed, 'faulty line')}
              </button>
            )}
          </div>
        </section>
      )}
    </>
  );
}
