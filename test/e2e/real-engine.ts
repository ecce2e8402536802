import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '#main/engine.ts';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { openApp, temporaryFolder, type App, type OpenOptions } from './launch.ts';

/** Opens the built window on the real engine, as `npm start` does; exports land in `downloads` of its folder. */
export function openRealApp(
  options: Partial<Pick<OpenOptions, 'folder' | 'files' | 'expected' | 'pageRoot'>> & {
    /** Called with the engine before the window opens, to put something into the cache. */
    readonly prepare?: (engine: Engine) => Promise<void>;
  } = {},
): Promise<App> {
  const folder = options.folder ?? temporaryFolder();
  const downloads = join(folder, 'downloads');
  mkdirSync(downloads, { recursive: true });
  return openApp({
    ...options,
    folder,
    createEngine: async (directory) => {
      const engine = await createEngine({
        directory,
        threads: 'workers',
        shell: 'chromium',
        saveTarget: folderSaveTarget(() => Promise.resolve(downloads)),
        showInFolder: () => undefined,
      });
      await options.prepare?.(engine);
      return engine;
    },
  });
}
