import { BlobReader, BlobWriter, configure, TextReader, ZipWriter } from '@zip.js/zip.js';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface MadeSheet {
  readonly name: string;
  /** What stands in `sheetData`. */
  readonly rows: string;
}

export interface MadeWorkbook {
  readonly sheets?: readonly MadeSheet[];
  /** What stands in `sst`; none: the workbook has no table of texts. */
  readonly texts?: string;
  readonly styles?: string;
  readonly bookProperties?: string;
  /** Parts that replace those made here, or are added. */
  readonly parts?: Readonly<Record<string, string | Blob>>;
}

/** A workbook written by hand, as small as it can be. */
export async function makeWorkbook(made: MadeWorkbook): Promise<Uint8Array> {
  const sheets = made.sheets ?? [];
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relations([['r1', `${OFFICE}/officeDocument`, 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${made.bookProperties ?? ''}<sheets>${sheets
      .map(({ name }, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, index) => [`s${index}`, `${OFFICE}/worksheet`, `worksheets/sheet${index}.xml`] as const),
      ['t', `${OFFICE}/sharedStrings`, '/xl/texts.xml'],
      ['f', `${OFFICE}/styles`, 'styles.xml'],
    ]),
    ...(made.texts === undefined ? {} : { 'xl/texts.xml': `<sst xmlns="${MAIN}">${made.texts}</sst>` }),
    ...(made.styles === undefined
      ? {}
      : { 'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${made.styles}</styleSheet>` }),
  };
  sheets.forEach(({ rows }, index) => {
    parts[`xl/worksheets/sheet${index}.xml`] = `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`;
  });
  return zipOf({ ...parts, ...made.parts });
}

/** A zip file of these texts; very large ones may come as blobs. */
export async function zipOf(parts: Readonly<Record<string, string | Blob>>): Promise<Uint8Array> {
  configure({ useWebWorkers: false });
  const writer = new ZipWriter(new BlobWriter());
  for (const [name, content] of Object.entries(parts)) {
    await writer.add(name, typeof content === 'string' ? new TextReader(content) : new BlobReader(content));
  }
  const blob = await writer.close();
  return new Uint8Array(await blob.arrayBuffer());
}

function relations(all: readonly (readonly [id: string, type: string, target: string])[]): string {
  const each = all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`);
  return `<Relationships>${each.join('')}</Relationships>`;
}
