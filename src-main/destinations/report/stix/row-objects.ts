import { type DigestKind, DIGEST_KINDS } from '#shared/domain/hash.ts';
import type { Status } from '#shared/domain/status.ts';
import { type Blame, blameOf } from '../facts/blame.ts';
import type { CarriedFacts } from '../facts/carried-facts.ts';
import type { ReportAnswer, ReportHead, ReportRow } from '../port.ts';
import { groupedDigits } from '../facts/grouped-digits.ts';
import { verdictSentence } from '../facts/row-facts.ts';
import { uuidText } from '../../../platform/uuid-v5.ts';
import { type FileContent, type StixHashes, stixHashes } from './file-id.ts';
import { type StixObject, extended, stixTime, tlpId } from './frame-objects.ts';
import { type FilePlace, type Part, type References, answerId, partId } from './refs.ts';

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
interface FileOfRow extends FileContent {
  readonly answers: readonly ReportAnswer[];
  readonly blame: Blame;
}

/** STIX 2.1, 10.16: what an analysis found. Assay's other words are no findings. */
const RESULT: Readonly<Record<Status, string>> = {
  malicious: 'malicious',
  suspicious: 'suspicious',
  'non-malicious': 'benign',
  pending: 'unknown',
  unknown: 'unknown',
};
const INDICATES = {
  malicious: 'malicious-activity',
  suspicious: 'anomalous-activity',
} as const;

/**
 * The objects of one row: its file, Assay's verdict, what each source answered, an indicator when it is malicious or
 * suspicious, and its note. Digests that only the list ties together are files of their own, related to the strongest
 * one; what a source said about such a digest stays with it (see blame.ts). A file that rows share is written with the
 * first of them, and what the others say refers to it. A source that could not be asked made no analysis and gets none. No
 * indicator has a confidence, because no source states one: their scores are something else.
 */
export function rowObjects(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  references: References,
): StixObject[] {
  const [main, ...others] = filesOf(row, carried, context.head);
  const marked = markingsOf(carried);
  const parts: Part[] = ['verdict', ...indicatorPart(main), ...(row.note === '' ? [] : ['note' as const])];
  const place = references.add(main, parts, main.answers.length);
  const sample = `file--${uuidText(place.id)}`;
  return [
    ...fileObjects(main, place, marked),
    verdictObject(row, carried, context, place, marked),
    ...indicatorObjects(row, carried, context, main, place, marked),
    ...(row.note === '' ? [] : [noteObject(row, context, place, marked)]),
    ...answerObjects(main, context, place, marked),
    ...others.flatMap((other) => tiedObjects(row, carried, context, other, sample, references)),
  ];
}

function tiedObjects(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  other: FileOfRow,
  sample: string,
  references: References,
): StixObject[] {
  const marked = markingsOf(carried);
  const place = references.add(other, ['tie', ...indicatorPart(other)], other.answers.length);
  const id = `file--${uuidText(place.id)}`;
  return [
    ...fileObjects(other, place, marked),
    {
      ...common('relationship', partId(context.report, place, 'tie'), context),
      ...marked,
      relationship_type: 'related-to',
      description: 'The list names both hashes for one file; nothing else says so.',
      source_ref: sample,
      target_ref: id,
    },
    ...indicatorObjects(row, carried, context, other, place, marked),
    ...answerObjects(other, context, place, marked),
  ];
}

/** The file itself, unless a row before had the same one. Its markings are those of the first row that named it. */
function fileObjects(
  { hashes, name, size }: FileContent,
  { id, isNew }: FilePlace,
  marked: StixObject,
): readonly StixObject[] {
  const facts = { ...(size === null ? {} : { size }), ...(name === '' ? {} : { name }) };
  return isNew ? [{ type: 'file', spec_version: '2.1', id: `file--${uuidText(id)}`, hashes, ...facts, ...marked }] : [];
}

