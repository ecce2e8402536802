import type { ReactNode } from 'react';
import type { SyncRunView } from '#shared/contract/sync.ts';
import type { SyncAction } from '#shared/domain/indicator.ts';
import { number } from '../../../components/words.ts';
import { ACTION_WORDS } from '../words.ts';

const ORDER = ['held', 'new', 'changed', 'withdrawn', 'invalid', 'unchanged'] as const;

interface Props {
  readonly run: SyncRunView;
  readonly chosen: readonly SyncAction[];
  readonly onChosen: (actions: readonly SyncAction[]) => void;
}

/** How many indicators a run does what with. A press shows only those; another one shows all again. */
export function CountsStrip({ run, chosen, onChosen }: Props): ReactNode {
  const { counts } = run;
  const isDry = run.kind === 'dry-run' || run.kind === 'recall-dry-run' || run.state === 'needs-approval';
  const shown = ORDER.filter((action) => action !== 'invalid' || counts.invalid > 0);
  return (
    <div className="counts" role="group" aria-label="Which indicators">
      {shown.map((action) => (
        <button
          key={action}
          type="button"
          className="cell"
          aria-pressed={chosen.includes(action)}
          onClick={() =>
            onChosen(chosen.includes(action) ? chosen.filter((other) => other !== action) : [...chosen, action])
          }
        >
          <span className="n">{number(counts[action])}</span>
          <span className="w">{ACTION_WORDS[action].word}</span>
        </button>
      ))}
      <div className="cell side">
        <span className="n">{number(counts.packages)}</span>
        <span className="w">
          {counts.packages === 1 ? 'package' : 'packages'} {isDry ? 'to write' : 'written'}
        </span>
      </div>
    </div>
  );
}
