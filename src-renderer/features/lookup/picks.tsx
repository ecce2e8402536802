import type { ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import { choose } from '../../app/look-up.ts';
import { HashText } from '../../components/hash-text.tsx';
import { StatusWord } from '../../components/status.tsx';
import { counted } from '../../components/words.ts';

/** Several hashes of one text, to pick from. `more` were left out. */
export function Picks({
  results,
  shown,
  more,
}: {
  readonly results: readonly LookupResult[];
  readonly shown: string;
  readonly more: number;
}): ReactNode {
  return (
    <nav className="picks" aria-label="Hashes looked up">
      <ul>
        {results.map(({ hash, verdict }) => (
          <li key={hash}>
            <button
              type="button"
              data-row-link="true"
              aria-current={hash === shown ? 'true' : undefined}
              onClick={() => choose(hash)}
            >
              <StatusWord status={verdict.status} />
              <HashText hash={hash} />
              <span className="tiny t2 cut">{verdictBasisLabel(verdict)}</span>
            </button>
          </li>
        ))}
      </ul>
      {more === 0 ? null : (
        <p className="tiny t2 note">
          {counted(more, 'further hash', 'further hashes')} left out. Read the text as a list to see all.
        </p>
      )}
    </nav>
  );
}
