import { deflateSync } from 'node:zlib';

/** Bodies of the objects 1, 2, 3 …; object 1 is the catalogue. */
export type PdfObjects = readonly (string | Buffer)[];

/** A PDF written by hand, with a table of its objects that is right. */
export function makePdf(objects: PdfObjects): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n', 'latin1')];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  const add = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  objects.forEach((body, index) => {
    places.push(at);
    add(Buffer.from(`${index + 1} 0 obj\n`));
    add(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
    add(Buffer.from('\nendobj\n'));
  });
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\n`;
  const start = at;
  add(Buffer.from(`${table}startxref\n${start}\n%%EOF\n`));
  return new Uint8Array(Buffer.concat(parts));
}

/** A stream, packed. */
export function stream(content: string | Buffer, entries = ''): Buffer {
  const packed = deflateSync(content, { level: 9 });
  const head = `<< /Length ${packed.length} /Filter /FlateDecode ${entries} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')]);
}

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>';

/** One page for each content, in Courier of 10 units. */
export function makePages(contents: readonly (string | Buffer)[]): Uint8Array {
  const kids = contents.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  return makePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${contents.length} /Kids [${kids}] /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> >>`,
    FONT,
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /Contents ${5 + index * 2} 0 R >>`,
      stream(content),
    ]),
  ]);
}

/** Draws a text: `left` and `top` in units of the page. */
export function draw(text: string, left: number, top: number, size = 10): string {
  const escaped = text.replaceAll(/[\\()]/g, String.raw`\$&`);
  return `BT /F ${size} Tf 1 0 0 1 ${left} ${800 - top} Tm (${escaped}) Tj ET\n`;
}
