import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Printer, PrintOptions } from '../../platform/printer.ts';
import type { Browser } from './find-browser.ts';
import { launchFault } from './launch-fault.ts';
import { launchOptions, type LaunchOptions, type LaunchParts } from './launch-options.ts';

/** Long enough for the largest report a PDF may be made of on a slow machine. */
const LOAD_MS = 10 * 60_000;

/**
 * Prints in an installed browser without a window: started as the window is, with a pipe and its sandbox, with a profile
 * of its own beside the page, without script and without network. `find` throws when there is none.
 */
export function browserPrinter(find: () => Browser, test?: LaunchParts['test']): Printer {
  return {
    unavailable() {
      try {
        find();
        return null;
      } catch (error) {
        if (isAppError(error)) {
          return error.message;
        }
        throw error;
      }
    },
    async print(htmlPath, pdfPath, options, signal) {
      signal.throwIfAborted();
      const context = await launch(find(), join(dirname(htmlPath), 'profile'), test);
      const stop = (): void => void context.close().catch(() => undefined);
      signal.addEventListener('abort', stop, { once: true });
      try {
        signal.throwIfAborted();
        await printPage(context, pathToFileURL(htmlPath).href, pdfPath, options);
      } catch (error) {
        signal.throwIfAborted();
        throw new AppError('UNSUPPORTED', 'The browser did not print the report. HTML can be written instead.', {
          cause: error,
        });
      } finally {
        signal.removeEventListener('abort', stop);
        await context.close();
      }
    },
  };
}

/** As the window is started, but for what a page that is only printed does without. */
function printOptions(parts: Omit<LaunchParts, 'devUrl'>): LaunchOptions {
  const options = launchOptions({ ...parts, devUrl: null });
  return {
    ...options,
    headless: true,
    javaScriptEnabled: false,
    offline: true,
    args: (options.args ?? []).filter((arg) => !arg.startsWith('--app=') && !arg.startsWith('--window-size=')),
  };
}

async function launch(browser: Browser, profile: string, test: LaunchParts['test']): Promise<BrowserContext> {
  const { chromium } = await import('playwright-core');
  const parts = { executable: browser.path, env: process.env, ...(test === undefined ? {} : { test }) };
  try {
    return await chromium.launchPersistentContext(profile, printOptions(parts));
  } catch (error) {
    throw new AppError('UNSUPPORTED', launchFault(browser, error, 'The report could not be printed'), { cause: error });
  }
}

async function printPage(
  context: BrowserContext,
  url: string,
  pdfPath: string,
  { tagged }: PrintOptions,
): Promise<void> {
  await context.route('**/*', (route) => (route.request().url() === url ? route.continue() : route.abort()));
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url, { waitUntil: 'load', timeout: LOAD_MS });
  await page.pdf({
    path: pdfPath,
    format: 'A4',
    landscape: true,
    preferCSSPageSize: true,
    printBackground: true,
    tagged,
    outline: tagged,
  });
}
