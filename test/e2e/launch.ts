import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { openChromiumShell, type ChromiumShell } from '#main/shells/chromium/shell.ts';
import { root, testBrowser, type TestBrowser } from './browser.ts';

export const browser: TestBrowser | null = await testBrowser();

export interface App {
  readonly page: Page;
  readonly engine: Engine;
  readonly shell: ChromiumShell;
  readonly session: CDPSession;
  /** A folder of its own, removed with the app. The data directory is `data` in it, exports land in `downloads`. */
  readonly folder: string;
  /** Console errors, page errors and policy violations so far. */
  readonly faults: string[];
  /** What the shell refused and reported. */
  readonly reports: unknown[];
  /** Closes the window, waits for the engine, removes the folder; fails when the page did anything wrong. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly folder?: string;
  readonly files?: readonly string[];
  readonly pageRoot?: string;
  readonly createEngine: (directory: string) => Promise<Engine>;
  /** Further faults, asked for at the end. */
  readonly moreFaults?: () => readonly string[];
  /** Faults the test provokes. */
  readonly expected?: RegExp;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'assay-e2e-'));
}

/** Opens the real page in a real browser through the chromium shell. */
export async function openApp(options: OpenOptions): Promise<App> {
  if (browser === null) {
    throw new Error('no browser for tests on this machine');
  }
  const folder = options.folder ?? temporaryFolder();
  const directory = join(folder, 'data');
  const faults: string[] = [];
  const reports: unknown[] = [];
  const outcome = await openChromiumShell({
    directory,
    files: options.files ?? [],
    pageRoot: options.pageRoot ?? join(root, '.build', 'renderer'),
    devUrl: null,
    browser,
    createEngine: () => options.createEngine(directory),
    tryLock: tryLockExclusive,
    report: (event, fields) => reports.push([event, fields]),
    test: { ...browser.launch, onContext: (_context, page) => watch(page, faults) },
  });
  if (outcome.kind !== 'open') {
    throw new Error(`the window was not opened: ${outcome.kind}`);
  }
  const { shell } = outcome;
  const { page, context } = shell.window;
  // Patience for a machine that does other things as well.
  page.setDefaultTimeout(120_000);
  if (browser.major !== null) {
    expect(context.browser()?.version().split('.')[0]).toBe(browser.major);
  }
  return {
    page,
    engine: shell.engine,
    shell,
    session: await context.newCDPSession(page),
    folder,
    faults,
    reports,
    async close() {
      await shell.close();
      rmSync(folder, { recursive: true, force: true });
      const all = [...faults, ...(options.moreFaults?.() ?? [])];
      expect(all.filter((fault) => options.expected?.test(fault) !== true)).toEqual([]);
    },
  };
}

async function watch(page: Page, faults: string[]): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('requestfailed', (request) => faults.push(`request failed: ${request.url()}`));
  await page.addInitScript({
    content: `addEventListener('securitypolicyviolation', (event) =>
      console.error('policy violation: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  });
}

/** Drops files or folders on the page as a file manager does. */
export async function dropFiles(app: App, paths: readonly string[], at = { x: 640, y: 400 }): Promise<void> {
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await app.session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}

/** Drops text on the page as another window does. */
export async function dropText(app: App, text: string, at = { x: 640, y: 400 }): Promise<void> {
  const data = { items: [{ mimeType: 'text/plain', data: text }], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await app.session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}
