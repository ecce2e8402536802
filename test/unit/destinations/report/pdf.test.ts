import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { printPdf } from '#main/destinations/report/pdf/print-pdf.ts';
import type { PrintOptions, Printer } from '#main/platform/printer.ts';
import { previewNotes } from '#main/services/report/preview-notes.ts';
import { requireFits } from '#main/services/report/require-available.ts';
import { collected, reportHead } from './content.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-pdf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DOCUMENT = '%PDF-1.7\nxref\nstartxref\n9\n%%EOF\n';

/** A printer that prints the same whatever it is given, and tells how it was asked to. */
function printing(text: string): { readonly printer: Printer; readonly asked: PrintOptions[] } {
  const asked: PrintOptions[] = [];
  const print: Printer['print'] = async (_, pdfPath, options) => {
    asked.push(options);
    writeFileSync(pdfPath, text);
  };
  return { printer: { unavailable: () => null, print }, asked };
}

describe('a report as PDF', () => {
  it.each([
    [5_000, true],
    [5_001, false],
  ])('of %i rows has tags: %s, which is said before', async (rows, tagged) => {
    const { printer, asked } = printing(DOCUMENT);
    const signal = new AbortController().signal;
    const bytes = await collected(printPdf(join(folder, 'r.html'), rows, '{"manifest":1}', printer, folder, signal));
    expect(asked).toEqual([{ tagged }]);
    expect(Buffer.from(bytes).toString()).toBe(`${DOCUMENT}\n% {"manifest":1}\nstartxref\n9\n%%EOF\n`);
    const notes = previewNotes({ ...reportHead(), format: 'pdf', rows });
    expect(notes.some((note) => note.includes('tags for screen readers'))).toBe(!tagged);
  });

  it('of more rows than it holds is refused, other forms are not', () => {
    expect(() => requireFits('pdf', 20_000)).not.toThrow();
    expect(() => requireFits('pdf', 20_001)).toThrow('A PDF holds at most 20,000 rows, and 20,001 are chosen.');
    expect(() => requireFits('html', 20_001)).not.toThrow();
  });

  it('that was not printed to its end is none', async () => {
    const { printer } = printing('%PDF-1.7\ncut');
    const chunks = printPdf(join(folder, 'r.html'), 1, '', printer, folder, new AbortController().signal);
    await expect(collected(chunks)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
