import { agePhrase } from '#shared/domain/age.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { isoTime } from '../../jsonl-rows.ts';
import { blameOf } from '../facts/blame.ts';
import type { CarriedFacts } from '../facts/carried-facts.ts';
import { setLabel, verdictSentence } from '../facts/row-facts.ts';
import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import type { ReportAnswer, ReportHead, ReportRow, ReportSetHit } from '../port.ts';

/** The public template of files: github.com/MISP/misp-objects, objects/file, version 23. */
const TEMPLATE = { uuid: '688c46fb-5edb-40a3-8273-1af7923e2215', version: '23' };
const LONGEST_TAG = 255;
const STRONGEST_FIRST = DIGEST_KINDS.toReversed();

type Json = Readonly<Record<string, unknown>>;

/** What stays the same for all rows of an event. */
export interface EventContext {
  readonly head: ReportHead;
  /** Bytes of the event's UUID. */
  readonly event: Buffer;
}

/**
 * The objects of one row: a `file` with its digests, name and size. `to_ids` is set on digests of malicious and suspicious
 * rows alone (see blame.ts). The comment of the strongest digest tells verdict, basis and what each source said; that of the
 * object is the person's note. Digests that only the list ties together are objects of their own, which the strongest one
 * refers to.
 */
export function fileObjects(row: ReportRow, carried: CarriedFacts, context: EventContext): Json[] {
  const kinds = STRONGEST_FIRST.filter((kind) => row.digests[kind] !== undefined);
  const [strongest = row.kind, ...weaker] = kinds;
  const uuid = uuidV5Bytes(context.event, `object ${row.entry}`);
  const tied = row.digestLink === 'asserted' ? weaker : [];
  const own = row.digestLink === 'asserted' ? [strongest] : kinds;
  const object = (id: Buffer, attributes: readonly Json[], more: Json): Json => ({
    uuid: uuidText(id),
    name: 'file',
    'meta-category': 'file',
    template_uuid: TEMPLATE.uuid,
    template_version: TEMPLATE.version,
    timestamp: String(context.head.madeAt),
    distribution: '5',
    ...more,
    Attribute: attributes,
  });
  const references = tied.map((kind) => ({
    uuid: uuidText(uuidV5Bytes(uuid, `reference ${kind}`)),
    referenced_uuid: uuidText(uuidV5Bytes(uuid, `tied ${kind}`)),
    relationship_type: 'related-to',
    comment: 'The list names both hashes for one file; nothing else says so.',
  }));
  const more = { comment: row.note, ...(references.length === 0 ? {} : { ObjectReference: references }) };
  return [
    object(
      uuid,
      [...digestAttributes(row, own, carried, uuid, context), ...fileAttributes(carried, uuid, context)],
      more,
    ),
    ...tied.map((kind) => {
      const id = uuidV5Bytes(uuid, `tied ${kind}`);
      return object(id, [tiedAttribute(row, kind, id, context)], { comment: '' });
    }),
  ];
}

function digestAttributes(
  row: ReportRow,
  kinds: readonly DigestKind[],
  carried: CarriedFacts,
  object: Buffer,
  context: EventContext,
): Json[] {
  const { status } = row.verdict;
  return kinds.map((kind, place) => ({
    ...attribute(kind, row.digests[kind] ?? row.hash, 'Payload delivery', object, context),
    to_ids: blameOf(row, null, context.head) !== null,
    comment: place === 0 ? comment(row, carried, context.head) : `${status}, as told beside the strongest digest`,
    Tag: tagsOf(row, carried, context.head),
  }));
}

function tiedAttribute(row: ReportRow, kind: DigestKind, object: Buffer, context: EventContext): Json {
  const answers = row.answers.filter(({ matchedBy }) => matchedBy === kind);
  const said = [
    ...answers.map((answer) => answerPhrase(answer, context.head.madeAt)),
    ...row.sets.filter(({ asserted }) => asserted === kind).map((hit) => setPhrase(hit, context.head)),
  ];
  return {
    ...attribute(kind, row.digests[kind] ?? '', 'Payload delivery', object, context),
    to_ids: blameOf(row, kind, context.head) !== null,
    comment: ['Tied to another hash by the list alone.', ...said].join(' '),
  };
}

