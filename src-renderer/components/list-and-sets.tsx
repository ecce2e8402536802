import type { ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { errorRateText } from '#shared/domain/known-sets/error-rate.ts';
import { productsText } from '#shared/domain/known-sets/set-products.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { StatusWord } from './status.tsx';
import { useNow } from './use-now.ts';
import { age, time } from './words.ts';

/** What the team's own list and the offline sets say. */
export function ListAndSets({
  detail,
  zone,
}: {
  readonly detail: Pick<EntryDetail, 'listEntries' | 'sets'>;
  readonly zone: Preferences['times'];
}): ReactNode {
  const now = useNow();
  if (detail.listEntries.length === 0 && detail.sets.length === 0) {
    return null;
  }
  return (
    <section>
      {detail.listEntries.map((entry) => (
        <div key={entry.id} className="fact">
          <div className="sectionhead">
            <h2>Hash list</h2>
            <StatusWord status={entry.side} />
          </div>
          <p className="small">{[entry.note, entry.reason].filter((text) => text !== '').join(' · ') || 'No note.'}</p>
          <p className="tiny t2" title={time(entry.addedAt, zone)}>
            {entry.addedBy}, {age(entry.addedAt, now)}
            {entry.expiresAt === null ? '' : `, expires ${time(entry.expiresAt, zone)}`}
          </p>
        </div>
      ))}
      {detail.sets.map((set) => (
        <div key={set.id} className="fact">
          <div className="sectionhead">
            <h2>{set.name}</h2>
            <span className="tag">{set.errorRate === null ? set.mark : 'possible'}</span>
          </div>
          <p className="tiny t2">
            Edition {set.edition || 'not named'}
            {set.datedAt === null ? ', undated' : `, ${time(set.datedAt, 'utc').slice(0, 10)}`},{' '}
            {set.errorRate === null ? 'holds' : 'may hold'} this {DIGEST_LABEL[set.matchedBy]}
          </p>
          {set.errorRate === null ? null : (
            <p className="small">A Bloom filter, {errorRateText(set.errorRate)}: it decides nothing.</p>
          )}
          {set.products.count === 0 ? null : <p className="small">{productsText(set.products)}</p>}
        </div>
      ))}
    </section>
  );
}
