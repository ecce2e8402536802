import { useState, type ReactNode } from 'react';
import type { ListProblem } from '#shared/contract/hash-list.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { Choice } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { number } from '../../components/words.ts';
import { secondsOfDay } from './days.ts';
import { tell } from './list-actions.ts';

/** Any number of hashes, in any text. */
export function AddDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [side, setSide] = useState<ListSide>('malicious');
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const [expires, setExpires] = useState('');
  const [problems, setProblems] = useState<readonly ListProblem[]>([]);
  const [error, setError] = useState<string | null>(null);

  const add = async (): Promise<void> => {
    try {
      const change = await call('hashList.addText', { text, side, note, reason, expiresAt: secondsOfDay(expires) });
      setProblems(change.problems);
      setError(null);
      if (change.problems.length === 0) {
        tell(change, `on the hash list as ${side}`);
        onClose();
      }
    } catch (fault) {
      setError(sentenceOf(fault));
    }
  };
  return (
    <Dialog title="Add hashes" action="Add" disabled={text.trim() === ''} onClose={onClose} onAction={() => void add()}>
      <label className="stack">
        <span className="small t2">Hashes, one or many; other text around them is ignored</span>
        <textarea
          className="field area mono"
          rows={7}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <Choice
        legend="Side"
        value={side}
        onValue={setSide}
        options={[
          { value: 'malicious', label: 'Known malicious' },
          {
            value: 'non-malicious',
            label: 'Known non-malicious',
            hint: 'A false detection of others, or a file of your own',
          },
        ]}
      />
      <div className="form">
        <label htmlFor="add-note">Note</label>
        <input
          id="add-note"
          className="field"
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.target.value)}
        />
        <label htmlFor="add-reason">Reason</label>
        <input
          id="add-reason"
          className="field"
          value={reason}
          maxLength={2000}
          onChange={(event) => setReason(event.target.value)}
        />
        <label htmlFor="add-expires">Expires</label>
        <input
          id="add-expires"
          className="field"
          type="date"
          value={expires}
          onChange={(event) => setExpires(event.target.value)}
        />
      </div>
      {error === null ? null : <p role="alert">{error}</p>}
      {problems.length === 0 ? null : (
        <div role="alert">
          <p className="medium">Nothing was added.</p>
          <ul className="places small">
            {problems.slice(0, 20).map((problem, index) => (
              <li key={index}>{problem.message}</li>
            ))}
            {problems.length > 20 ? <li className="t2">and {number(problems.length - 20)} more</li> : null}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
