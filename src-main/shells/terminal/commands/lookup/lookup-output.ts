import { grouped } from '#shared/domain/grouped.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { errorRateText } from '#shared/domain/known-sets/error-rate.ts';
import { productsText } from '#shared/domain/known-sets/set-products.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { changeData, changeText } from '../../output/change-text.ts';
import { age, counted, utc, utcMinute } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';

type Item = LookupResult['otherItems'][number];

/** A source in the table of a hash. */
interface SourceRow {
  readonly source: Item['source'];
  readonly item: Item | null;
  readonly asking: LookupSource | null;
}

/** What sources said otherwise before, newest first. */
export type History = CallOutput<'history.ofHash'>;

/** Changes shown below a table. Data holds all that are asked for. */
export const CHANGES_SHOWN = 5;

/** What is known about one hash, for reading: verdict, why, the sources, what changed, other digests, where it was seen. */
export function resultText(session: Session, result: LookupResult, history: History, now: number): string {
  const { style, out } = session;
  const { verdict, hash, kind } = result;
  const mark = verdict.flags.includes('conflict') ? ' ≠' : '';
  const lines = [
    `${style.status(verdict.status, `${STATUS_SHAPE[verdict.status]} ${verdict.status}${mark}`)}  ${style.strong(hash)}  ${DIGEST_LABEL[kind]}`,
    `  ${visible(result.why)}`,
    ...indented(
      tableLines(columns(session, now), rowsOf(result), out.width === null ? null : out.width - 2, style.faint),
    ),
    ...changeLines(history),
    ...restLines(result),
  ];
  return `${lines.join('\n')}\n`;
}

function rowsOf({ sources, otherItems }: LookupResult): SourceRow[] {
  return [
    ...sources.map((asking): SourceRow => ({ source: asking.source, item: asking.item, asking })),
    ...otherItems.map((item): SourceRow => ({ source: item.source, item, asking: null })),
  ];
}

function columns(session: Session, now: number): TableColumn<SourceRow>[] {
  return [
    { header: 'source', cell: ({ source }) => sourceLabel(source) },
    {
      header: 'status',
      cell: (row) => statusText(row),
      paint: ({ item }, text) => (item === null ? session.style.faint(text) : session.style.status(item.status, text)),
    },
    { header: 'score', cell: ({ asking, item }) => asking?.scoreText ?? String(item?.score ?? ''), least: 8 },
    { header: 'rule', cell: ({ asking }) => asking?.thresholdText ?? '', least: 8 },
    {
      header: 'threat',
      cell: ({ item }) => (item === null ? '' : (threatText(item.source, item.threat) ?? '')),
      least: 8,
    },
    {
      header: 'asked',
      align: 'right',
      cell: ({ item }) =>
        item?.scannedAt === null || item === null ? '' : `${age(now - item.scannedAt)}${item.stale ? ' stale' : ''}`,
    },
    { header: 'asking', cell: ({ asking }) => askingText(asking), least: 12 },
  ];
}

function statusText({ item, asking }: SourceRow): string {
  if (item === null) {
    return asking?.enabled === false ? 'not enabled' : 'never asked';
  }
  const said =
    item.noAnswer === null ? '' : item.noAnswer === 'not-known' ? ', does not know it' : ', could not be asked';
  return `${STATUS_SHAPE[item.status]} ${item.status}${said}`;
}

function askingText(asking: LookupSource | null): string {
  if (asking === null) {
    return '';
  }
  if (asking.queued !== null) {
    return asking.queued;
  }
  if (asking.price === null) {
    return asking.cannotAsk ?? '';
  }
  const { billed, unit, left } = asking.price;
  return `${asking.due ? 'due' : 'not due'}, ${billed} ${unit}${left === null ? '' : ` of ${grouped(left)} left`}`;
}

function changeLines({ changes, total }: History): string[] {
  const shown = changes.slice(0, CHANGES_SHOWN);
  const older = total - shown.length;
  return [
    ...shown.map((change) => `  ${utcMinute(change.at)} UTC: ${sourceLabel(change.source)} ${changeText(change)}`),
    ...(older > 0 ? [`  ${counted(older, 'older change')}: add --json`] : []),
  ];
}

