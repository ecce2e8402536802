import type { ReactNode } from 'react';
import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import { sourceLabel, sourceShortLabel, type SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { statusClass, StatusWord } from '../../components/status.tsx';
import { age, remaining, time } from '../../components/words.ts';
import { SourceAsk, SourcePage } from './source-ask.tsx';

type Item = NonNullable<LookupSource['item']>;

/** One source as a column: with what asking it costs, or, for sources that cannot be asked here, its answer alone. */
interface Column {
  readonly key: string;
  readonly source: SourceId;
  readonly item: Item | null;
  readonly asking: LookupSource | null;
}

interface Props {
  readonly result: LookupResult;
  readonly zone: Preferences['times'];
  /** Seconds since the epoch. */
  readonly now: number;
  /** Seconds after which an answer is stale. */
  readonly staleAfter: number;
}

/** Pixels of the first column, and of what a source says at least: narrower, its words would break apart. */
const NAMES_WIDTH = 136;
const LEAST_WIDTH = 144;

/** Every source side by side: what it said, by which rule, when, and what asking it again costs. */
export function Matrix({ result, zone, now, staleAfter }: Props): ReactNode {
  const columns = columnsOf(result);
  const isLinked = columns.some(({ item }) => item !== null && item.link !== 'direct');
  const cell = (name: string, of: (column: Column) => ReactNode): ReactNode => (
    <tr>
      <th scope="row">{name}</th>
      {columns.map((column) => (
        <td key={column.key}>{of(column)}</td>
      ))}
    </tr>
  );
  return (
    <table className="matrix" style={{ minWidth: NAMES_WIDTH + columns.length * LEAST_WIDTH }}>
      <colgroup>
        <col className="names" />
      </colgroup>
      <thead>
        <tr>
          <th>
            <span className="visually-hidden">What</span>
          </th>
          {columns.map(({ key, source }) => (
            <th key={key} scope="col" title={sourceLabel(source)}>
              {sourceShortLabel(source)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr className="verdictrow">
          <th scope="row">Status</th>
          {columns.map((column) => (
            <td key={column.key} className={toneOf(result, column)}>
              <Status column={column} />
            </td>
          ))}
        </tr>
        {cell('Score', ({ asking, item }) => said(asking?.scoreText ?? item?.score?.toString()))}
        {cell('Threshold met', ({ asking }) => said(asking?.thresholdText))}
        {cell('Threat name', ({ item }) => said(item === null ? null : threatText(item.source, item.threat)))}
        {cell('First seen', ({ item }) => (
          <FirstSeen item={item} />
        ))}
        {cell('Says so since', ({ item }) => said(day(item?.since ?? null)))}
        {cell('Asked', ({ item }) => (
          <Asked item={item} now={now} zone={zone} />
        ))}
        {cell('Due again', (column) => said(dueWords(column, now, staleAfter)))}
        {cell('Raw answer', ({ item }) => said(item?.rawCode, 'mono-11'))}
        {isLinked ? cell('Linked by', ({ item }) => said(item === null ? null : LINK_WORDS[item.link])) : null}
        {cell('Ask again', ({ asking }) =>
          asking === null ? said(null) : <SourceAsk hash={result.hash} source={asking} />,
        )}
        {cell("Source's page", ({ asking }) =>
          asking === null ? said(null) : <SourcePage hash={result.hash} source={asking} />,
        )}
      </tbody>
    </table>
  );
}

function columnsOf({ sources, otherItems }: LookupResult): readonly Column[] {
  return [
    ...sources.map((source): Column => ({
      key: source.source,
      source: source.source,
      item: source.item,
      asking: source,
    })),
    ...otherItems.map((item, index): Column => ({
      key: `${item.source}:${index}`,
      source: item.source,
      item,
      asking: null,
    })),
  ];
}

function Status({ column: { item, asking } }: { readonly column: Column }): ReactNode {
  if (item === null) {
    return <span className="t3">{absentWords(asking)}</span>;
  }
  return (
    <span className="row flow">
      <StatusWord status={item.status} />
      {item.noAnswer === null ? null : (
        <span className="t2 small cut">
          {item.noAnswer === 'not-known' ? 'does not know it' : 'could not be asked'}
        </span>
      )}
    </span>
  );
}

/** Why a source has said nothing yet. */
function absentWords(asking: LookupSource | null): string {
  if (asking !== null && asking.queued !== null) {
    return 'no answer yet';
  }
  return asking?.enabled === false ? 'not enabled' : 'never asked';
}

/** The column that decides is tinted, and one that disagrees with it: an answer of good against an answer of bad. */
function toneOf({ verdict }: LookupResult, { item }: Column): string | undefined {
  if (item === null || item.noAnswer !== null || item.status === 'pending' || item.status === 'unknown') {
    return undefined;
  }
  const isBad = (status: string): boolean => status === 'malicious' || status === 'suspicious';
  const decides = verdict.source === item.source && verdict.status === item.status;
  const disagrees = verdict.flags.includes('conflict') && isBad(verdict.status) !== isBad(item.status);
  return decides || disagrees ? `tint ${statusClass(item.status)}` : undefined;
}

/** By the source; where it tells none, when Assay first saw it, marked as such. */
function FirstSeen({ item }: { readonly item: Item | null }): ReactNode {
  if (item === null || item.firstSeen !== null || item.noAnswer !== null) {
    return said(day(item?.firstSeen ?? null));
  }
  return (
    <span className="row" title="The source tells no date; this is when Assay first saw it">
      {day(item.createdAt)}
      <span className="tag">first here</span>
    </span>
  );
}

function Asked({
  item,
  now,
  zone,
}: {
  readonly item: Item | null;
  readonly now: number;
  readonly zone: Props['zone'];
}): ReactNode {
  if (item === null || item.scannedAt === null) {
    return said(null);
  }
  const since = age(item.scannedAt, now);
  return (
    <span className="row" title={time(item.scannedAt, zone)}>
      {since === 'now' ? 'just now' : `${since} ago`}
      {item.stale ? <span className="tag">stale</span> : null}
    </span>
  );
}

/** When asking could tell something new: now, or when the answer turns due. */
function dueWords({ item, asking }: Column, now: number, staleAfter: number): string | null {
  if (asking?.due === true) {
    // Of a source that never answered and cannot be asked nothing is due.
    return item === null && asking.price === null && asking.queued === null ? null : 'now';
  }
  if (item === null || (item.nextScanAt === null && item.scannedAt === null)) {
    return null;
  }
  const at = item.nextScanAt ?? (item.scannedAt ?? 0) + staleAfter;
  return at <= now ? 'now' : `in ${remaining(at * 1000, now * 1000)}`;
}

/** What ties answers that were given under another digest of the file to the hash. */
const LINK_WORDS: Readonly<Record<Item['link'], string>> = {
  direct: 'this hash',
  computed: 'bytes Assay read',
  source: 'a source',
  team: 'a hash-list entry',
  asserted: 'a list',
};

function day(at: number | null): string | null {
  return at === null ? null : time(at, 'utc').slice(0, 10);
}

function said(text: string | null | undefined, className?: string): ReactNode {
  return text === null || text === undefined || text === '' ? (
    <span className="t3">–</span>
  ) : (
    <span className={className} title={text}>
      {text}
    </span>
  );
}
