import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { SOURCES, type SourceId, sourceLabel } from '#shared/domain/source.ts';
import { numbered } from '../../jsonl-rows.ts';
import { setLabel, verdictSentence } from '../facts/row-facts.ts';
import type { ReportAnswer, ReportHead, ReportRow } from '../port.ts';
import type { CellValue } from './cell.ts';
import type { SheetColumn } from './sheet.ts';
import { SIMULATED_COLUMN } from './source-totals.ts';
import { STATUS_TEXT, STYLE } from './style.ts';
import { count, decimal, text, time } from './values.ts';

type RowColumn = SheetColumn<ReportRow>;

const BETWEEN = ' | ';
const MOST_PLACES = 20;
const DAY = 86_400;
const NO_ANSWER = { 'not-known': 'does not know it', 'could-not-ask': 'could not be asked' } as const;

/** Columns of the rows: the verdict, its basis and digests, what each source said, then what the list carried. */
export function rowColumns(head: ReportHead): readonly RowColumn[] {
  const own = [
    ...verdictColumns(head),
    ...placeColumns(),
    ...knownColumns(head),
    ...SOURCES.flatMap(({ id }) => ofSource(id)),
  ];
  const carried = numbered([...own.map(({ header }) => header), ...head.columns.map(named)]).slice(own.length);
  return [
    ...own,
    ...(head.simulated ? [SIMULATED_COLUMN] : []),
    ...carried.map((header, place) => ({
      header,
      width: 24,
      value: (row: ReportRow) => text(row.carried[place] ?? ''),
    })),
  ];
}

function verdictColumns(head: ReportHead): readonly RowColumn[] {
  return [
    { header: 'Verdict', width: 17, value: ({ verdict }) => status(verdict.status) },
    { header: 'Hash', width: 67, value: ({ hash }) => text(hash) },
    { header: 'Kind', width: 9, value: ({ kind }) => text(DIGEST_LABEL[kind]) },
    { header: 'Basis', width: 50, value: (row) => text(verdictSentence(row, head)) },
    { header: 'Answered (UTC)', width: 19, value: ({ verdict }) => time(verdict.answeredAt) },
    {
      header: 'Age in days',
      width: 12,
      value: ({ verdict: { answeredAt } }) =>
        answeredAt === null ? null : decimal(Math.max(0, head.madeAt - answeredAt) / DAY),
    },
    { header: 'Marks', width: 20, value: ({ verdict }) => text(verdict.flags.join(', ')) },
    { header: 'Verdict as triaged', width: 17, value: ({ triaged }) => status(triaged.status) },
    { header: 'Basis as triaged', width: 22, value: ({ triaged }) => text(triaged.rule) },
    {
      header: 'Source as triaged',
      width: 22,
      value: ({ triaged }) => text(triaged.source === null ? '' : sourceLabel(triaged.source)),
    },
    { header: 'Answered as triaged (UTC)', width: 19, value: ({ triaged }) => time(triaged.answeredAt) },
  ];
}

function placeColumns(): readonly RowColumn[] {
  return [
    { header: 'MD5', width: 35, value: ({ digests }) => text(digests.md5 ?? '') },
    { header: 'SHA-1', width: 43, value: ({ digests }) => text(digests.sha1 ?? '') },
    { header: 'SHA-256', width: 67, value: ({ digests }) => text(digests.sha256 ?? '') },
    { header: 'Hashes are tied by', width: 18, value: ({ digestLink }) => text(LINK[digestLink]) },
    { header: 'Input', width: 24, value: ({ file }) => text(file) },
    { header: 'Line', width: 9, value: ({ line }) => (line === 0 ? null : count(line)) },
    { header: 'Occurrences', width: 12, value: ({ occurrences }) => count(occurrences) },
    { header: 'Places', width: 24, value: places },
  ];
}

const LINK: Readonly<Record<ReportRow['digestLink'], string>> = {
  single: '',
  computed: 'the bytes',
  asserted: 'the list alone',
};

function knownColumns(head: ReportHead): readonly RowColumn[] {
  return [
    { header: 'Tags', width: 20, value: ({ tags }) => text(tags.join(', ')) },
    { header: 'Note', width: 30, value: ({ note }) => text(note) },
    {
      header: 'Hash list',
      width: 24,
      value: ({ listEntries }) =>
        text(listEntries.map(({ side, reason }) => (reason === '' ? side : `${side}: ${reason}`)).join(BETWEEN)),
    },
    {
      header: 'Known sets',
      width: 30,
      value: ({ sets }) =>
        text(
          sets
            .map((hit) => {
              const { mark = 'known', errorRate = null } = head.sets[hit.set] ?? {};
              return `${setLabel(head, hit)} (${mark}${errorRate === null ? '' : ', possibly'}), by ${DIGEST_LABEL[hit.matchedBy]}${hit.asserted === undefined ? '' : ', tied by the list alone'}`;
            })
            .join(BETWEEN),
        ),
    },
  ];
}

/** Several answers of one source stand in one cell, in the same order in each of its columns. */
function ofSource(id: SourceId): readonly RowColumn[] {
  const label = sourceLabel(id);
  const of = ({ answers }: ReportRow): readonly ReportAnswer[] =>
    answers.length === 0 ? answers : answers.filter(({ source }) => source === id);
  return [
    { header: label, width: 18, value: (row) => joined(of(row), says) },
    {
      header: `${label} score`,
      width: 10,
      value: (row) => {
        const answers = of(row);
        const [first] = answers;
        return answers.length === 1 && first !== undefined && first.score !== null
          ? { kind: 'number', number: first.score }
          : joined(answers, ({ score }) => (score === null ? '' : String(score)));
      },
    },
    { header: `${label} threat`, width: 24, value: (row) => joined(of(row), ({ threat }) => threat ?? '') },
    {
      header: `${label} answered (UTC)`,
      width: 19,
      value: (row) => {
        const latest = of(row).reduce<number | null>(
          (last, { scannedAt }) => (scannedAt === null ? last : Math.max(last ?? 0, scannedAt)),
          null,
        );
        return time(latest);
      },
    },
  ];
}

function says({ status: said, noAnswer, stale, link, matchedBy }: ReportAnswer): string {
  const marks = [
    ...(matchedBy === 'sha256' ? [] : [`by ${DIGEST_LABEL[matchedBy]}`]),
    ...(link === 'asserted' ? ['tied by the list alone'] : []),
    ...(stale ? ['stale'] : []),
  ];
  const word = noAnswer === null ? said : NO_ANSWER[noAnswer];
  return marks.length === 0 ? word : `${word} (${marks.join(', ')})`;
}

function joined(answers: readonly ReportAnswer[], tell: (answer: ReportAnswer) => string): CellValue {
  const texts = answers.map(tell);
  return text(texts.every((one) => one === '') ? '' : texts.join(BETWEEN));
}

function places({ where, occurrences }: ReportRow): CellValue {
  if (where.length <= 1 && occurrences <= 1) {
    return null;
  }
  const shown = where.slice(0, MOST_PLACES).map(({ file, line }) => (line === 0 ? file : `${file}:${line}`));
  const more = occurrences - shown.length;
  return text([...shown, ...(more > 0 ? [`${more} more`] : [])].join(BETWEEN));
}

function named(column: string, place: number): string {
  return column === '' ? `Column ${place + 1}` : column;
}

function status(one: ReportRow['verdict']['status']): CellValue {
  return { kind: 'text', text: STATUS_TEXT[one], style: STYLE[one] };
}
