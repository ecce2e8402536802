import { grouped } from './grouped.ts';

/** Forms a report can take, in the order a chooser shows them. */
export const REPORT_FORMATS = ['html', 'pdf', 'csv', 'jsonl', 'xlsx', 'stix', 'misp'] as const;

/** A form a report can take. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A browser lays the whole document out before it prints: beyond this it takes minutes and gigabytes. */
export const PDF_MOST_ROWS = 20_000;

interface FormatFacts {
  readonly label: string;
  readonly ending: string;
  /** A sentence part on what it is for. */
  readonly use: string;
  /** Absent for a form that holds any number. */
  readonly mostRows?: number;
}

/** What a form is called, its file's ending, what it is for, and what it holds. */
export const REPORT_FORMAT: Readonly<Record<ReportFormat, FormatFacts>> = {
  html: { label: 'HTML', ending: 'html', use: 'one page to read and print, with nothing loaded from elsewhere' },
  pdf: { label: 'PDF', ending: 'pdf', use: 'the same page, printed', mostRows: PDF_MOST_ROWS },
  csv: { label: 'CSV', ending: 'csv', use: 'a table with all columns of the list, its manifest beside it' },
  jsonl: { label: 'JSONL', ending: 'jsonl', use: 'one object a row, for programs' },
  xlsx: { label: 'Excel workbook', ending: 'xlsx', use: 'sheets with the statement, the rows and the inputs' },
  stix: { label: 'STIX 2.1 bundle', ending: 'stix.json', use: 'files, indicators and what each source said' },
  misp: { label: 'MISP event', ending: 'misp.json', use: 'file objects with tags, to be imported' },
};

/** Why a form cannot hold so many rows, and what to do; null when it can. */
export function tooManyRows(format: ReportFormat, rows: number): string | null {
  const { label, mostRows } = REPORT_FORMAT[format];
  return mostRows === undefined || rows <= mostRows
    ? null
    : `A ${label} holds at most ${grouped(mostRows)} rows, and ${grouped(rows)} are chosen. Choose fewer, or HTML, which holds any number.`;
}