function fileAttributes({ name, size }: CarriedFacts, object: Buffer, context: EventContext): Json[] {
  const plain = { to_ids: false, comment: '', disable_correlation: true };
  // MISP refuses a `filename` with a line end in it; the template's full path is a text, which may have one.
  const named = name.includes('\n')
    ? { ...attribute('text', name, 'Other', object, context), object_relation: 'fullpath' }
    : attribute('filename', name, 'Payload delivery', object, context);
  return [
    ...(name === '' ? [] : [{ ...named, ...plain }]),
    ...(size === null ? [] : [{ ...attribute('size-in-bytes', String(size), 'Other', object, context), ...plain }]),
  ];
}

function attribute(type: string, value: string, category: string, object: Buffer, { head }: EventContext): Json {
  return {
    uuid: uuidText(uuidV5Bytes(object, type)),
    object_relation: type,
    type,
    category,
    value,
    timestamp: String(head.madeAt),
    distribution: '5',
  };
}

/** In sentences: the verdict now and when it was triaged, what sources said, which sets hold it, where it was read. */
function comment(row: ReportRow, { stixId, mispUuid }: CarriedFacts, head: ReportHead): string {
  const { verdict, triaged } = row;
  const before =
    triaged.status === verdict.status ? '' : ` When triaged, ${isoTime(head.intake.triagedAt)}: ${triaged.status}.`;
  const sets = row.sets.filter(({ asserted }) => asserted === undefined).map((hit) => setPhrase(hit, head));
  const list = row.listEntries.map(({ side, reason }) => `Hash list: ${side}${reason === '' ? '' : `, ${reason}`}.`);
  const origins = [stixId, mispUuid].filter((id) => id !== '').map((id) => `Read from ${id}.`);
  const said = row.answers
    .filter(({ matchedBy }) => row.digestLink !== 'asserted' || matchedBy === row.kind)
    .map((answer) => answerPhrase(answer, head.madeAt));
  return [`${verdict.status}: ${verdictSentence(row, head)}${before}`, ...said, ...sets, ...list, ...origins].join(' ');
}

function setPhrase(hit: ReportSetHit, head: ReportHead): string {
  const { mark = 'known', errorRate = null } = head.sets[hit.set] ?? {};
  return `${setLabel(head, hit)} (${mark}) ${errorRate === null ? 'holds' : 'possibly holds'} it.`;
}

/** What one source said, as a sentence. Where it could not be asked it said nothing. */
function answerPhrase(
  { source, status, noAnswer, score, threat, scannedAt, stale }: ReportAnswer,
  now: number,
): string {
  const label = sourceLabel(source);
  if (noAnswer !== null) {
    return noAnswer === 'not-known' ? `${label} does not know it.` : `${label} could not be asked.`;
  }
  const facts = [
    ...(score === null ? [] : [`score ${score}`]),
    ...(threat === null || threat === '' ? [] : [threat]),
    ...(scannedAt === null ? [] : [agePhrase(scannedAt, now)]),
    ...(stale ? ['stale'] : []),
  ];
  return `${label}: ${status}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}.`;
}

function tagsOf(row: ReportRow, carried: CarriedFacts, { simulated }: ReportHead): Json[] {
  const names = [
    `assay:verdict="${row.verdict.status}"`,
    ...(simulated ? ['assay:simulated'] : []),
    ...row.verdict.flags.map((flag) => `assay:flag="${flag}"`),
    ...(carried.tlp === null ? [] : [carried.tlp.toLowerCase()]),
    ...row.tags,
    ...carried.tags,
  ];
  return [...new Set(names.map(tagName))].map((name) => ({ name }));
}

/** MISP keeps 255 characters of a tag and refuses what does not fit; a longer one is cut, visibly. */
function tagName(name: string): string {
  return name.length <= LONGEST_TAG ? name : `${name.slice(0, LONGEST_TAG - 1).toWellFormed()}…`;
}
