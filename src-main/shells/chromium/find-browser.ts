import { accessSync, constants } from 'node:fs';
import { posix, win32 } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';

export interface Browser {
  readonly name: string;
  readonly path: string;
}

export interface BrowserFacts {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly canRun: (path: string) => boolean;
}

const LINUX_COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['Google Chrome', ['google-chrome-stable', 'google-chrome']],
  ['Microsoft Edge', ['microsoft-edge-stable', 'microsoft-edge']],
  ['Chromium', ['chromium', 'chromium-browser']],
];
const LINUX_PLACES: readonly (readonly [string, string])[] = [
  ['Google Chrome', '/opt/google/chrome/chrome'],
  ['Microsoft Edge', '/opt/microsoft/msedge/msedge'],
];
const MAC_PLACES: readonly (readonly [string, string])[] = [
  ['Google Chrome', 'Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['Microsoft Edge', 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
  ['Chromium', 'Chromium.app/Contents/MacOS/Chromium'],
];
const WINDOWS_PLACES: readonly (readonly [string, string])[] = [
  ['Google Chrome', 'Google\\Chrome\\Application\\chrome.exe'],
  ['Microsoft Edge', 'Microsoft\\Edge\\Application\\msedge.exe'],
  ['Chromium', 'Chromium\\Application\\chrome.exe'],
];

/**
 * The browser to open the window in: ASSAY_BROWSER, else Chrome, Edge, Chromium in that order.
 * @throws AppError UNSUPPORTED that says what to install or set.
 */
export function findBrowser(facts: BrowserFacts = thisMachine()): Browser {
  const wanted = facts.env['ASSAY_BROWSER'];
  if (wanted !== undefined && wanted !== '') {
    if (!facts.canRun(wanted)) {
      throw new AppError('UNSUPPORTED', `ASSAY_BROWSER names ${wanted}, which cannot be run. Name the program itself.`);
    }
    return { name: 'the browser of ASSAY_BROWSER', path: wanted };
  }
  const found = candidates(facts).find(({ path }) => facts.canRun(path));
  if (found === undefined) {
    throw new AppError(
      'UNSUPPORTED',
      'No Chrome, Edge or Chromium was found. Install one, or set ASSAY_BROWSER to its program; `assay` works without.',
    );
  }
  return found;
}

function candidates({ platform, env }: BrowserFacts): readonly Browser[] {
  if (platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((name) => env[name] ?? '');
    return WINDOWS_PLACES.flatMap(([name, place]) =>
      roots.filter((root) => root !== '').map((root) => ({ name, path: win32.join(root, place) })),
    );
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', posix.join(env['HOME'] ?? '/', 'Applications')];
    return MAC_PLACES.flatMap(([name, place]) => roots.map((root) => ({ name, path: posix.join(root, place) })));
  }
  // Packages from snap cannot read hidden folders, where the profile lies: their wrapper would fail to start.
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/') && folder !== '/snap/bin');
  return [
    ...LINUX_COMMANDS.flatMap(([name, commands]) =>
      commands.flatMap((command) => folders.map((folder) => ({ name, path: posix.join(folder, command) }))),
    ),
    ...LINUX_PLACES.map(([name, path]) => ({ name, path })),
  ];
}

function thisMachine(): BrowserFacts {
  return {
    platform: process.platform,
    env: process.env,
    canRun: (path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  };
}
