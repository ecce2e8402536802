import { type DigestKind, DIGEST_KINDS } from '#shared/domain/hash.ts';
import type { Status } from '#shared/domain/status.ts';
import type { CarriedFacts } from '../facts/carried-facts.ts';
import type { ReportAnswer, ReportHead, ReportRow } from '../port.ts';
import { verdictSentence } from '../facts/row-facts.ts';
import { uuidText } from '../facts/uuid.ts';
import { type StixHashes, fileId, stixHashes } from './file-id.ts';
import { type StixObject, extended, stixTime, tlpId } from './frame-objects.ts';
import { type Part, type References, answerId, partId } from './refs.ts';

/** What stays the same for all rows of a bundle. */
export interface RowContext {
  readonly head: ReportHead;
  /** Bytes of the report's id. */
  readonly report: Buffer;
  readonly createdBy: string;
  /** When it was made, as STIX writes it. */
  readonly time: string;
  readonly facts: (row: ReportRow) => Record<string, unknown>;
}

/** A file of a row: all its digests, or one of those that only the list ties together. */
interface FileOfRow {
  readonly hashes: StixHashes;
  readonly id: Buffer;
  readonly answers: readonly ReportAnswer[];
}

/** STIX 2.1, 10.16: what an analysis found. Assay's other words are no findings. */
const RESULT: Readonly<Record<Status, string>> = {
  malicious: 'malicious',
  suspicious: 'suspicious',
  'non-malicious': 'benign',
  pending: 'unknown',
  unknown: 'unknown',
};
const INDICATES: Readonly<Partial<Record<Status, string>>> = {
  malicious: 'malicious-activity',
  suspicious: 'anomalous-activity',
};

/**
 * The objects of one row: its file, Assay's verdict, what each source answered, an indicator when it is malicious or
 * suspicious, and its note. Digests that only the list ties together are files of their own, related to the strongest
 * one; what a source said about such a digest stays with it. A source that could not be asked made no analysis and gets
 * none. No indicator has a confidence, because no source states one: their scores are something else.
 */
export function rowObjects(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  references: References,
): StixObject[] {
  const [main, ...others] = filesOf(row, carried);
  const sample = `file--${uuidText(main.id)}`;
  const marked = markingsOf(carried);
  const hasNote = row.note !== '';
  const indicates = INDICATES[row.verdict.status];
  const parts: Part[] = ['verdict', ...(indicates === undefined ? [] : ['indicator' as const])];
  references.add(main.id, hasNote ? [...parts, 'note'] : parts, main.answers.length);
  others.forEach(({ id, answers }) => references.add(id, ['tie'], answers.length));
  const size = carried.size === null ? {} : { size: carried.size };
  const name = carried.name === '' ? {} : { name: carried.name };
  return [
    { type: 'file', spec_version: '2.1', id: sample, hashes: main.hashes, ...size, ...name, ...marked },
    verdictObject(row, carried, context, main, marked),
    ...(indicates === undefined ? [] : [indicatorObject(row, carried, context, main, indicates, marked)]),
    ...(hasNote ? [noteObject(row, context, main, marked)] : []),
    ...answerObjects(main, context, marked),
    ...others.flatMap((other) => [
      { type: 'file', spec_version: '2.1', id: `file--${uuidText(other.id)}`, hashes: other.hashes, ...marked },
      tieObject(other, sample, context, marked),
      ...answerObjects(other, context, marked),
    ]),
  ];
}

function filesOf(row: ReportRow, { name }: CarriedFacts): readonly [FileOfRow, ...FileOfRow[]] {
  const { digests, answers, digestLink, kind } = row;
  if (digestLink !== 'asserted') {
    const hashes = stixHashes(digests);
    return [{ hashes, id: fileId(hashes, name), answers: heard(answers) }];
  }
  const others = DIGEST_KINDS.filter((one) => one !== kind && digests[one] !== undefined);
  const hangsOn = (one: ReportAnswer): DigestKind => (others.includes(one.matchedBy) ? one.matchedBy : kind);
  const fileOf = (one: DigestKind, named: string): FileOfRow => {
    const hashes = stixHashes({ [one]: digests[one] ?? row.hash });
    return { hashes, id: fileId(hashes, named), answers: heard(answers.filter((given) => hangsOn(given) === one)) };
  };
  return [fileOf(kind, name), ...others.toReversed().map((one) => fileOf(one, ''))];
}

