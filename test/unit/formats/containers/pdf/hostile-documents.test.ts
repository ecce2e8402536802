import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { pdf } from '#main/formats/containers/pdf/pdf.ts';
import { readPages } from '#main/formats/containers/pdf/read-pages.ts';
import { openAll } from '../opened.ts';
import { draw, makePages, makePdf, stream } from './make-pdf.ts';

const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const SHA1 = /^[0-9a-f]{40}$/;
const fixture = new URL('../../../../fixtures/documents/reportlab.pdf', import.meta.url);

describe('damaged documents', () => {
  test('cut at every 64th byte: a refusal or pages, and only digests it really holds', async () => {
    const bytes = new Uint8Array(await readFile(fixture));
    const whole = new Set((await textOf(bytes)).split(/\s+/));
    const invented = new Set<string>();
    for (let length = 0; length < bytes.length; length += 64) {
      const words = (await textOf(bytes.subarray(0, length))).split(/\s+/);
      words.filter((word) => /^[0-9a-f]{32,64}$/.test(word) && !whole.has(word)).forEach((word) => invented.add(word));
    }
    expect([...whole].filter((word) => SHA1.test(word))).toHaveLength(3);
    expect([...invented]).toEqual([]);
  });

  test('bytes that are no document', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('%PDF-1.7\n'), Buffer.from('hello')]) {
      const { fault } = await openAll(pdf, bytes);
      expect(fault).toMatch(/^damaged: it is no PDF that can be read/);
    }
  });

  test('what comes before a page that is none is kept, and the fault is told', async () => {
    const bytes = Buffer.from(makePages([draw('first', 50, 50), draw('second', 50, 50), draw('third', 50, 50)]));
    // The second page is a number.
    const page = '<< /Type /Page /Parent 2 0 R /Contents 7 0 R >>';
    const text = bytes.toString('latin1').replace(page, '42'.padEnd(page.length));
    const { members } = await openAll(pdf, Buffer.from(text, 'latin1'));
    expect(members[0]).toEqual({ name: 'text', text: 'first\n', fault: 'damaged: 1 of its 2 pages cannot be read' });
  });
});

describe('hostile documents', () => {
  test('pages that are their own kids', async () => {
    const bytes = makePdf([CATALOGUE, '<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R 2 0 R] >>']);
    const { members } = await openAll(pdf, bytes);
    expect(members[0]).toEqual({ name: 'text', text: '', fault: 'damaged: 1 of its 1 pages cannot be read' });
  });

  test('two thousand million pages that are not there', async () => {
    const page = '<< /Type /Page /Parent 2 0 R >>';
    const bytes = makePdf([CATALOGUE, '<< /Type /Pages /Count 2147483647 /Kids [3 0 R] >>', page]);
    const { members, fault } = await openAll(pdf, bytes);
    expect([fault, members[0]?.text]).toEqual([null, '']);
  });

  test('a table of objects that claims a thousand million of them', async () => {
    const text = Buffer.from(makePages([draw('kept', 50, 50)])).toString('latin1');
    const claims = text.replace(/xref\n0 \d+/, 'xref\n0 999999999').replace(/\/Size \d+/, '/Size 999999999');
    const { members, fault } = await openAll(pdf, Buffer.from(claims, 'latin1'));
    expect([fault, members.map((member) => [member.text, member.fault])]).toEqual([null, [['kept\n', null]]]);
  });

  test('a picture that draws itself', async () => {
    const form = '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>';
    const bytes = makePdf([
      CATALOGUE,
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> /MediaBox [0 0 9 9] >>',
      stream('/X Do'),
      stream('/X Do /X Do /X Do', form),
    ]);
    expect((await openAll(pdf, bytes)).fault).toBeNull();
  });
});

async function textOf(bytes: Uint8Array): Promise<string> {
  let text = '';
  for await (const each of readPages(bytes, [])) {
    text += each.kind === 'page' ? (each.text ?? '') : '';
  }
  return text;
}
