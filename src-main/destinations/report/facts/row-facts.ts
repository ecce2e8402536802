import type { VerdictView } from '#shared/contract/common.ts';
import { explainVerdict } from '#shared/domain/why.ts';
import { isoTime, numbered } from '../../jsonl-rows.ts';
import type { ReportHead, ReportRow, ReportSetHit } from '../port.ts';

/** A verdict as data: times in ISO 8601 (UTC), age in seconds at the time of the report. */
function verdictFacts(verdict: VerdictView, now: number): Record<string, unknown> {
  const { status, rule, source, agreeing, answeredAt, flags } = verdict;
  return {
    status,
    rule,
    source,
    agreeing,
    answeredAt: answeredAt === null ? null : isoTime(answeredAt),
    ageSeconds: answeredAt === null ? null : Math.max(0, now - answeredAt),
    flags,
  };
}

/** Which rule decided, how old the answer is and what must be known beside it, as the window says it. */
export function verdictSentence(row: ReportRow, head: ReportHead): string {
  const mark = DECIDING_MARK[row.verdict.rule];
  const decided = mark === undefined ? undefined : row.sets.find(({ set }) => head.sets[set]?.mark === mark);
  const name = decided === undefined ? '' : setLabel(head, decided);
  return explainVerdict(row.verdict, { now: head.madeAt, ...(name === '' ? {} : { setName: name }) });
}

/** Name and edition of a set that holds a row. */
export function setLabel(head: ReportHead, hit: ReportSetHit): string {
  const set = head.sets[hit.set];
  return set === undefined ? '' : [set.name, set.edition].filter((part) => part !== '').join(' ');
}

/**
 * What forms that are data tell of a row beyond its digests: both verdicts, places, sets, entries of the hash list, tags,
 * and the columns of the list by name (a name that occurs twice is numbered).
 */
export function rowFacts(head: ReportHead): (row: ReportRow) => Record<string, unknown> {
  const names = numbered(head.columns);
  return (row) => ({
    entry: row.entry,
    verdict: verdictFacts(row.verdict, head.madeAt),
    basis: verdictSentence(row, head),
    triaged: verdictFacts(row.triaged, head.madeAt),
    digestLink: row.digestLink,
    occurrences: row.occurrences,
    where: row.where,
    couldNotAsk: row.answers.flatMap(({ source, noAnswer }) => (noAnswer === 'could-not-ask' ? [source] : [])),
    sets: row.sets.map(({ set, ...how }) => ({ ...head.sets[set], ...how })),
    hashList: row.listEntries,
    tags: row.tags,
    carried: names.map((name, place) => ({ column: name, value: row.carried[place] ?? '' })),
  });
}

const DECIDING_MARK: Readonly<Record<string, string>> = {
  'known-bad': 'known-bad',
  'known-good': 'known-good',
  'known-set': 'known',
};
