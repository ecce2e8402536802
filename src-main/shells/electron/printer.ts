import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { AppError } from '#shared/errors/app-error.ts';
import type { Printer, PrintOptions } from '../../platform/printer.ts';

/** What printing needs of a window. */
export type PrintWindow = Pick<BrowserWindow, 'loadURL' | 'destroy' | 'isDestroyed'> & {
  readonly webContents: Pick<BrowserWindow['webContents'], 'printToPDF'>;
};

/** What Electron lends to printing. */
export interface PrinterPieces {
  readonly create: (options: BrowserWindowConstructorOptions) => PrintWindow;
  /** A session of its own, in memory: nothing of the window's is shared with what is printed. */
  readonly session: () => Pick<Session, 'webRequest' | 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>;
}

/** The name of the session, not kept on disk because it does not begin with `persist:`. */
export const PRINT_PARTITION = 'print';

/** Prints in a window nobody sees: sandboxed, without script, and allowed to load that one file. */
export function electronPrinter({ create, session }: PrinterPieces): Printer {
  return {
    unavailable: () => null,
    async print(htmlPath, pdfPath, options, signal) {
      signal.throwIfAborted();
      const url = pathToFileURL(htmlPath).href;
      const own = session();
      own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
      own.setPermissionCheckHandler(() => false);
      own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: details.url !== url }));
      const window = create(PRINT_WINDOW);
      // Promises of a destroyed window need not settle: whoever cancelled waits for none of them.
      const stopped = Promise.withResolvers<never>();
      const stop = (): void => {
        if (!window.isDestroyed()) {
          window.destroy();
        }
        stopped.reject(new Error('the window is gone'));
      };
      stopped.promise.catch(() => undefined);
      signal.addEventListener('abort', stop, { once: true });
      try {
        const pdf = await Promise.race([pdfOf(window, url, options), stopped.promise]);
        signal.throwIfAborted();
        await writeFile(pdfPath, pdf, { mode: 0o600 });
      } catch (error) {
        signal.throwIfAborted();
        throw new AppError('UNSUPPORTED', 'The report could not be printed. HTML can be written instead.', {
          cause: error,
        });
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
  };
}

async function pdfOf(window: PrintWindow, url: string, { tagged }: PrintOptions): Promise<Buffer> {
  await window.loadURL(url);
  return window.webContents.printToPDF({
    pageSize: 'A4',
    landscape: true,
    preferCSSPageSize: true,
    printBackground: true,
    generateTaggedPDF: tagged,
    generateDocumentOutline: tagged,
  });
}

const PRINT_WINDOW: BrowserWindowConstructorOptions = {
  show: false,
  webPreferences: {
    partition: PRINT_PARTITION,
    javascript: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    images: false,
    spellcheck: false,
    devTools: false,
  },
};
