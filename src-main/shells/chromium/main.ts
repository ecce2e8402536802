import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { tryLockExclusive } from '../../db/process-lock.ts';
import { createEngine } from '../../engine.ts';
import { makeDataDirectory, resolveDataDirectory } from '../../platform/data-directory.ts';
import { programFolder } from '../../platform/resources.ts';
import { downloadsFolder, folderSaveTarget } from '../../platform/save-target.ts';
import { openPage } from '../../platform/open-page.ts';
import { showInFolder } from '../../platform/show-in-folder.ts';
import { createPreferences } from '../../settings/preferences.ts';
import { createLogger } from '../../logging/logger.ts';
import { demoStarter } from '../launch/demo/start-demo.ts';
import { developmentUrl } from '../page/development-url.ts';
import { requireBuiltPage } from '../page/page-files.ts';
import { severityOf } from '../page/severity.ts';
import { findBrowser } from './find-browser.ts';
import { leftInQueue } from './left-in-queue.ts';
import { browserPrinter } from './printer.ts';
import { openChromiumShell } from './shell.ts';

/** `[--data DIR] [FILES]`: opens the window and stays until it is closed. One line says what happened. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } });
  forgetRemoteBrowsers();
  const directory = resolveDataDirectory(values.data);
  makeDataDirectory(directory);
  const browser = findBrowser();
  const pageRoot = join(programFolder(), '.build', 'renderer');
  const devUrl = developmentUrl(process.env['ASSAY_DEV_URL']);
  if (devUrl === null) {
    requireBuiltPage(pageRoot);
  }
  const logger = createLogger(directory).child({ feature: 'window' });
  let left: string | null = null;
  const outcome = await openChromiumShell({
    directory,
    files: positionals,
    pageRoot,
    devUrl,
    browser,
    tryLock: tryLockExclusive,
    report: (event, fields) => logger[severityOf(event)](event, fields),
    async onStopping(engine) {
      left = leftInQueue(await engine.outbound.state(), values.data === undefined ? undefined : directory);
    },
    createEngine: () =>
      createEngine({
        directory,
        threads: 'workers',
        shell: 'chromium',
        preferences: createPreferences(directory),
        saveTarget: folderSaveTarget(downloadsFolder),
        showInFolder,
        printer: browserPrinter(() => browser),
        ...withDemo(directory),
        openPage,
        onFault: (what, error) => logger.error('fault', { what, error }),
      }),
  });
  if (outcome.kind !== 'open') {
    return handedOver(outcome.kind, directory);
  }
  console.error(`Assay is open in ${browser.name}; data in ${directory}. Closing the window ends it.`);
  const stop = (): void => void outcome.shell.close();
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  await outcome.shell.ended;
  if (left !== null) {
    console.error(left);
  }
  return 0;
}

function handedOver(kind: 'told' | 'silent', directory: string): number {
  if (kind === 'told') {
    console.error(`Assay is already open on ${directory}; its window was brought to the front.`);
    return 0;
  }
  throw new AppError('CONFLICT', `Another window holds ${directory} but does not answer. Close it, then start again.`);
}

/** `exactOptionalPropertyTypes`: absent, not undefined, where nothing can start the demonstration. */
function withDemo(directory: string): { readonly startDemo?: () => void } {
  const startDemo = demoStarter({ root: programFolder(), directory, shell: 'chromium', env: process.env });
  return startDemo === undefined ? {} : { startDemo };
}

/** Variables by which the driver would use a browser on another machine, or print what it does. */
function forgetRemoteBrowsers(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(PW|PWDEBUG|PLAYWRIGHT|SELENIUM)(_|$)/.test(name)) {
      delete process.env[name];
    }
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = 1;
  console.error(isAppError(error) ? `assay: ${error.message}` : error);
}
