import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveDataDirectory } from '../../platform/data-directory.ts';
import { findBrowser } from '../chromium/find-browser.ts';
import type { ShellName } from './choose-shell.ts';
import { SIMULATORS_FILE } from './demo/simulators-file.ts';
import { demoDirectoryOf } from './demo/start-demo.ts';
import { electronExecutable } from './electron-runtime.ts';
import { launch, type LaunchParts, type ShellEnd } from './launch.ts';
import { readFailedFetch, writeFailedFetch } from './launch-memory.ts';
import { isFresh } from './node-runtime.mjs';
import { runChild, type ChildEnd } from './run-child.ts';
import { shellCommand, withoutKeys, type Target } from './shell-command.ts';

/** A window shell that ends with an error sooner than this never was of use. */
const START_MS = 10_000;

/**
 * `npm start -- [--demo] [--data DIR] [FILES]`: opens a shell on the files and returns its exit code. With `--demo`, and on
 * a directory that was made by it, the sources are simulated and run as long as the shell.
 */
export async function start(args: readonly string[], root: string): Promise<number> {
  const asked = askedFor(args);
  if (typeof asked === 'string') {
    process.stderr.write(`assay: ${asked}\n`);
    return 2;
  }
  const named = resolveDataDirectory(asked.data);
  const directory = asked.demo && asked.data === undefined ? demoDirectoryOf(named) : named;
  if (!asked.demo && !(await isDemoDirectory(directory))) {
    const data = asked.data === undefined ? [] : ['--data', directory];
    return launch(asked.files, realParts({ root, data, env: process.env, isDemo: false }));
  }
  const { openDemo } = await import('./demo/open-demo.ts');
  const demo = await openDemo(directory, root);
  process.stderr.write(`assay: demonstration with simulated sources; data in ${directory}.\n`);
  try {
    const env = { ...process.env, ...demo.env };
    return await launch(asked.files, realParts({ root, data: ['--data', directory], env, isDemo: true }));
  } finally {
    await demo.leave();
  }
}

function askedFor(
  args: readonly string[],
): { readonly demo: boolean; readonly data: string | undefined; readonly files: readonly string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { demo: { type: 'boolean', default: false }, data: { type: 'string' } },
    });
    return { demo: values.demo, data: values.data, files: positionals.map((file) => resolve(file)) };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    return `${why}. npm start takes --demo, --data DIR and files.`;
  }
}

/** Only a directory that is there can be one; the database is not loaded for any other. */
async function isDemoDirectory(directory: string): Promise<boolean> {
  if (!existsSync(join(directory, SIMULATORS_FILE))) {
    return false;
  }
  const { isStampedDirectory } = await import('../../db/stamped.ts');
  return isStampedDirectory(directory);
}

function realParts(target: Target): LaunchParts {
  const { root, env } = target;
  // Remembered in one place, whichever directory is opened.
  const directory = resolveDataDirectory(undefined);
  const inRoot = (...path: string[]): string => join(root, ...path);
  return {
    facts: () => ({
      platform: process.platform,
      env,
      isRoot: process.getuid?.() === 0,
      electronPresent: electronExecutable(root, process.platform, process.env) !== null,
      failedFetch: readFailedFetch(directory),
      browserPresent: hasBrowser(),
      now: Date.now(),
    }),
    fetchElectron: () => fetchElectronOnce(root),
    remember: (failed) => writeFailedFetch(directory, failed),
    async build() {
      const sources = ['src-main', 'src-shared', 'src-renderer', 'electron.vite.config.ts'].map((path) => inRoot(path));
      const built = ['main/index.js', 'main/chromium-shell.js', 'preload/index.cjs', 'renderer/index.html'];
      if (built.every((path) => isFresh(inRoot('.build', path), sources))) {
        return null;
      }
      process.stderr.write('assay: building the window.\n');
      const end = await runChild(process.execPath, [inRoot('.scripts', 'build.mjs')], {
        env: withoutKeys(process.env),
        stdout: 'stderr',
      });
      return end.code === 0 ? null : `.scripts/build.mjs ended with ${end.code}`;
    },
    async run(shell, files) {
      const began = Date.now();
      const end = await runShell(shell, files, target);
      return asShellEnd(end, Date.now() - began);
    },
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

async function runShell(shell: ShellName, files: readonly string[], target: Target): Promise<ChildEnd> {
  const { root } = target;
  const facts = {
    node: process.execPath,
    electron: electronExecutable(root, process.platform, process.env),
    isBundled: existsSync(join(root, '.build', 'main', 'chromium-shell.js')),
    samples: await sampleLists(root),
  };
  if (shell === 'terminal' && target.isDemo) {
    const { scanInTerminal } = await import('./demo/scan-in-terminal.ts');
    return scanInTerminal(files, target, facts);
  }
  const command = shellCommand(shell, files, target, facts);
  return command === null
    ? { code: 1, signal: null, output: '' }
    : runChild(command.program, command.args, { env: command.env });
}

async function sampleLists(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'resources', 'samples'));
  return names.filter((name) => !name.startsWith('.')).sort();
}

function asShellEnd(end: ChildEnd, milliseconds: number): ShellEnd {
  const code = end.signal === null ? end.code : 128 + constants.signals[end.signal];
  return { code, failedToStart: end.signal === null && end.code !== 0 && milliseconds < START_MS };
}

/** Fetches the archive in a process that knows the proxy and the system's certificates, then lets Electron unpack it. */
async function fetchElectronOnce(root: string): Promise<string | null> {
  if (!existsSync(join(root, 'node_modules', 'electron', 'install.js'))) {
    return 'the electron package is not installed';
  }
  const env = { ...withoutKeys(process.env), NODE_USE_ENV_PROXY: '1', NODE_USE_SYSTEM_CA: '1' };
  const script = join(root, 'src-main', 'shells', 'launch', 'fetch-electron.ts');
  const fetched = await runChild(process.execPath, [script, root], { env, stdout: 'capture' });
  if (fetched.code !== 0) {
    return fetched.output.trim().split('\n').at(-1) || `it ended with ${fetched.code}`;
  }
  const unpacked = await runChild(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    env,
    stdout: 'stderr',
  });
  return unpacked.code === 0 ? null : 'it could not be unpacked';
}

function hasBrowser(): boolean {
  try {
    findBrowser();
    return true;
  } catch {
    // None installed, or ASSAY_BROWSER names none; the chromium shell itself says which when it is asked for.
    return false;
  }
}
