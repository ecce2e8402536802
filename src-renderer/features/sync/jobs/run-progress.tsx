import type { ReactNode } from 'react';
import type { SyncRunView } from '#shared/contract/sync.ts';
import { duration, number } from '../../../components/words.ts';
import { cancelRun } from '../actions.ts';
import { capital, KIND_WORDS, retryWords, tookWords } from '../words.ts';

interface Props {
  readonly run: SyncRunView;
  /** Milliseconds. */
  readonly now: number;
}

/** A run under way: what it does, how far it is, and the way to stop it. */
export function RunProgress({ run, now }: Props): ReactNode {
  const { kind, done, total, startedAt } = run;
  const part = total === null || total === 0 ? null : Math.min(1, done / total);
  const elapsed = startedAt === null ? 0 : now - startedAt;
  const rate = elapsed > 1000 ? done / (elapsed / 1000) : 0;
  const left = part === null || part === 0 || elapsed < 2000 ? null : (elapsed / part) * (1 - part);
  const title = capital(KIND_WORDS[kind]);
  return (
    <div className="jobline syncprogress">
      <div
        className="progressbar"
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={part === null ? undefined : Math.round(part * 100)}
      >
        <i style={{ width: part === null ? '30%' : `${part * 100}%` }} />
      </div>
      <span className="medium nowrap">{title}</span>
      <span className="cut" title={run.retry?.why}>
        {doing(run, now)}
      </span>
      <span className="t2 nowrap">
        {run.state === 'requested'
          ? ''
          : `${number(done)}${total === null ? '' : ` of ${number(total)}`}${rate < 1 ? '' : `, ${number(Math.round(rate))}/s`}, ${tookWords(run, now)}${left === null || left < 1000 ? '' : `, ${duration(left)} left`}`}
      </span>
      <button
        type="button"
        className="button compact"
        aria-label={`Cancel the ${KIND_WORDS[kind]}`}
        onClick={() => void cancelRun(run)}
      >
        Cancel
      </button>
    </div>
  );
}

function doing({ state, phase, retry }: SyncRunView, now: number): string {
  if (state === 'requested') {
    return 'waits for the process that does outbound work';
  }
  return retry === null ? (phase === '' ? 'begins' : phase) : `${retryWords(retry, now)}: ${retry.why}`;
}
