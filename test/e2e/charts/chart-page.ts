import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { engineDouble } from '#test/unit/electron/engine-double.ts';
import { root } from '../browser.ts';
import { openApp, temporaryFolder, type App } from '../launch.ts';
import type { ChartPage } from './page/main.tsx';

declare global {
  var chartPage: ChartPage;
}

/** Opens a page with nothing but charts in the window, under the window's own policy. */
export async function openChartPage(): Promise<App> {
  const folder = temporaryFolder();
  const pageRoot = join(folder, 'page');
  await build({
    configFile: false,
    root: join(root, 'test', 'e2e', 'charts', 'page'),
    plugins: [react()],
    logLevel: 'error',
    base: './',
    build: { outDir: pageRoot, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const { engine } = engineDouble();
  const app = await openApp({ folder, pageRoot, createEngine: () => Promise.resolve(engine) });
  await app.page.waitForFunction(() => document.title === 'Ready');
  return app;
}
