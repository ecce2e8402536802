import type { Accounting, GridRow, InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { byFormat, type FormatShare } from '#shared/domain/by-format.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { age, count, counted, duration } from './numbers.ts';
import { visible } from './plain-text.ts';
import { STATUS_SHAPE, type Style } from './style.ts';
import { tableLines, type TableColumn } from './table.ts';

/** `2,184 records = 1,907 hashes + 270 duplicates + 4 without a hash + 3 rejected`: all that went in, accounted for. */
export function accountingLine(accounting: Accounting): string {
  const parts = [
    counted(accounting.hashes, 'hash', 'hashes'),
    counted(accounting.duplicates, 'duplicate'),
    `${count(accounting.withoutHash)} without a hash`,
    `${count(accounting.rejected)} rejected`,
  ];
  const sign = accounting.balanced ? '=' : '≠';
  return `${counted(accounting.records, 'record')} ${sign} ${parts.join(' + ')}`;
}

/** `■ 12 malicious  ▲ 7 suspicious …` in the order of severity, then what is flagged. */
export function countsLine(counts: IntakeSummary['counts'], style: Style): string {
  const statuses = STATUSES.map((status) =>
    style.status(status, `${STATUS_SHAPE[status]} ${count(counts[status])} ${status}`),
  );
  const flags = [
    ...(counts.conflict > 0 ? [`≠ ${count(counts.conflict)} conflicting`] : []),
    ...(counts.stale > 0 ? [`${count(counts.stale)} stale`] : []),
  ];
  return [...statuses, ...flags].join('  ');
}

/** `Not counted as hashes: 12 imphash, 3 uuid.`, or nothing. */
function notDigestsLine(accounting: Accounting): string | null {
  const named = Object.entries(accounting.notDigests).filter(([, number]) => number > 0);
  if (named.length === 0) {
    return null;
  }
  return `Not a file's digest, left alone: ${named.map(([name, number]) => `${count(number)} ${name}`).join(', ')}`;
}

/** How one input was read and why: `sums.txt: GNU checksums (9 of 10 lines …), UTF-8`. */
function readingLine(input: InputFileView): string {
  const columns = input.digestColumns.length === 0 ? '' : `, digests from ${input.digestColumns.join(', ')}`;
  const why = input.why === '' ? '' : ` (${input.why})`;
  const encoding = input.encoding === '' ? '' : `, ${input.encoding}`;
  return `${input.name}: ${input.formatLabel}${why}${columns}${encoding}`;
}

const INPUTS_SHOWN = 5;

/** The head of a report: how it was read, the accounting, the counts. */
export function summaryLines(intake: IntakeSummary, inputs: readonly InputFileView[], style: Style): string[] {
  const read = inputs.filter((input) => input.format !== '').map((input) => visible(readingLine(input)));
  const more = read.length - INPUTS_SHOWN;
  const notDigests = notDigestsLine(intake.accounting);
  return [
    style.strong(visible(intake.title)),
    ...read.slice(0, INPUTS_SHOWN),
    ...(more > 0 ? [`and ${counted(more, 'further input')}`] : []),
    ...formatLines(inputs, style),
    accountingLine(intake.accounting),
    ...(notDigests === null ? [] : [visible(notDigests)]),
    countsLine(intake.counts, style),
  ];
}

/** Where the rows came from, a line for each format; nothing when there is one. */
export function formatLines(inputs: readonly InputFileView[], style: Style): string[] {
  const shares = byFormat(inputs);
  if (shares.length < 2) {
    return [];
  }
  const figure = (header: string, of: (share: FormatShare) => number | undefined): TableColumn<FormatShare> => ({
    header,
    align: 'right',
    cell: (share) => {
      const value = of(share);
      return value === undefined ? 'not kept' : count(value);
    },
  });
  const columns: TableColumn<FormatShare>[] = [
    { header: 'format', cell: ({ label }) => label },
    figure('inputs', (share) => share.inputs),
    figure('rows', (share) => share.records),
    figure('with hash', ({ counts }) => counts?.hashed),
    figure('without', ({ counts }) => counts?.without),
    figure('rejected', ({ counts }) => counts?.rejected),
    figure('other lines', ({ counts }) => counts?.otherLines),
  ];
  return tableLines(columns, shares, null, style.faint);
}

/** Why a verdict stands, in a few words: `WildFire +2`, `hash list`, `never asked`. */
export type BasisLabel = (row: GridRow) => string;

/** Rows of an intake as table lines. `now` in seconds since the epoch. */
export function rowLines(
  rows: readonly GridRow[],
  options: { readonly style: Style; readonly width: number | null; readonly now: number; readonly basis: BasisLabel },
): string[] {
  const { style, now } = options;
  const columns: TableColumn<GridRow>[] = [
    {
      header: 'verdict',
      cell: ({ verdict }) =>
        `${STATUS_SHAPE[verdict.status]} ${verdict.status}${verdict.flags.includes('conflict') ? ' ≠' : ''}`,
      paint: ({ verdict }, text) => style.status(verdict.status, text),
    },
    { header: 'hash', cell: (row) => row.hash, cut: 'middle', least: 17 },
    { header: 'basis', cell: (row) => options.basis(row), least: 10 },
    {
      header: 'age',
      align: 'right',
      cell: ({ verdict }) =>
        verdict.answeredAt === null
          ? ''
          : `${age(now - verdict.answeredAt)}${verdict.flags.includes('stale') ? ' stale' : ''}`,
    },
    { header: 'where', cell: (row) => place(row), cut: 'start', least: 10 },
  ];
  return tableLines(columns, rows, options.width, style.faint);
}

/** The last line: where it is kept and how long it took. */
export function keptLine(intake: IntakeSummary): string {
  return `Kept as intake ${intake.id}, answered in ${duration(intake.elapsedMs)} from this machine.`;
}

function place(row: GridRow): string {
  const more = row.occurrences > 1 ? ` and ${count(row.occurrences - 1)} more` : '';
  return row.line > 0 ? `${row.file}:${row.line}${more}` : `${row.file}${more}`;
}
