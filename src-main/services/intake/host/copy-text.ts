import { unrunnable } from '../../../destinations/csv-rows.ts';
import { isoTime } from '../../../destinations/jsonl-rows.ts';
import type { IntakeFile } from '../../../intakes/intake-file.ts';
import type { RowMark } from '../../annotations/intake-marks.ts';
import type { OpenIntake } from './open-intake.ts';
import { gridRow, leadingDigest } from './rows.ts';

/** Rows that fit the clipboard; beyond them, export. */
const MOST_ROWS = 10_000;

/**
 * Rows as text for the clipboard: a hash per line; tab-separated with verdict, rule, source, time, place, tags, the
 * beginning of the note and carried columns, none of which a spreadsheet runs, in a simulated directory with a column that says so; or hashes that no program takes for a link or an indicator to act on (a space after every 8 digits).
 */
export function copyText(
  intake: Pick<OpenIntake, 'file' | 'view' | 'marks'>,
  order: Uint32Array,
  as: 'list' | 'tsv' | 'defanged',
  simulated: boolean,
): { text: string; rows: number; truncated: boolean } {
  const { file } = intake;
  const entries = Array.from(order.subarray(0, MOST_ROWS));
  const marks = as === 'tsv' ? intake.marks.on(entries) : [];
  const lines =
    as === 'tsv'
      ? [tsvHeader(file, simulated), ...entries.map((entry, place) => tsvRow(intake, entry, marks[place], simulated))]
      : entries.map((entry) => {
          const { hash } = leadingDigest(file.digestsOf(entry));
          return as === 'list' ? hash : hash.replaceAll(/.{8}(?=.)/g, '$& ');
        });
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    rows: entries.length,
    truncated: order.length > entries.length,
  };
}

function tsvHeader(file: IntakeFile, simulated: boolean): string {
  const own = [
    'hash',
    'kind',
    'verdict',
    'rule',
    'source',
    'answeredAt',
    'file',
    'line',
    'tags',
    'note',
    ...(simulated ? ['simulated'] : []),
  ];
  return [...own, ...file.columns.map(unrunnable)].map(tsvCell).join('\t');
}

function tsvRow(
  { file, view }: Pick<OpenIntake, 'file' | 'view'>,
  entry: number,
  mark: RowMark | undefined,
  simulated: boolean,
): string {
  const row = gridRow(file, view.verdicts, entry, mark);
  const { status, rule, source, answeredAt } = row.verdict;
  const own = [row.hash, row.kind, status, rule, source ?? '', answeredAt === null ? '' : isoTime(answeredAt)];
  const written = [row.tags.join('; '), row.note].map(unrunnable);
  const place = [unrunnable(row.file), String(row.line), ...written, ...(simulated ? ['true'] : [])];
  return [...own, ...place, ...row.carried.map(unrunnable)].map(tsvCell).join('\t');
}

function tsvCell(text: string): string {
  return text.replaceAll(/[\t\r\n]+/g, ' ');
}
