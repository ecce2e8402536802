/** Forms a report can take, in the order a chooser shows them. */
export const REPORT_FORMATS = ['html', 'pdf', 'csv', 'jsonl', 'xlsx', 'stix', 'misp'] as const;

/** A form a report can take. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a form is called, its file's ending, and a sentence part on what it is for. */
export const REPORT_FORMAT: Readonly<
  Record<ReportFormat, { readonly label: string; readonly ending: string; readonly use: string }>
> = {
  html: { label: 'HTML', ending: 'html', use: 'one page to read and print, with nothing loaded from elsewhere' },
  pdf: { label: 'PDF', ending: 'pdf', use: 'the same page, printed' },
  csv: { label: 'CSV', ending: 'csv', use: 'a table with all columns of the list, its manifest beside it' },
  jsonl: { label: 'JSONL', ending: 'jsonl', use: 'one object a row, for programs' },
  xlsx: { label: 'Excel workbook', ending: 'xlsx', use: 'sheets with the statement, the rows and the inputs' },
  stix: { label: 'STIX 2.1 bundle', ending: 'stix.json', use: 'files, indicators and what each source said' },
  misp: { label: 'MISP event', ending: 'misp.json', use: 'file objects with tags, to be imported' },
};
