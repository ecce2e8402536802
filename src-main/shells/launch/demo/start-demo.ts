import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../../platform/child-environment.ts';
import { makeDataDirectory } from '../../../platform/data-directory.ts';
import { pinnedNode } from '../node-runtime.mjs';
import type { ShellName } from '../choose-shell.ts';

/** What the demonstration's start printed last, inside its directory. */
const LOG_FILE = 'demo-start.log';
/** Variables that say which browser opens; they hold no secret. */
const PASSED_ON = ['ASSAY_BROWSER'];

/** The data directory of the demonstration that belongs to a data directory. */
export function demoDirectoryOf(directory: string): string {
  return `${directory}-demo`;
}

/**
 * What a window does for "Start the demonstration": the launcher, on its own, in the same shell, on the demonstration's
 * directory, with an environment without keys. Undefined where there is no launcher (a packaged program).
 */
export function demoStarter(parts: {
  readonly root: string;
  readonly directory: string;
  readonly shell: ShellName;
  readonly env: NodeJS.ProcessEnv;
}): (() => void) | undefined {
  const script = join(parts.root, 'src-main', 'shells', 'launch', 'start.mjs');
  if (!existsSync(script)) {
    return undefined;
  }
  return () => {
    const directory = demoDirectoryOf(parts.directory);
    makeDataDirectory(directory);
    const log = openSync(join(directory, LOG_FILE), 'w', 0o600);
    const { program, env } = node(parts.root);
    const passed = PASSED_ON.flatMap((name) => (parts.env[name] === undefined ? [] : [[name, parts.env[name]]]));
    const child = spawn(program, [script, '--demo', '--data', directory], {
      cwd: parts.root,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      env: { ...childEnvironment(parts.env), ...Object.fromEntries(passed), ...env, ASSAY_SHELL: parts.shell },
    });
    closeSync(log);
    // The log says why; there is nobody left to tell.
    child.on('error', () => undefined);
    child.unref();
  };
}

/** A Node: this one, or inside Electron the one that came along, else Electron made to be one. */
function node(root: string): { readonly program: string; readonly env: Readonly<Record<string, string>> } {
  if (process.versions['electron'] === undefined) {
    return { program: process.execPath, env: {} };
  }
  const pinned = pinnedNode(root, process.platform, process.arch);
  return pinned === null
    ? { program: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } }
    : { program: pinned, env: {} };
}
