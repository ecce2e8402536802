import { bounded, Meter } from '../bounds.ts';
import {
  type ByteSource,
  type ContainerFinding,
  type ContainerFormat,
  type ContainerOptions,
  MemberFault,
} from '../port.ts';
import { BlankBudget } from './blank-budget.ts';
import { refuseOle } from './ole.ts';
import { openPackage } from './package.ts';
import { readSharedStrings, SharedStrings } from './shared-strings.ts';
import { sheetAsCsv } from './sheet-csv.ts';
import { readWorkbook } from './workbook.ts';

/** What empty rows and cells of a workbook may come to as CSV, in bytes: a million rows of 256 empty cells. */
const MOST_BLANKS = 256 * 1024 * 1024;

/** A report of Assay holds this part. Its other sheets state hashes that are none of the rows: those of inputs. */
const REPORT_PART = 'assay/manifest.json';
const REPORT_ROWS = /^Rows( \d+)?$/;

/**
 * Workbooks in Office Open XML (ECMA-376 part 1, SpreadsheetML; transitional and strict, with macros or without). Each
 * sheet is a member of its own, in the order of the tabs, as CSV whose lines are the sheet's rows. Of a report of Assay the
 * sheets with its rows alone are read.
 */
export const xlsx: ContainerFormat = {
  id: 'xlsx',
  label: 'Excel workbook',
  open: openSheets,
};

async function* openSheets(source: ByteSource, { signal }: ContainerOptions): AsyncGenerator<ContainerFinding> {
  await refuseOle(source);
  const office = await openPackage(source, signal);
  const book = await readWorkbook(office);
  if (book.sheets.length === 0) {
    throw new MemberFault('damaged', 'the workbook names no sheet with cells');
  }
  const { sharedStrings } = book;
  const strings = sharedStrings === null ? new SharedStrings() : await readSharedStrings(office.part(sharedStrings));
  const blanks = new BlankBudget(MOST_BLANKS);
  const csvMeter = new Meter(source.size);
  const isReport = office.has(REPORT_PART);
  for (const { name, part } of book.sheets.filter((sheet) => !isReport || REPORT_ROWS.test(sheet.name))) {
    signal.throwIfAborted();
    if (part === null || !office.has(part)) {
      yield { kind: 'refused', name, why: 'damaged', reason: 'the workbook names this sheet, but does not hold it' };
    } else {
      // A text may be used by any number of cells: what becomes of them is bounded like what was unpacked.
      const content = bounded(sheetAsCsv(office.part(part), book, strings, blanks), csvMeter);
      yield { kind: 'member', name, as: 'text', size: null, content };
    }
  }
}
