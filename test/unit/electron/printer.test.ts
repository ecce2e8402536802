import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserWindowConstructorOptions, CallbackResponse, OnBeforeRequestListenerDetails } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronPrinter, type PrinterPieces, type PrintWindow } from '#main/shells/electron/printer.ts';

type Filter = (details: OnBeforeRequestListenerDetails, answer: (response: CallbackResponse) => void) => void;

const TAGGED = { tagged: true };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-print-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A window that notes what is done to it. */
function pieces(printToPDF: () => Promise<Buffer>) {
  const seen = { options: null as BrowserWindowConstructorOptions | null, loaded: '', destroyed: 0, printed: {} };
  let filter: Filter | null = null;
  const window: PrintWindow = {
    loadURL: async (url) => void (seen.loaded = url),
    isDestroyed: () => seen.destroyed > 0,
    destroy: () => void (seen.destroyed += 1),
    webContents: {
      printToPDF: (options) => {
        seen.printed = options;
        return printToPDF();
      },
    },
  };
  const session = {
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    webRequest: { onBeforeRequest: (listener: Filter) => void (filter = listener) },
  } as unknown as ReturnType<PrinterPieces['session']>;
  const printer = electronPrinter({
    create: (options) => {
      seen.options = options;
      return window;
    },
    session: () => session,
  });
  const mayLoad = (url: string): boolean => {
    let cancelled: boolean | undefined;
    filter?.({ url } as OnBeforeRequestListenerDetails, (response) => (cancelled = response.cancel));
    return cancelled === false;
  };
  return { printer, seen, mayLoad };
}

describe('printing in the Electron shell', () => {
  it('uses a hidden sandboxed window without script, loads that file alone, and destroys it', async () => {
    const { printer, seen, mayLoad } = pieces(() => Promise.resolve(Buffer.from('%PDF')));
    const html = join(folder, 'report.html');
    await printer.print(html, join(folder, 'report.pdf'), TAGGED, new AbortController().signal);
    expect(readFileSync(join(folder, 'report.pdf'), 'latin1')).toBe('%PDF');
    expect(seen.options).toMatchObject({
      show: false,
      webPreferences: { sandbox: true, javascript: false, nodeIntegration: false, contextIsolation: true },
    });
    expect(seen.options?.webPreferences?.preload).toBeUndefined();
    expect(seen).toMatchObject({
      loaded: pathToFileURL(html).href,
      destroyed: 1,
      printed: { preferCSSPageSize: true, generateTaggedPDF: true, generateDocumentOutline: true },
    });
    expect([pathToFileURL(html).href, 'file:///etc/passwd', 'https://example.org/'].map(mayLoad)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('destroys the window when it is cancelled or cannot print', async () => {
    const controller = new AbortController();
    const cancelled = pieces(() => {
      controller.abort();
      return Promise.reject(new Error('destroyed'));
    });
    await expect(
      cancelled.printer.print(join(folder, 'a.html'), join(folder, 'a.pdf'), TAGGED, controller.signal),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(cancelled.seen.destroyed).toBe(1);

    const silent = pieces(() => Promise.withResolvers<Buffer>().promise);
    const stop = new AbortController();
    const printing = silent.printer.print(join(folder, 'a.html'), join(folder, 'a.pdf'), TAGGED, stop.signal);
    stop.abort();
    await expect(printing).rejects.toMatchObject({ name: 'AbortError' });
    expect([silent.seen.destroyed, existsSync(join(folder, 'a.pdf'))]).toEqual([1, false]);

    const failing = pieces(() => Promise.reject(new Error('no')));
    await expect(
      failing.printer.print(join(folder, 'a.html'), join(folder, 'a.pdf'), TAGGED, new AbortController().signal),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('HTML can be written instead') });
    expect(failing.seen.destroyed).toBe(1);
  });
});
