import type { ReactNode } from 'react';
import type { Counts } from '#shared/contract/common.ts';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { Status } from '#shared/domain/status.ts';
import { ConflictMark, statusClass, StatusMark } from '../../../components/status.tsx';
import { number } from '../../../components/words.ts';
import { withFlag, withStatus } from '../query.ts';

const ORDER: readonly Status[] = ['malicious', 'suspicious', 'non-malicious', 'unknown', 'pending'];

interface Props {
  readonly counts: Counts;
  readonly query: GridQuery;
  readonly onQuery: (query: GridQuery) => void;
  readonly disabled?: boolean;
}

/** How many rows carry each status; pressing one shows only those. */
export function CountsStrip({ counts, query, onQuery, disabled = false }: Props): ReactNode {
  return (
    <div className="counts" role="group" aria-label="Verdicts; press to filter">
      {ORDER.map((status) => (
        <button
          key={status}
          type="button"
          className="cell"
          disabled={disabled}
          aria-pressed={query.statuses.includes(status)}
          onClick={() => onQuery(withStatus(query, status))}
        >
          <span className="n">
            <StatusMark status={status} />
            {number(counts[status])}
          </span>
          <span className="w">{status}</span>
        </button>
      ))}
      {(['conflict', 'stale'] as const).map((flag) => (
        <button
          key={flag}
          type="button"
          className="cell side"
          disabled={disabled}
          aria-pressed={query.flags.includes(flag)}
          onClick={() => onQuery(withFlag(query, flag))}
        >
          <span className="n">
            {flag === 'conflict' ? <ConflictMark words="answers disagree" /> : null}
            {number(counts[flag])}
          </span>
          <span className="w">{flag}</span>
        </button>
      ))}
      <div className="mix" aria-hidden="true">
        {ORDER.filter((status) => counts[status] > 0).map((status) => (
          <i key={status} className={`bg-${statusClass(status)}`} style={{ flexGrow: counts[status] }} />
        ))}
      </div>
    </div>
  );
}
