import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '#main/engine.ts';
import { calls, pushes, type CallName, type Handlers } from '#shared/contract/index.ts';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import type { Engine, EngineOptions } from '#main/services/engine-port.ts';
import type { Printer } from '#main/platform/printer.ts';
import { createPreferences } from '#main/settings/preferences.ts';
import { browserPrinter } from '#main/shells/chromium/printer.ts';
import type { TestBrowser } from './browser.ts';
import { browser, openApp, temporaryFolder, type App, type OpenOptions } from './launch.ts';

/**
 * Opens the built window on the real engine, as `npm start` does; exports land in `downloads` of its folder. Answers and
 * pushes that do not fit the contract fail the test.
 */
export function openRealApp(
  options: Partial<Pick<OpenOptions, 'folder' | 'files' | 'expected' | 'pageRoot'>> & {
    /** Called with the engine before the window opens, to put something into the cache. */
    readonly prepare?: (engine: Engine) => Promise<void>;
    /** Other parts for the engine: keys, a browser that only notes what it was told to open. */
    readonly parts?: Partial<EngineOptions>;
  } = {},
): Promise<App> {
  const folder = options.folder ?? temporaryFolder();
  const downloads = join(folder, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const misfits: string[] = [];
  return openApp({
    ...options,
    folder,
    moreFaults: () => misfits,
    createEngine: async (directory) => {
      const engine = await createEngine({
        directory,
        threads: 'workers',
        shell: 'chromium',
        preferences: createPreferences(directory),
        saveTarget: folderSaveTarget(() => Promise.resolve(downloads)),
        ...(browser === null ? {} : { printer: printerIn(browser) }),
        showInFolder: () => undefined,
        ...(browser === null ? {} : { printer: printerIn(browser) }),
        ...options.parts,
      });
      await options.prepare?.(engine);
      return { ...engine, handlers: checked(engine.handlers, misfits), onPush: checkedPushes(engine, misfits) };
    },
  });
}

/** Prints in the browser for tests. */
function printerIn(found: TestBrowser): Printer {
  return browserPrinter(() => found, found.launch);
}

/** Handlers whose every answer is held against the contract. */
function checked(handlers: Handlers, misfits: string[]): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      async (input: never) => {
        const output: unknown = await handler(input);
        const fits = calls[name as CallName].output.safeParse(output);
        if (!fits.success) {
          misfits.push(`${name}: ${fits.error.message}`);
        }
        return output;
      },
    ]),
  ) as unknown as Handlers;
}

function checkedPushes(engine: Engine, misfits: string[]): Engine['onPush'] {
  return (listener) =>
    engine.onPush((name, payload) => {
      const fits = pushes[name].payload.safeParse(payload);
      if (!fits.success) {
        misfits.push(`push ${name}: ${fits.error.message}`);
      }
      listener(name, payload);
    });
}
