import { type CellValue, MOST_COLUMNS, cellXml, columnName } from './cell.ts';
import { STYLE } from './style.ts';

/** A column of a table: its head, and its cell in each row. */
export interface SheetColumn<Row> {
  readonly header: string;
  /** In characters. */
  readonly width: number;
  readonly value: (row: Row) => CellValue;
}

/** A sheet whose first row names its columns, stays in sight and can be filtered; written from top to bottom. */
export class TableSheet<Row> {
  readonly #columns: readonly SheetColumn<Row>[];
  readonly #names: readonly string[];
  readonly #isSimulated: boolean;
  #rows = 1;

  /** Columns beyond the most a sheet can have are left out; the last header says how many. */
  constructor(columns: readonly SheetColumn<Row>[], isSimulated: boolean) {
    this.#isSimulated = isSimulated;
    this.#columns = fitting(columns);
    this.#names = this.#columns.map((_, place) => columnName(place));
  }

  /** Rows so far, the header's included. */
  get rows(): number {
    return this.#rows;
  }

  begin(): string {
    const headers = this.#columns.map(({ header }, place) =>
      cellXml(`${this.#names[place] ?? ''}1`, { kind: 'text', text: header, style: STYLE.header }),
    );
    const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
    return `${SHEET_BEGIN}<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>${widths(
      this.#columns.map(({ width }) => width),
    )}<sheetData><row r="1">${headers.join('')}</row>`;
  }

  row(row: Row): string {
    this.#rows += 1;
    let cells = '';
    for (const [place, { value }] of this.#columns.entries()) {
      cells += cellXml(`${this.#names[place] ?? ''}${this.#rows}`, value(row));
    }
    return `<row r="${this.#rows}">${cells}</row>`;
  }

  end(): string {
    const last = `${this.#names.at(-1) ?? 'A'}${this.#rows}`;
    return `</sheetData><autoFilter ref="A1:${last}"/>${stamp(this.#isSimulated)}</worksheet>`;
  }
}

/** A sheet of labels and what they stand for, whole. */
export function factSheet(
  facts: readonly (readonly [label: string, value: CellValue])[],
  isSimulated: boolean,
): string {
  const rows = facts.map(([label, value], index) => {
    const style = index === 0 ? STYLE.title : STYLE.label;
    const cells = cellXml(`A${index + 1}`, { kind: 'text', text: label, style }) + cellXml(`B${index + 1}`, value);
    return `<row r="${index + 1}">${cells}</row>`;
  });
  const view = '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>';
  return `${SHEET_BEGIN}${view}${widths([30, 90])}<sheetData>${rows.join('')}</sheetData>${stamp(isSimulated)}</worksheet>`;
}

/** What is printed at the top of every page of a sheet (ECMA-376, 18.3.1.46) where the answers are made up. */
function stamp(isSimulated: boolean): string {
  return isSimulated
    ? '<headerFooter><oddHeader>&amp;CSimulated sources: the answers in this report are made up</oddHeader></headerFooter>'
    : '';
}

const SHEET_BEGIN =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">';

function widths(all: readonly number[]): string {
  const cols = all.map(
    (width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<cols>${cols.join('')}</cols>`;
}

function fitting<Row>(columns: readonly SheetColumn<Row>[]): readonly SheetColumn<Row>[] {
  if (columns.length <= MOST_COLUMNS) {
    return columns;
  }
  const left = columns.length - MOST_COLUMNS + 1;
  const note = { header: `${left} more columns have no room in a sheet`, width: 40, value: () => null };
  return [...columns.slice(0, MOST_COLUMNS - 1), note];
}