function heard(answers: readonly ReportAnswer[]): readonly ReportAnswer[] {
  return answers.filter(({ noAnswer }) => noAnswer !== 'could-not-ask').slice(0, 255);
}

function common(type: string, id: string, { time, createdBy }: RowContext): StixObject {
  return { type, spec_version: '2.1', id, created_by_ref: createdBy, created: time, modified: time };
}

function verdictObject(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  { id }: FileOfRow,
  marked: StixObject,
): StixObject {
  return {
    ...common('malware-analysis', partId(context.report, id, 'verdict'), context),
    ...labelsOf(row, context.head),
    ...originsOf(carried),
    ...marked,
    product: 'assay',
    version: context.head.madeBy.replace(/^\D*/, '') || context.head.madeBy,
    analysis_ended: stixTime(context.head.intake.judgedAt),
    result: RESULT[row.verdict.status],
    sample_ref: `file--${uuidText(id)}`,
    extensions: extended({ assay_row: context.facts(row) }),
  };
}

function indicatorObject(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  { id, hashes }: FileOfRow,
  indicates: string,
  marked: StixObject,
): StixObject {
  const [strongest = ['SHA-256', row.hash]] = Object.entries(hashes).toReversed();
  return {
    ...common('indicator', partId(context.report, id, 'indicator'), context),
    ...labelsOf(row, context.head),
    ...originsOf(carried),
    ...marked,
    name: `${row.verdict.status}: ${carried.name === '' ? row.hash : carried.name}`,
    description: verdictSentence(row, context.head),
    indicator_types: [indicates],
    pattern: `[file:hashes.'${strongest[0]}' = '${strongest[1]}']`,
    pattern_type: 'stix',
    valid_from: stixTime(row.verdict.answeredAt ?? context.head.madeAt),
  };
}

function noteObject(row: ReportRow, context: RowContext, { id }: FileOfRow, marked: StixObject): StixObject {
  return {
    ...common('note', partId(context.report, id, 'note'), context),
    ...labelsOf(row, context.head),
    ...marked,
    content: row.note,
    object_refs: [`file--${uuidText(id)}`],
  };
}

function tieObject(other: FileOfRow, sample: string, context: RowContext, marked: StixObject): StixObject {
  return {
    ...common('relationship', partId(context.report, other.id, 'tie'), context),
    ...marked,
    relationship_type: 'related-to',
    description: 'The list names both hashes for one file; nothing else says so.',
    source_ref: sample,
    target_ref: `file--${uuidText(other.id)}`,
  };
}

function answerObjects({ id, answers }: FileOfRow, context: RowContext, marked: StixObject): StixObject[] {
  return answers.map((answer, place) => {
    const { source, status, noAnswer, score, threat, rawCode, scannedAt, stale, matchedBy, link } = answer;
    return {
      ...common('malware-analysis', answerId(context.report, id, place), context),
      ...(context.head.simulated ? { labels: ['simulated'] } : {}),
      ...marked,
      product: source,
      ...(scannedAt === null ? {} : { analysis_ended: stixTime(scannedAt) }),
      ...(threat === null || threat === '' ? {} : { result_name: threat }),
      result: RESULT[status],
      sample_ref: `file--${uuidText(id)}`,
      extensions: extended({ assay_answer: { status, noAnswer, score, rawCode, stale, matchedBy, link } }),
    };
  });
}

/** Tags people gave here, and the word for made-up answers. */
function labelsOf({ tags }: ReportRow, { simulated }: ReportHead): StixObject {
  const labels = [...(simulated ? ['simulated'] : []), ...tags];
  return labels.length === 0 ? {} : { labels };
}

function markingsOf({ tlp, markingIds }: CarriedFacts): StixObject {
  const ids = [...new Set([...(tlp === null ? [] : [tlpId(tlp)]), ...markingIds])];
  return ids.length === 0 ? {} : { object_marking_refs: ids };
}

/** The objects the list took the row from, by their own ids. */
function originsOf({ stixId, mispUuid }: CarriedFacts): StixObject {
  const origins = [
    ...(stixId === '' ? [] : [{ source_name: 'STIX', external_id: stixId }]),
    ...(mispUuid === '' ? [] : [{ source_name: 'MISP', external_id: mispUuid }]),
  ];
  return origins.length === 0 ? {} : { external_references: origins };
}
