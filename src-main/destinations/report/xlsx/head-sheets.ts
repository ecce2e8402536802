import type { InputFileView } from '#shared/contract/intake.ts';
import type { Trouble } from '../../../services/intake/port.ts';
import type { ReportHead, ReportSet } from '../port.ts';
import type { CellValue } from './cell.ts';
import { type SheetColumn, factSheet } from './sheet.ts';
import { STYLE } from './style.ts';
import { count, text, time } from './values.ts';

/** The sheet that opens first: the statement, how the intake was read, accounting and verdicts. */
export function reportSheet(head: ReportHead): string {
  const { statement, intake, accounting } = head;
  const { notDigests, balanced, ...counted } = accounting;
  const title = statement.title === '' ? intake.title : statement.title;
  const facts: (readonly [string, CellValue])[] = [
    [title === '' ? `Intake ${intake.id}` : title, null],
    ...(head.simulated ? [fact('Simulated', 'The answers in this report are made up by simulated sources.')] : []),
    fact('Examiner', statement.examiner),
    fact('Case', statement.caseName),
    fact('Note', statement.note),
    fact('Made by', head.madeBy),
    ['Made (UTC)', time(head.madeAt)],
    ['Intake', count(intake.id)],
    fact('Title of the intake', intake.title),
    fact('State', intake.fault === null ? intake.state : `${intake.state}: ${intake.fault}`),
    fact('Read by', intake.readBy),
    ['Read (UTC)', time(intake.createdAt)],
    fact('SHA-256 of the inputs', intake.sha256 ?? ''),
    fact('Note on the intake', intake.note),
    fact('Embargo', intake.embargo ? 'no hash of it may be asked about outside' : ''),
    ['Verdicts as triaged (UTC)', time(intake.triagedAt)],
    ['Verdicts now (UTC)', time(intake.judgedAt)],
    fact('Rows in this report', head.selection),
    ['Rows', count(head.rows)],
    ...Object.entries(head.rowCounts).map(([name, number]): [string, CellValue] => [`Rows: ${name}`, count(number)]),
    ...Object.entries(counted).map(([name, number]): [string, CellValue] => [`Accounting: ${name}`, count(number)]),
    fact('Accounting: balanced', balanced ? 'yes' : 'no'),
    ...Object.entries(notDigests).map(([name, number]): [string, CellValue] => [
      `No hash of a file: ${name}`,
      count(number),
    ]),
    ...head.problems.map((problem) => fact('What the verdicts lack', problem)),
  ];
  return factSheet(
    facts.filter(([, value], place) => place === 0 || value !== null),
    head.simulated,
  );
}

export const INPUT_COLUMNS: readonly SheetColumn<InputFileView>[] = [
  { header: 'Input', width: 40, value: ({ name }) => text(name) },
  { header: 'Bytes', width: 14, value: ({ bytes }) => count(bytes) },
  { header: 'SHA-256', width: 67, value: ({ sha256 }) => text(sha256 ?? 'not known') },
  { header: 'Read as', width: 24, value: ({ formatLabel }) => text(formatLabel) },
  { header: 'Because', width: 30, value: ({ why }) => text(why) },
  { header: 'Encoding', width: 12, value: ({ encoding }) => text(encoding) },
  { header: 'Columns with hashes', width: 24, value: ({ digestColumns }) => text(digestColumns.join(', ')) },
  { header: 'Inside', width: 24, value: ({ inside }) => text(inside ?? '') },
  { header: 'Records', width: 12, value: ({ records }) => count(records) },
  { header: 'With a hash', width: 12, value: ({ counts }) => optional(counts?.hashed) },
  { header: 'Without a hash', width: 14, value: ({ counts }) => optional(counts?.without) },
  { header: 'Rejected', width: 12, value: ({ counts }) => optional(counts?.rejected) },
  { header: 'Other lines', width: 12, value: ({ counts }) => optional(counts?.otherLines) },
  { header: 'Stopped', width: 40, value: ({ fault }) => text(fault ?? '') },
];

export const SET_COLUMNS: readonly SheetColumn<ReportSet>[] = [
  { header: 'Known set', width: 40, value: ({ name }) => text(name) },
  { header: 'Edition', width: 24, value: ({ edition }) => text(edition) },
  { header: 'Mark', width: 14, value: ({ mark }) => text(mark) },
  { header: 'Dated (UTC)', width: 19, value: ({ datedAt }) => time(datedAt) },
  { header: 'Answers', width: 14, value: ({ errorRate }) => text(errorRate === null ? 'exact' : 'possible') },
  {
    header: 'Share of false hits',
    width: 18,
    value: ({ errorRate }) => (errorRate === null ? null : { kind: 'number', number: errorRate }),
  },
];

export const TROUBLE_COLUMNS: readonly SheetColumn<Trouble>[] = [
  { header: 'Input', width: 40, value: ({ file }) => text(file) },
  { header: 'Line', width: 10, value: ({ line }) => count(line) },
  { header: 'Column', width: 10, value: ({ column }) => optional(column ?? undefined) },
  { header: 'What', width: 14, value: ({ kind }) => text(kind === 'rejected' ? 'rejected' : 'without a hash') },
  { header: 'Why', width: 50, value: ({ reason }) => text(reason) },
  { header: 'Excerpt', width: 60, value: ({ excerpt }) => text(excerpt) },
];

function fact(label: string, value: string): readonly [string, CellValue] {
  return [label, value === '' ? null : { kind: 'text', text: value, style: STYLE.wrapped }];
}

function optional(number: number | undefined): CellValue {
  return number === undefined ? null : count(number);
}