function filesOf(row: ReportRow, { name, size }: CarriedFacts, head: ReportHead): readonly [FileOfRow, ...FileOfRow[]] {
  const { digests, answers, digestLink, kind } = row;
  const blame = blameOf(row, null, head);
  if (digestLink !== 'asserted') {
    return [{ hashes: stixHashes(digests), name, size, answers: heard(answers), blame }];
  }
  const others = DIGEST_KINDS.filter((one) => one !== kind && digests[one] !== undefined).toReversed();
  const hashesOf = (one: DigestKind): StixHashes => stixHashes({ [one]: digests[one] ?? row.hash });
  const answersOf = (fits: (matchedBy: DigestKind) => boolean): readonly ReportAnswer[] =>
    heard(answers.filter(({ matchedBy }) => fits(matchedBy)));
  return [
    { hashes: hashesOf(kind), name, size, answers: answersOf((one) => !others.includes(one)), blame },
    ...others.map((other) => {
      const answered = answersOf((one) => one === other);
      return { hashes: hashesOf(other), name: '', size: null, answers: answered, blame: blameOf(row, other, head) };
    }),
  ];
}

function indicatorPart({ blame }: FileOfRow): readonly 'indicator'[] {
  return blame === null ? [] : ['indicator'];
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
  place: FilePlace,
  marked: StixObject,
): StixObject {
  return {
    ...common('malware-analysis', partId(context.report, place, 'verdict'), context),
    ...labelsOf(row, context.head),
    ...originsOf(carried),
    ...marked,
    product: 'assay',
    version: context.head.madeBy.replace(/^\D*/, '') || context.head.madeBy,
    analysis_ended: stixTime(context.head.intake.judgedAt),
    // Raised by a digest that only the list ties to it, the verdict says nothing about this file outside this list.
    result: row.verdict.flags.includes('asserted') ? 'unknown' : RESULT[row.verdict.status],
    sample_ref: `file--${uuidText(place.id)}`,
    extensions: extended({ assay_row: context.facts(row) }),
  };
}

function indicatorObjects(
  row: ReportRow,
  carried: CarriedFacts,
  context: RowContext,
  { hashes, blame }: FileOfRow,
  place: FilePlace,
  marked: StixObject,
): StixObject[] {
  if (blame === null) {
    return [];
  }
  const [name, digest] = Object.entries(hashes).at(-1) ?? ['SHA-256', row.hash];
  return [
    {
      ...common('indicator', partId(context.report, place, 'indicator'), context),
      ...labelsOf(row, context.head),
      ...originsOf(carried),
      ...marked,
      name: `${blame}: ${carried.name === '' ? digest : carried.name}`,
      description: verdictSentence(row, context.head),
      indicator_types: [INDICATES[blame]],
      pattern: `[file:hashes.'${name}' = '${digest}']`,
      pattern_type: 'stix',
      valid_from: stixTime(row.verdict.answeredAt ?? context.head.madeAt),
    },
  ];
}

function noteObject(row: ReportRow, context: RowContext, place: FilePlace, marked: StixObject): StixObject {
  const content = groupedDigits(row.note);
  return {
    ...common('note', partId(context.report, place, 'note'), context),
    ...labelsOf(row, context.head),
    ...marked,
    content,
    object_refs: [`file--${uuidText(place.id)}`],
    ...(content === row.note ? {} : { extensions: extended({ assay_row: { note: row.note } }) }),
  };
}

function answerObjects(
  { answers }: FileOfRow,
  context: RowContext,
  place: FilePlace,
  marked: StixObject,
): StixObject[] {
  return answers.map((answer, index) => {
    const { source, status, noAnswer, score, threat, rawCode, scannedAt, stale, matchedBy, link } = answer;
    return {
      ...common('malware-analysis', answerId(context.report, place, index), context),
      ...(context.head.simulated ? { labels: ['simulated'] } : {}),
      ...marked,
      product: source,
      ...(scannedAt === null ? {} : { analysis_ended: stixTime(scannedAt) }),
      ...(threat === null || threat === '' ? {} : { result_name: threat }),
      result: RESULT[status],
      sample_ref: `file--${uuidText(place.id)}`,
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
