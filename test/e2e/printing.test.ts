import { createServer } from 'node:http';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manifestOf, manifestText, readManifest } from '#main/destinations/report/manifest.ts';
import { printPdf, withPrintFolder } from '#main/destinations/report/pdf/print-pdf.ts';
import { readSeal, sealed } from '#main/destinations/report/seal.ts';
import { writeHtml } from '#main/destinations/report/html/write-html.ts';
import { writeStreamed } from '#main/destinations/write-streamed.ts';
import { browserPrinter } from '#main/shells/chromium/printer.ts';
import type { Printer } from '#main/platform/printer.ts';
import { reportContent, reportHead, reportRow } from '#test/unit/destinations/report/content.ts';
import { testBrowser, type TestBrowser } from './browser.ts';
import { temporaryFolder } from './launch.ts';
import { browsersOn } from './print-browsers.ts';

const NEVER = new AbortController().signal;
const rows = Array.from({ length: 60 }, (_, seed) => reportRow(seed));
const head = { ...reportHead(), format: 'pdf' as const, simulated: true, rows: rows.length };

let browser: TestBrowser | null;
let folder: string;
const printer = (): Printer => {
  if (browser === null) {
    throw new Error('No browser to print with.');
  }
  const found = browser;
  return browserPrinter(() => found, found.launch);
};

beforeAll(async () => {
  browser = await testBrowser();
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function print(to: string): Promise<void> {
  await withPrintFolder(folder, async (own) => {
    const html = join(own, 'report.html');
    await writeStreamed(html, writeHtml(reportContent({ head, rows })));
    const chunks = printPdf(html, rows.length, manifestText(head), printer(), own, NEVER);
    await writeStreamed(
      to,
      sealed(chunks, () => undefined),
    );
  });
}

describe('printing a report', () => {
  it('makes a sealed PDF that readers open, stamped on every page, and leaves nothing behind', async () => {
    const path = join(folder, 'out.pdf');
    await print(path);

    const bytes = readFileSync(path);
    const seal = await readSeal(path, () => undefined, NEVER);
    expect(seal?.computed).toBe(seal?.carried);
    expect(readManifest(bytes.toString('latin1'))).toEqual(manifestOf(head));

    const pdf = await getDocumentProxy(new Uint8Array(bytes));
    expect(await pdf.getMarkInfo()).toMatchObject({ Marked: true });
    const texts: string[] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      texts.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
    }
    expect(texts.length).toBeGreaterThan(2);
    for (const [index, text] of texts.entries()) {
      expect(text).toContain('Simulated');
      expect(text).toContain(`Page ${index + 1} of ${texts.length}`);
    }
    expect(texts.join('')).toContain(rows[59]?.hash);
    expect(readdirSync(folder)).toEqual(['out.pdf']);
  });

  it('is cut by a byte that changed', async () => {
    const path = join(folder, 'changed.pdf');
    await print(path);
    const bytes = readFileSync(path);
    bytes[2000] = (bytes[2000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const seal = await readSeal(path, () => undefined, NEVER);
    expect(seal).not.toBeNull();
    expect(seal?.computed).not.toBe(seal?.carried);
  });

  it('runs no script and asks nobody, whatever the page says', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await withPrintFolder(folder, async (own) => {
      const html = join(own, 'hostile.html');
      const there = `http://127.0.0.1:${port}`;
      writeFileSync(
        html,
        `<!doctype html><link rel="stylesheet" href="${there}/css"><img src="${there}/img"><iframe src="${there}/frame"></iframe>` +
          `<iframe src="file:///etc/passwd"></iframe><p id="p">before</p><script>p.textContent='ran';fetch('${there}/script')</script>` +
          `<meta http-equiv="refresh" content="0;url=${there}/refresh">`,
      );
      const pdfPath = join(own, 'hostile.pdf');
      await printer().print(html, pdfPath, { tagged: true }, NEVER);
      const pdf = await getDocumentProxy(new Uint8Array(readFileSync(pdfPath)));
      const { items } = await (await pdf.getPage(1)).getTextContent();
      const text = items.map((item) => ('str' in item ? item.str : '')).join('');
      expect(text).toContain('before');
      expect(text).not.toContain('root:');
    });
    server.close();
    expect(asked).toEqual([]);
  });

  it('ends when it is cancelled, with the browser', async () => {
    await withPrintFolder(folder, async (own) => {
      const html = join(own, 'report.html');
      await writeStreamed(html, writeHtml(reportContent({ head, rows })));
      const controller = new AbortController();
      const printing = printer().print(html, join(own, 'report.pdf'), { tagged: true }, controller.signal);
      await vi.waitFor(() => expect(readdirSync(own)).toContain('profile'), { timeout: 60_000 });
      controller.abort();
      await expect(printing).rejects.toMatchObject({ name: 'AbortError' });
      expect(browsersOn(own)).toEqual([]);
    });
  });

  it('clears what an ended process left', async () => {
    mkdirSync(join(folder, 'print-99999999-abc'));
    mkdirSync(join(folder, `print-${process.pid}-abc`));
    await withPrintFolder(folder, () => Promise.resolve());
    expect(readdirSync(folder).filter((name) => name.startsWith('print-'))).toEqual([`print-${process.pid}-abc`]);
  });
});
