import { BlobReader, TextWriter, ZipReader } from '@zip.js/zip.js';
import { SaxesParser } from 'saxes';

export interface ReadCell {
  readonly value: string | number;
  /** Place of its format in styles.xml. */
  readonly style: number;
}
export interface ReadSheet {
  readonly rows: readonly Readonly<Record<string, ReadCell>>[];
  readonly xml: string;
}

/** The parts of a zip file, unpacked by a library that has nothing to do with what wrote it, checksums compared. */
export async function partsOf(bytes: Uint8Array): Promise<Map<string, string>> {
  const zip = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)])), {
    checkSignature: true,
    useWebWorkers: false,
  });
  const parts = new Map<string, string>();
  for (const entry of await zip.getEntries()) {
    if (!entry.directory) {
      parts.set(entry.filename, await entry.getData(new TextWriter()));
    }
  }
  await zip.close();
  return parts;
}

/** The sheets of a workbook by the names on their tabs, in their order. Throws where XML is not well-formed. */
export async function sheetsOf(bytes: Uint8Array): Promise<Map<string, ReadSheet>> {
  const parts = await partsOf(bytes);
  for (const [name, xml] of parts) {
    if (!name.endsWith('.json')) {
      new SaxesParser({ xmlns: true }).write(xml).close();
    }
  }
  const targets = new Map(
    [...(parts.get('xl/_rels/workbook.xml.rels') ?? '').matchAll(/Id="(\w+)" Type="[^"]+" Target="([^"]+)"/g)].map(
      ([, id = '', target = '']) => [id, target],
    ),
  );
  const tabs = [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet name="([^"]+)" sheetId="\d+" r:id="(\w+)"/g)];
  return new Map(
    tabs.map(([, name = '', id = '']) => {
      const xml = parts.get(`xl/${targets.get(id) ?? ''}`) ?? '';
      return [name, { xml, rows: rowsOf(xml) }];
    }),
  );
}

/** Cells by the letters of their columns; texts with their `_xHHHH_` read back. */
function rowsOf(xml: string): Record<string, ReadCell>[] {
  const rows: Record<string, ReadCell>[] = [];
  let cell = { column: '', style: 0, isText: false };
  let text = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'row') {
      rows.push({});
    } else if (name === 'c') {
      const { r = '', s = '0', t = '' } = attributes;
      cell = { column: r.replace(/\d+/, ''), style: Number(s), isText: t === 'inlineStr' };
    } else if (name === 't' || name === 'v') {
      text = '';
    } else if (name === 'f') {
      throw new Error('A cell holds a formula.');
    }
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    const row = rows.at(-1);
    if ((name === 't' || name === 'v') && row !== undefined) {
      const value = cell.isText ? unescaped(text) : Number(text);
      row[cell.column] = { value, style: cell.style };
    }
  });
  parser.write(xml).close();
  return rows;
}

function unescaped(text: string): string {
  return text.replaceAll(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
