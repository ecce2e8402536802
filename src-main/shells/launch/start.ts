import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { resolveDataDirectory } from '../../platform/data-directory.ts';
import { findBrowser } from '../chromium/find-browser.ts';
import type { ShellName } from './choose-shell.ts';
import { electronExecutable } from './electron-runtime.ts';
import { launch, type LaunchParts, type ShellEnd } from './launch.ts';
import { readFailedFetch, writeFailedFetch } from './launch-memory.ts';
import { isFresh } from './node-runtime.mjs';
import { runChild, type ChildEnd } from './run-child.ts';

/** A window shell that ends with an error sooner than this never was of use. */
const START_MS = 10_000;

/** `npm start [FILES]`: opens a shell on the files and returns its exit code. */
export async function start(args: readonly string[], root: string): Promise<number> {
  return launch(
    args.map((file) => resolve(file)),
    realParts(root, resolveDataDirectory(undefined)),
  );
}

function realParts(root: string, directory: string): LaunchParts {
  const inRoot = (...path: string[]): string => join(root, ...path);
  const executable = (): string | null => electronExecutable(root, process.platform, process.env);
  return {
    facts: () => ({
      platform: process.platform,
      env: process.env,
      isRoot: process.getuid?.() === 0,
      electronPresent: executable() !== null,
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
      const end = await runChild(process.execPath, [inRoot('.scripts', 'build.mjs')], { stdout: 'stderr' });
      return end.code === 0 ? null : `.scripts/build.mjs ended with ${end.code}`;
    },
    async run(shell, files) {
      const began = Date.now();
      const end = await runShell(shell, files, root, executable());
      return asShellEnd(end, Date.now() - began);
    },
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

async function runShell(
  shell: ShellName,
  files: readonly string[],
  root: string,
  electron: string | null,
): Promise<ChildEnd> {
  const bundle = join(root, '.build', 'main', 'chromium-shell.js');
  if (shell === 'electron') {
    // With this variable Electron would be a plain Node.
    const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
    return electron === null ? { code: 1, signal: null, output: '' } : runChild(electron, [root, ...files], { env });
  }
  if (shell === 'chromium') {
    const entry = existsSync(bundle) ? bundle : join(root, 'src-main', 'shells', 'chromium', 'main.ts');
    return runChild(process.execPath, [entry, ...files], {});
  }
  const assay = join(root, 'src-main', 'shells', 'terminal', 'assay.mjs');
  return runChild(process.execPath, [assay, 'triage', ...(await triageArguments(files, root))], {});
}

/** The given files, else the lists that come with Assay. */
export async function triageArguments(files: readonly string[], root: string): Promise<string[]> {
  if (files.length > 0) {
    return ['--', ...files];
  }
  const samples = join(root, 'resources', 'samples');
  const names = (await readdir(samples)).filter((name) => !name.startsWith('.')).sort();
  return ['--as', 'list', '--title', 'Sample lists', '--', ...names.map((name) => join(samples, name))];
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
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', NODE_USE_SYSTEM_CA: '1' };
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
