import { grouped } from '#shared/domain/grouped.ts';
import { PDF_MOST_ROWS } from '#shared/domain/report.ts';
import { PDF_TAGGED_ROWS } from '../../destinations/report/pdf/print-pdf.ts';
import type { ReportHead } from '../../destinations/report/port.ts';
import { SIDECAR_ENDING } from '../../destinations/report/sidecar.ts';

/** Rows up to which browsers open a page at once. */
const QUICK_PAGE_ROWS = 50_000;
/** Rows of a sheet, the header left out; ISO/IEC 29500 has no limit, the programs that open workbooks have. */
const SHEET_ROWS = 1_048_575;

/** What the person who makes a report should know before: what the form cannot hold, and what takes long. */
export function previewNotes(head: ReportHead): readonly string[] {
  return [...formNotes(head), ...contentNotes(head)];
}

function formNotes({ format, rows, troubles }: ReportHead): readonly string[] {
  switch (format) {
    case 'csv':
      return [
        `A table alone: the statement, the inputs and the seal lie beside it, in a file whose name ends in ${SIDECAR_ENDING}.`,
        ...(troubles > 0
          ? [`The ${grouped(troubles)} records that are no rows are counted there, and not listed.`]
          : []),
      ];
    case 'pdf':
      // Of too many rows none is made, which is said beside the forms.
      return rows > PDF_TAGGED_ROWS && rows <= PDF_MOST_ROWS
        ? [`A PDF of more than ${grouped(PDF_TAGGED_ROWS)} rows has no tags for screen readers. HTML serves them.`]
        : [];
    case 'html':
      return rows > QUICK_PAGE_ROWS
        ? [`Browsers need long to open a page with ${grouped(rows)} rows. CSV, JSONL and Excel hold them as well.`]
        : [];
    case 'xlsx':
      return [
        'This page states what the sheets of the workbook hold.',
        ...(rows > SHEET_ROWS ? [`A sheet holds ${grouped(SHEET_ROWS)} rows: the rest goes on further sheets.`] : []),
      ];
    case 'stix':
    case 'misp':
      return rows > QUICK_PAGE_ROWS
        ? [
            `Few programs import ${grouped(rows)} rows at once. A selection of the malicious and suspicious ones is smaller.`,
          ]
        : [];
    default:
      return [];
  }
}

function contentNotes({ intake, simulated, rows }: ReportHead): readonly string[] {
  return [
    ...(simulated ? ['The sources are simulated: every answer in the report is made up, and it says so.'] : []),
    ...(intake.embargo ? ['This intake is under embargo: the report holds its hashes. Mind whom it is given to.'] : []),
    ...(intake.state === 'cancelled' ? ['Reading was cancelled: the report covers what was read until then.'] : []),
    ...(rows === 0 ? ['No row is chosen: the report states the intake alone.'] : []),
  ];
}