function restLines({ aliases, listEntries, annotations, sets, seenIn }: LookupResult): string[] {
  return [
    ...aliases.map(({ kind, hash, link }) => `  ${DIGEST_LABEL[kind]} ${hash} (${link})`),
    ...listEntries.map((entry) => `  hash list: ${entry.side}${entry.note === '' ? '' : `, ${visible(entry.note)}`}`),
    ...annotations.flatMap(({ tags, note }) => [
      ...(tags.length === 0 ? [] : [`  tags: ${tags.map(visible).join(', ')}`]),
      ...(note === '' ? [] : [`  note: ${visible(note.replaceAll('\n', ' '))}`]),
    ]),
    ...sets.map(setLine),
    ...seenIn.map(
      (place) =>
        `  seen in intake ${place.intakeId}, ${visible(place.title)}${place.line === 0 ? '' : `, line ${place.line}`}${place.embargo ? ', embargo' : ''}`,
    ),
  ];
}

/** A set with what is needed to judge the hit: edition, day, mark, which digest, which products. */
function setLine({
  name,
  edition,
  datedAt,
  mark,
  matchedBy,
  errorRate,
  products,
}: LookupResult['sets'][number]): string {
  const which = [
    ...(edition === '' ? [] : [`edition ${visible(edition)}`]),
    ...(datedAt === null ? [] : [`dated ${(utc(datedAt) ?? '').slice(0, 10)}`]),
    errorRate === null ? mark : `possible, ${errorRateText(errorRate)}`,
    `by ${DIGEST_LABEL[matchedBy]}`,
  ];
  const named = productsText(products);
  return `  known set: ${visible(name)}, ${which.join(', ')}${named === '' ? '' : `: ${visible(named)}`}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** What sources said otherwise before, as data: times in UTC. */
export function historyData({ changes }: History): readonly Readonly<Record<string, unknown>>[] {
  return changes.map((change) => ({ at: utc(change.at), source: change.source, ...changeData(change) }));
}

/** One hash as data: plain words, times in UTC. The same in `--json` and `--jsonl`. */
export function lookupData(result: LookupResult, isSimulated: boolean): Readonly<Record<string, unknown>> {
  const { hash, kind, verdict, why } = result;
  return {
    hash,
    kind,
    verdict: verdict.status,
    rule: verdict.rule,
    source: verdict.source,
    flags: verdict.flags,
    answeredAt: utc(verdict.answeredAt),
    why,
    sources: [
      ...result.sources.map((source) => ({
        source: source.source,
        ...itemData(source.item),
        scoreText: source.scoreText,
        thresholdText: source.thresholdText,
        enabled: source.enabled,
        due: source.due,
        queued: source.queued,
        cannotAsk: source.cannotAsk,
      })),
      ...result.otherItems.map((item) => ({ source: item.source, ...itemData(item) })),
    ],
    digests: result.digests,
    aliases: result.aliases,
    hashList: result.listEntries.map(({ side, note, reason, addedBy, addedAt, expiresAt }) => ({
      side,
      note,
      reason,
      addedBy,
      addedAt: utc(addedAt),
      expiresAt: utc(expiresAt),
    })),
    notes: result.annotations.map(({ note, tags, changedBy, changedAt }) => ({
      note,
      tags,
      changedBy,
      changedAt: utc(changedAt),
    })),
    knownSets: result.sets.map(({ name, edition, mark, datedAt, matchedBy, errorRate, products }) => ({
      name,
      edition,
      mark,
      datedAt: utc(datedAt),
      matchedBy,
      errorRate,
      products,
    })),
    seenIn: result.seenIn.map((place) => ({ ...place, createdAt: utc(place.createdAt) })),
    ...(isSimulated ? { simulated: true } : {}),
  };
}

function itemData(item: Item | null): Readonly<Record<string, unknown>> {
  if (item === null) {
    return { status: null };
  }
  return {
    status: item.status,
    noAnswer: item.noAnswer,
    score: item.score,
    threat: item.threat,
    rawCode: item.rawCode,
    firstSeen: utc(item.firstSeen),
    /** When Assay made the item: stands in where the source tells no first seen. */
    firstHere: utc(item.createdAt),
    since: utc(item.since),
    scannedAt: utc(item.scannedAt),
    nextScanAt: utc(item.nextScanAt),
    stale: item.stale,
    link: item.link,
  };
}
