import type { ReactNode } from 'react';
import type { GridQuery, IntakeSummary } from '#shared/contract/intake.ts';
import { counted } from '../../../components/words.ts';
import { EVERYTHING, isFiltered } from '../query.ts';

interface Props {
  readonly query: GridQuery;
  readonly intake: IntakeSummary;
  readonly onQuery: (query: GridQuery) => void;
}

/** An empty grid says why it is empty and how to fill it. */
export function NothingMatches({ query, intake, onQuery }: Props): ReactNode {
  if (!isFiltered(query)) {
    return (
      <div className="middle">
        <h2>No hash was found in this intake</h2>
        <p className="t2">
          {counted(intake.accounting.records, 'record')} read, none with a usable MD5, SHA-1 or SHA-256. The line above
          names where they went; another reading can be chosen beside the title.
        </p>
      </div>
    );
  }
  const chips = [...query.statuses, ...query.flags, ...(query.tags ?? [])];
  return (
    <div className="middle">
      <h2>No row matches</h2>
      <p className="t2">
        {counted(intake.accounting.hashes, 'row')} in all. The filter looks at the hash, at all carried columns, at
        notes and tags, and of several inputs at their names.
      </p>
      <div className="row">
        {chips.map((chip) => (
          <span key={chip} className="chip">
            {chip}
          </span>
        ))}
        {query.text === '' ? null : <span className="chip">“{query.text}”</span>}
        <button
          type="button"
          className="button"
          onClick={() => onQuery({ ...EVERYTHING, sort: query.sort, descending: query.descending })}
        >
          Show all rows
        </button>
      </div>
    </div>
  );
}
