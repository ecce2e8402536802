import { useState, type ReactNode } from 'react';
import type { Counts } from '#shared/contract/common.ts';
import type { DecisionEffect } from '#shared/contract/review.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { StatusMark } from '../../components/status.tsx';
import { counted, number } from '../../components/words.ts';
import { tell } from '../hash-list/index.ts';

/** What is decided, and which way. */
export interface Decision {
  readonly rows: readonly { readonly fileId: number }[];
  readonly side: ListSide;
}

interface Props {
  readonly decision: Decision;
  readonly onClose: () => void;
  readonly onDecided: () => void;
}

const SHOWN = 100;

/** Decides disagreements: what it does to past verdicts first, then the reason, then it is written. */
export function DecideDialog({ decision, onClose, onDecided }: Props): ReactNode {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isWriting, setWriting] = useState(false);
  const { side } = decision;
  // A file with several changes is decided once.
  const fileIds = [...new Set(decision.rows.map(({ fileId }) => fileId))];
  const word = side === 'malicious' ? 'malicious' : 'known good';
  const preview = useCall('review.preview', { fileIds, side }, ['hash-list', 'intakes']);
  const isPossible = preview.value !== null && preview.value.problems.length === 0;

  const decide = async (): Promise<void> => {
    setWriting(true);
    try {
      const change = await call('review.decide', { fileIds, side, reason });
      if (tell(change, `decided as ${word}`)) {
        onDecided();
        onClose();
      }
    } catch (fault) {
      setError(sentenceOf(fault));
    } finally {
      setWriting(false);
    }
  };
  return (
    <Dialog
      title={`${counted(fileIds.length, 'file')} as ${word}`}
      action="Decide"
      broad
      disabled={!isPossible || reason.trim() === '' || isWriting}
      onClose={onClose}
      onAction={() => void decide()}
    >
      <label className="stack">
        <span className="small t2">Reason, kept with the entry of the hash list</span>
        <input
          className="field"
          value={reason}
          maxLength={2000}
          required
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <section aria-label="What this does" aria-busy={preview.value === null && preview.error === null}>
        {preview.error === null ? null : <p role="alert">{preview.error}</p>}
        {preview.value === null && preview.error === null ? (
          <p className="small t2">Judging the kept lists as they would be…</p>
        ) : null}
        {preview.value === null ? null : <Effect effect={preview.value} />}
      </section>
      {error === null ? null : <p role="alert">{error}</p>}
    </Dialog>
  );
}

function Effect({ effect }: { readonly effect: DecisionEffect }): ReactNode {
  if (effect.problems.length > 0) {
    return (
      <div role="alert">
        <p className="medium">Nothing can be decided while this stands.</p>
        <ul className="places small">
          {effect.problems.map((problem) => (
            <li key={`${problem.hash}:${problem.otherEntry ?? 0}`}>{problem.message}</li>
          ))}
        </ul>
      </div>
    );
  }
  const rows = effect.intakes.reduce((sum, one) => sum + one.rows, 0);
  const moved = effect.intakes.reduce((sum, one) => sum + one.moved, 0);
  const shown = effect.intakes.slice(0, SHOWN);
  return (
    <>
      <p className="small">
        {rows === 0
          ? 'No row of a kept list is judged otherwise by it.'
          : `${counted(rows, 'row')} in ${counted(effect.intakes.length, 'kept list')} would be judged by it, ${number(moved)} with another status.`}
        {askingWords(effect)}
      </p>
      {shown.length === 0 ? null : (
        <div className="effectscroll" tabIndex={0} role="region" aria-label="Lists">
          <table className="answers effecttable">
            <thead>
              <tr>
                <th scope="col">List</th>
                <th scope="col" className="num">
                  Rows
                </th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ intakeId, title, rows: own, before, after }) => (
                <tr key={intakeId}>
                  <td className="cut">{title}</td>
                  <td className="num">{number(own)}</td>
                  <td>
                    <Tally counts={before} />
                  </td>
                  <td>
                    <Tally counts={after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {effect.intakes.length > SHOWN ? (
        <p className="small t2">and {counted(effect.intakes.length - SHOWN, 'more list')}</p>
      ) : null}
    </>
  );
}

/** What would no longer be asked, as a sentence with a space before it; empty where nothing is or would be. */
function askingWords({ queued, rescans }: DecisionEffect): string {
  const parts = [
    queued === 0 ? null : `${counted(queued, 'waiting question')} would leave the queue`,
    rescans === 0 ? null : `${counted(rescans, 'answer')} would no longer be asked for again`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}

function Tally({ counts }: { readonly counts: Counts }): ReactNode {
  return (
    <span className="says">
      {STATUSES.filter((status) => counts[status] > 0).map((status) => (
        <span key={status}>
          <StatusMark status={status} />
          {number(counts[status])} {status}
        </span>
      ))}
    </span>
  );
}
