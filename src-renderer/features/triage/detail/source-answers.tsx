import { Fragment, useRef, type ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import type { LookupSource } from '#shared/contract/lookup.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { sourceLabel, sourceShortLabel, type SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { StatusWord } from '../../../components/status.tsx';
import { useKeptFocus } from '../../../components/use-kept-focus.ts';
import { useNow } from '../../../components/use-now.ts';
import { age, counted, number, time } from '../../../components/words.ts';
import { SourceAsk, SourcePage } from '../../lookup/index.ts';

type Item = EntryDetail['items'][number];

interface Props {
  readonly detail: EntryDetail;
  readonly zone: Preferences['times'];
}

/** What each source answered, when and by which digest, what it has not been asked, and what asking it costs. */
export function SourceAnswers({ detail, zone }: Props): ReactNode {
  const now = useNow();
  const region = useRef<HTMLElement>(null);
  useKeptFocus(region);
  const { hash, items } = detail;
  const { value, error } = useCall('lookup.find', { text: hash }, [
    'items',
    'hash-list',
    'settings',
    'queue',
    'sources',
  ]);
  const asking = value?.results.find((result) => result.hash === hash)?.sources ?? [];
  const silent = asking.filter(({ source }) => !items.some((item) => item.source === source));
  return (
    <section ref={region} tabIndex={-1}>
      <div className="sectionhead">
        <h2>Sources</h2>
        {items.length === 0 ? null : <span className="tiny t2">{counted(items.length, 'answer')}</span>}
      </div>
      {items.length === 0 ? <p className="small t2">No source has answered for this hash.</p> : null}
      {items.length + silent.length === 0 ? null : (
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
            {items.map((item, index) => (
              <Fragment key={`${item.source}:${index}`}>
                <ItemRow item={item} zone={zone} now={now} />
                <tr className="more">
                  <td colSpan={3}>
                    {itemWords(item, sourceIn(asking, item.source))}
                    <Asking hash={hash} source={lastOf(items, index) ? sourceIn(asking, item.source) : undefined} />
                  </td>
                </tr>
              </Fragment>
            ))}
            {silent.map((source) => (
              <Fragment key={source.source}>
                <tr>
                  <td title={sourceLabel(source.source)}>{sourceShortLabel(source.source)}</td>
                  <td className="t2">{silentWords(source)}</td>
                  <td className="num">–</td>
                </tr>
                <tr className="more">
                  <td colSpan={3}>
                    <Asking hash={hash} source={source} />
                  </td>
                </tr>
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
      {error === null ? null : (
        <p className="small t2" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}

/** Why there is no answer: what is queued may have been asked already, and was not heard or was refused. */
function silentWords({ queued, enabled }: LookupSource): string {
  if (queued !== null) {
    return 'no answer yet';
  }
  return enabled ? 'never asked' : 'not enabled';
}

function ItemRow({
  item,
  zone,
  now,
}: {
  readonly item: Item;
  readonly zone: Props['zone'];
  readonly now: number;
}): ReactNode {
  return (
    <tr>
      <td title={sourceLabel(item.source)}>{sourceShortLabel(item.source)}</td>
      <td>
        <StatusWord status={item.status} />
        {item.noAnswer === null ? null : (
          <span className="sub">{item.noAnswer === 'not-known' ? 'does not know it' : 'could not be asked'}</span>
        )}
      </td>
      <td className="num" title={time(item.scannedAt, zone)}>
        {age(item.scannedAt, now)}
        {item.stale ? <span className="sub">stale</span> : null}
      </td>
    </tr>
  );
}

/** What can be done about one source: ask it, with the price, or open its page; or why it cannot be asked. */
function Asking({ hash, source }: { readonly hash: string; readonly source: LookupSource | undefined }): ReactNode {
  if (source === undefined) {
    return null;
  }
  const isDue = source.due && source.item !== null && source.price !== null && source.queued === null;
  return (
    <div className="asking">
      {isDue ? <span className="tag">due now</span> : null}
      <SourceAsk hash={hash} source={source} isAlone />
      <SourcePage hash={hash} source={source} isAlone />
    </div>
  );
}

function sourceIn(asking: readonly LookupSource[], source: SourceId): LookupSource | undefined {
  return asking.find((one) => one.source === source);
}

/** A source with answers for several files is asked below the last of them. */
function lastOf(items: readonly Item[], index: number): boolean {
  return !items.slice(index + 1).some((later) => later.source === items[index]?.source);
}

const LINK_WORDS: Readonly<Record<Item['link'], string>> = {
  direct: '',
  computed: 'linked by bytes Assay read',
  source: 'linked by a source',
  team: 'linked by a hash-list entry',
  asserted: 'linked only by this list',
};

function itemWords(item: Item, asked: LookupSource | undefined): string {
  const parts = [
    threatText(item.source, item.threat),
    scoreWords(item, asked),
    codeWords(item),
    seenWords(item),
    item.matchedBy === 'sha256' ? null : `matched by ${DIGEST_LABEL[item.matchedBy]} alone`,
    LINK_WORDS[item.link],
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** The score as the source counts it, once that is known for this very answer; until then the number. */
function scoreWords({ score, status, rawCode }: Item, asked: LookupSource | undefined): string | null {
  if (score === null) {
    return null;
  }
  const isSame = asked?.item?.status === status && asked.item.rawCode === rawCode && asked.item.score === score;
  return isSame && asked.scoreText !== '' ? asked.scoreText : `score ${number(score)}`;
}

/** Where the source tells no date, when Assay first saw the file stands in, and says so. */
function seenWords({ firstSeen, createdAt, noAnswer }: Item): string | null {
  if (firstSeen !== null) {
    return `first seen ${time(firstSeen, 'utc').slice(0, 10)}`;
  }
  return noAnswer === null ? `Assay first saw it ${time(createdAt, 'utc').slice(0, 10)}` : null;
}

/** Of what could not be asked the reason stands where a code would. */
function codeWords({ rawCode, noAnswer }: Item): string | null {
  if (rawCode === null || noAnswer === 'could-not-ask') {
    return rawCode;
  }
  return `code ${rawCode}`;
}
