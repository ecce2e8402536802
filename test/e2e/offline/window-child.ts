import { join } from 'node:path';
import { createEngine } from '#main/engine.ts';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import { openChromiumShell } from '#main/shells/chromium/shell.ts';
import { root, testBrowser } from '../browser.ts';

/** Opens the whole window on a data directory, shows it for a while, and ends. Watched from outside. */
const [directory = '', list = '', shownFor = '3000'] = process.argv.slice(2);
const browser = await testBrowser();
if (browser === null) {
  throw new Error('no browser for tests on this machine');
}
const outcome = await openChromiumShell({
  directory,
  files: [list],
  pageRoot: join(root, '.build', 'renderer'),
  devUrl: null,
  browser,
  createEngine: () => createEngine({ directory, threads: 'workers', shell: 'chromium' }),
  tryLock: tryLockExclusive,
  report: () => undefined,
  test: browser.launch,
});
if (outcome.kind !== 'open') {
  throw new Error(`the window was not opened: ${outcome.kind}`);
}
const { page } = outcome.shell.window;
await page.getByRole('heading', { level: 1 }).first().waitFor();
// The time is what is watched: timers of the scheduler, the browser's own background work.
await new Promise((resolve) => setTimeout(resolve, Number(shownFor)));
process.stdout.write('shown\n');
await outcome.shell.close();
