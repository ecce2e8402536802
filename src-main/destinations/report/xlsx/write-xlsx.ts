import { manifestText } from '../manifest.ts';
import type { ReportContent } from '../port.ts';
import { MOST_COLUMNS, MOST_ROWS, columnName } from './cell.ts';
import { INPUT_COLUMNS, SET_COLUMNS, TROUBLE_COLUMNS, reportSheet } from './head-sheets.ts';
import { rowColumns } from './row-columns.ts';
import { RowSource } from './row-source.ts';
import { CUSTOM_PART, MANIFEST_PART, PartsSeal, customXml, withSeal } from './seal-of-parts.ts';
import { type SheetColumn, TableSheet } from './sheet.ts';
import { SourceTotals, sourceColumns } from './source-totals.ts';
import { stylesXml } from './style.ts';
import {
  type SheetEntry,
  contentTypesXml,
  coreXml,
  packageRelationsXml,
  sheetPart,
  workbookRelationsXml,
  workbookXml,
} from './workbook.ts';
import { ZipWriter } from './zip-writer.ts';

/**
 * A workbook (ECMA-376, Office Open XML): sheets with the statement, the rows (as many sheets as they need), totals of each
 * source, inputs, known sets, and records that are no rows. Made from front to back in bounded memory. It seals itself (see
 * seal-of-parts.ts); `onSeal` is told the digits. `mostRows` of one sheet count its head.
 */
export async function* writeXlsx(
  { head, rows, troubles }: ReportContent,
  onSeal: (digits: string) => void,
  mostRows = MOST_ROWS,
): AsyncGenerator<Uint8Array> {
  const workbook = new WorkbookWriter(new ZipWriter(head.madeAt), mostRows, head.simulated);
  yield* workbook.part('[Content_Types].xml', [contentTypesXml()]);
  yield* workbook.part('_rels/.rels', [packageRelationsXml()]);
  yield* workbook.part('docProps/core.xml', [coreXml(head)]);
  yield* workbook.part('xl/styles.xml', [stylesXml()]);
  yield* workbook.sheet('Report', null, [reportSheet(head)]);
  const totals = new SourceTotals();
  const source = new RowSource(rows, (batch) => batch.forEach(({ answers }) => totals.add(answers)));
  yield* workbook.tables('Rows', rowColumns(head), source);
  yield* workbook.tables('Sources', sourceColumns(head.simulated), RowSource.of(totals.all()));
  yield* workbook.tables('Inputs', INPUT_COLUMNS, RowSource.of(head.inputs));
  yield* workbook.tables('Known sets', SET_COLUMNS, RowSource.of(head.sets));
  yield* workbook.tables('Not read', TROUBLE_COLUMNS, new RowSource(troubles, () => undefined));
  yield* workbook.end(manifestText(head), onSeal);
}

class WorkbookWriter {
  readonly #zip: ZipWriter;
  readonly #mostRows: number;
  readonly #isSimulated: boolean;
  readonly #seal = new PartsSeal();
  readonly #sheets: SheetEntry[] = [];

  constructor(zip: ZipWriter, mostRows: number, isSimulated: boolean) {
    this.#isSimulated = isSimulated;
    this.#zip = zip;
    this.#mostRows = mostRows;
  }

  async *part(name: string, texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array> {
    this.#seal.add(name, yield* this.#zip.packed(name, texts));
  }

  async *sheet(
    name: string,
    filter: string | null,
    texts: AsyncIterable<string> | Iterable<string>,
  ): AsyncGenerator<Uint8Array> {
    const number = this.#sheets.length + 1;
    this.#sheets.push({ number, name, filter });
    yield* this.part(sheetPart(number), texts);
  }

  /** All rows of a source: `Rows`, and `Rows 2` and so on for those that do not fit. */
  async *tables<Row>(
    name: string,
    columns: readonly SheetColumn<Row>[],
    source: RowSource<Row>,
  ): AsyncGenerator<Uint8Array> {
    const width = columnName(Math.min(columns.length, MOST_COLUMNS) - 1);
    for (let count = 1; count === 1 || (await source.hasMore()); count += 1) {
      const sheet = new TableSheet(columns, this.#isSimulated);
      const title = count === 1 ? name : `${name} ${count}`;
      yield* this.sheet(title, null, source.sheetOf(sheet, this.#mostRows));
      const entry = this.#sheets.pop();
      if (entry !== undefined) {
        this.#sheets.push({ ...entry, filter: `$A$1:$${width}$${sheet.rows}` });
      }
    }
  }

  async *end(manifest: string, onSeal: (digits: string) => void): AsyncGenerator<Uint8Array> {
    yield* this.part('xl/workbook.xml', [workbookXml(this.#sheets)]);
    yield* this.part('xl/_rels/workbook.xml.rels', [workbookRelationsXml(this.#sheets)]);
    const digits = this.#seal.digits(manifest);
    yield this.#zip.stored(CUSTOM_PART, customXml(digits));
    yield this.#zip.stored(MANIFEST_PART, withSeal(manifest, digits));
    yield this.#zip.end();
    onSeal(digits);
  }
}
