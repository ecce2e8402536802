import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { PushPayload } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createPushBatcher } from '../../ipc/push-batcher.ts';
import { createRouter } from '../../ipc/router.ts';
import { originOf } from '../../ipc/sender.ts';
import type { Engine } from '../../services/engine-port.ts';
import { bindContext, pagePushTarget, pathsOfHeldFiles, trustsPage } from './page-bridge.ts';
import { servePage } from './page-route.ts';
import { launchOptions, PAGE_ORIGIN, PAGE_URL, type TestLaunch } from './launch-options.ts';
import type { Browser } from './find-browser.ts';
import { launchFault } from './launch-fault.ts';

export interface ChromiumWindowParts {
  readonly engine: Pick<Engine, 'handlers' | 'onPush' | 'registerPaths'>;
  readonly browser: Browser;
  /** The browser profile, below the data directory: nothing is shared with the person's own browsing. */
  readonly profile: string;
  readonly pageRoot: string;
  readonly devUrl: string | null;
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly test?: TestLaunch;
}

export interface ChromiumWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  focus(): Promise<void>;
  openFiles(files: PushPayload<'openFiles'>): void;
  /** Resolves when the window or its browser is closed, by whomever, or when its page crashed; the browser has ended. */
  readonly closed: Promise<WindowEnd>;
  close(): Promise<void>;
}

export type WindowEnd = 'closed' | 'crashed';

/**
 * Opens the page in the given browser and binds it to the engine.
 * @throws AppError UNSUPPORTED with what keeps the browser from starting.
 */
export async function openChromiumWindow(parts: ChromiumWindowParts): Promise<ChromiumWindow> {
  const context = await launch(parts);
  try {
    return await bind(context, parts);
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function launch(parts: ChromiumWindowParts): Promise<BrowserContext> {
  const { chromium } = await import('playwright-core');
  const { browser, devUrl, test } = parts;
  try {
    return await chromium.launchPersistentContext(
      parts.profile,
      launchOptions({ executable: browser.path, env: process.env, devUrl, ...(test === undefined ? {} : { test }) }),
    );
  } catch (error) {
    throw new AppError('UNSUPPORTED', launchFault(browser, error), { cause: error });
  }
}

async function bind(context: BrowserContext, parts: ChromiumWindowParts): Promise<ChromiumWindow> {
  const { engine, report } = parts;
  const devOrigin = parts.devUrl === null ? null : originOf(parts.devUrl);
  const page = context.pages()[0] ?? (await context.newPage());
  const session = await context.newCDPSession(page);
  const refused = (what: string, detail: string): void => report('page refused', { what, detail });
  const router = createRouter({
    handlers: engine.handlers,
    trusts: trustsPage(devOrigin ?? PAGE_ORIGIN),
    registerPaths: (paths) => engine.registerPaths(paths),
    onDefect: (where, error) => report('defect', { where, error }),
  });

  await servePage(context, parts.pageRoot, devOrigin, refused);
  await bindContext(
    context,
    () => page,
    router,
    (token) => pathsOfHeldFiles(session, token),
  );
  await context.grantPermissions(['clipboard-write'], { origin: devOrigin ?? PAGE_ORIGIN });
  context.on('page', (other) => {
    if (other !== page) {
      refused('window', originOf(other.url()) ?? 'no origin');
      void other.close();
    }
  });

  page.on('dialog', (dialog) => {
    // Without a listener the driver would answer for the person that the page may be left.
    if (dialog.type() !== 'beforeunload') {
      void dialog.dismiss().catch(() => undefined);
    }
  });

  const batcher = createPushBatcher(pagePushTarget(page, session));
  const stopPushes = engine.onPush((name, payload) => batcher.push(name, payload));
  const closed = whenClosed(context, page).finally(() => {
    stopPushes();
    batcher.dispose();
  });

  await parts.test?.onContext?.(context, page);
  await page.goto(parts.devUrl ?? PAGE_URL, { waitUntil: 'domcontentloaded' });
  return {
    context,
    page,
    focus: () => raise(page, session),
    openFiles: (files) => batcher.push('openFiles', files),
    closed,
    async close() {
      await context.close();
      await closed;
    },
  };
}

/** The window's end is the browser's: some systems would keep a browser without windows running. */
async function whenClosed(context: BrowserContext, page: Page): Promise<WindowEnd> {
  const end = await new Promise<WindowEnd>((resolve) => {
    page.once('crash', () => resolve('crashed'));
    page.once('close', () => resolve('closed'));
    context.once('close', () => resolve('closed'));
  });
  await context.close().catch(() => undefined);
  return end;
}

async function raise(page: Page, session: CDPSession): Promise<void> {
  try {
    const { windowId, bounds } = await session.send('Browser.getWindowForTarget');
    if (bounds.windowState === 'minimized') {
      await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } });
    }
  } catch {
    // Without windows of its own (headless) there is nothing to restore.
  }
  await page.bringToFront();
}
