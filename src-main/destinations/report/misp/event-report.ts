import { isoTime } from '../../jsonl-rows.ts';
import { groupedDigits } from '../facts/grouped-digits.ts';
import type { ReportHead } from '../port.ts';

/**
 * The statement of a report as Markdown, for people who open the event. Texts from outside are escaped. Hashes of inputs and
 * those people mention are written in groups, so that nobody who collects hashes from texts takes them for files of a row.
 */
export function eventReport(head: ReportHead): string {
  const { statement, intake, accounting, rowCounts } = head;
  const { notDigests: _none, balanced, ...counted } = accounting;
  const facts: readonly (readonly [string, string])[] = [
    ['Examiner', statement.examiner],
    ['Case', statement.caseName],
    ['Made', `${isoTime(head.madeAt)} by ${head.madeBy}`],
    ['Intake', `${intake.id}, ${intake.title}, read ${isoTime(intake.createdAt)} by ${intake.readBy}, ${intake.state}`],
    ['Verdicts when triaged', isoTime(intake.triagedAt)],
    ['Verdicts now', isoTime(intake.judgedAt)],
    ['Rows', `${head.rows}, ${head.selection}`],
    ['Embargo', intake.embargo ? 'no hash of it may be asked about outside' : ''],
    ['Stopped', intake.fault ?? ''],
    ['Note on the intake', intake.note],
    ['Note', statement.note],
  ];
  const title = statement.title === '' ? intake.title : statement.title;
  return [
    `# ${plain(title === '' ? `Intake ${intake.id}` : title)}`,
    ...(head.simulated ? ['**The answers in this report are made up by simulated sources.**'] : []),
    list(facts.filter(([, text]) => text !== '')),
    '## Verdicts',
    list(Object.entries(rowCounts).map(([name, count]) => [name, String(count)])),
    '## Accounting',
    list([
      ...Object.entries(counted).map(([name, count]): [string, string] => [name, String(count)]),
      ['balanced', balanced ? 'yes' : 'no'],
    ]),
    '## Inputs',
    list(head.inputs.map(({ name, bytes, sha256 }) => [name, `${bytes} bytes, SHA-256 ${sha256 ?? 'not known'}`])),
    ...(head.sets.length === 0 ? [] : ['## Known sets', list(head.sets.map(setFacts))]),
    ...(head.problems.length === 0 ? [] : ['## What the verdicts lack', ...head.problems.map(plain)]),
  ].join('\n\n');
}

function setFacts({ name, edition, mark, datedAt, errorRate }: ReportHead['sets'][number]): readonly [string, string] {
  const dated = datedAt === null ? [] : [`dated ${isoTime(datedAt).slice(0, 10)}`];
  const rate = errorRate === null ? [] : [`share of false hits ${errorRate}`];
  return [name, [edition, mark, ...dated, ...rate].filter((part) => part !== '').join(', ')];
}

function list(facts: readonly (readonly [string, string])[]): string {
  return facts.map(([name, text]) => `- ${plain(name)}: ${plain(text)}`).join('\n');
}

/** A text as Markdown that shows it and does nothing else: one line, marks escaped (CommonMark, 2.4), no markup. */
function plain(text: string): string {
  return groupedDigits(text)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|>~@$]/g, (mark) => `\\${mark}`);
}
