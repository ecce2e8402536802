import { isoTime } from '../../jsonl-rows.ts';
import type { ReportHead } from '../port.ts';
import { cellText } from './cell.ts';

/** A sheet by the number of its part and the name on its tab. */
export interface SheetEntry {
  readonly number: number;
  readonly name: string;
  /** The cells a filter is set on, as `$A$1:$C$9`; null where there is none. */
  readonly filter: string | null;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The part of a sheet. */
export function sheetPart(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

/**
 * `[Content_Types].xml`: ECMA-376 part 2, 10.1.2. Every part that is XML is a sheet unless it is named: so that it can
 * stand first, as readers expect, before it is known how many sheets there will be.
 */
export function contentTypesXml(): string {
  const override = (part: string, type: string): string => `<Override PartName="/${part}" ContentType="${type}"/>`;
  return (
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `<Default Extension="xml" ContentType="${TYPE}.worksheet+xml"/><Default Extension="json" ContentType="application/json"/>` +
    override('xl/workbook.xml', `${TYPE}.sheet.main+xml`) +
    override('xl/styles.xml', `${TYPE}.styles+xml`) +
    override('docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml') +
    override('docProps/custom.xml', 'application/vnd.openxmlformats-officedocument.custom-properties+xml') +
    '</Types>'
  );
}

/** `_rels/.rels`: what the package holds. The manifest has a relation of its own, so that it belongs to it. */
export function packageRelationsXml(): string {
  return relations([
    [`${OFFICE}/relationships/officeDocument`, 'xl/workbook.xml'],
    [`${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'],
    [`${OFFICE}/relationships/custom-properties`, 'docProps/custom.xml'],
    ['urn:assay:report-manifest', 'assay/manifest.json'],
  ]);
}

/** `xl/_rels/workbook.xml.rels`, with the ids `workbookXml` uses. */
export function workbookRelationsXml(sheets: readonly SheetEntry[]): string {
  return relations([
    [`${OFFICE}/relationships/styles`, 'styles.xml'],
    ...sheets.map(({ number }): readonly [string, string] => [
      `${OFFICE}/relationships/worksheet`,
      `worksheets/sheet${number}.xml`,
    ]),
  ]);
}

/** `xl/workbook.xml`, the sheets in the order of their tabs. Filters are named as Excel names them. */
export function workbookXml(sheets: readonly SheetEntry[]): string {
  const tabs = sheets.map(
    ({ number, name }, place) => `<sheet name="${name}" sheetId="${number}" r:id="rId${place + 2}"/>`,
  );
  const filters = sheets.flatMap(({ name, filter }, place) =>
    filter === null
      ? []
      : [
          `<definedName name="_xlnm._FilterDatabase" localSheetId="${place}" hidden="1">'${name}'!${filter}</definedName>`,
        ],
  );
  return (
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}/relationships"><bookViews><workbookView activeTab="0"/></bookViews>` +
    `<sheets>${tabs.join('')}</sheets><definedNames>${filters.join('')}</definedNames></workbook>`
  );
}

/** `docProps/core.xml`: title, maker and time. */
export function coreXml({ statement, intake, madeBy, madeAt }: ReportHead): string {
  const title = statement.title === '' ? intake.title : statement.title;
  const creator = statement.examiner === '' ? madeBy : statement.examiner;
  const time = isoTime(madeAt);
  return (
    `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<dc:title>${cellText(title)}</dc:title><dc:creator>${cellText(creator)}</dc:creator>` +
    `<dcterms:created xsi:type="dcterms:W3CDTF">${time}</dcterms:created>` +
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${time}</dcterms:modified></cp:coreProperties>`
  );
}

function relations(all: readonly (readonly [type: string, target: string])[]): string {
  const each = all.map(
    ([type, target], place) => `<Relationship Id="rId${place + 1}" Type="${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}
