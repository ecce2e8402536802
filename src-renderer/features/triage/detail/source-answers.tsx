import { Fragment, type ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { StatusWord } from '../../../components/status.tsx';
import { useNow } from '../../../components/use-now.ts';
import { age, counted, number, time } from '../../../components/words.ts';

/** What each source answered, when, and by which digest. */
export function SourceAnswers({
  detail,
  zone,
}: {
  readonly detail: EntryDetail;
  readonly zone: Preferences['times'];
}): ReactNode {
  const now = useNow();
  if (detail.items.length === 0) {
    return (
      <section>
        <div className="sectionhead">
          <h2>Sources</h2>
        </div>
        <p className="small t2">No source has answered for this hash.</p>
      </section>
    );
  }
  return (
    <section>
      <div className="sectionhead">
        <h2>Sources</h2>
        <span className="tiny t2">{counted(detail.items.length, 'answer')}</span>
      </div>
      <table className="answers">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Answer</th>
            <th scope="col" className="num">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {detail.items.map((item, index) => (
            <Fragment key={`${item.source}:${index}`}>
              <tr>
                <td>{sourceLabel(item.source)}</td>
                <td>
                  <StatusWord status={item.status} />
                  {item.noAnswer === null ? null : (
                    <span className="sub">
                      {item.noAnswer === 'not-known' ? 'asked, does not know it' : 'could not be asked'}
                    </span>
                  )}
                </td>
                <td className="num" title={time(item.scannedAt, zone)}>
                  {age(item.scannedAt, now)}
                  {item.stale ? <span className="sub">stale</span> : null}
                </td>
              </tr>
              <tr className="more">
                <td colSpan={3}>{itemWords(item)}</td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const LINK_WORDS: Readonly<Record<EntryDetail['items'][number]['link'], string>> = {
  direct: '',
  computed: 'linked by bytes Assay read',
  source: 'linked by a source',
  team: 'linked by a hash-list entry',
  asserted: 'linked only by this list',
};

function itemWords(item: EntryDetail['items'][number]): string {
  const parts = [
    item.threat,
    item.score === null ? null : `score ${number(item.score)}`,
    item.rawCode === null ? null : `code ${item.rawCode}`,
    item.firstSeen === null ? null : `first seen ${time(item.firstSeen, 'utc').slice(0, 10)}`,
    item.matchedBy === 'sha256' ? null : `matched by ${DIGEST_LABEL[item.matchedBy]} alone`,
    LINK_WORDS[item.link],
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
