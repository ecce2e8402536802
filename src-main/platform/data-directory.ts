import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, win32 } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { networkShareAt, systemProbe, type MountProbe } from './network-share.ts';

/** Where the choice of a data directory comes from. */
export interface DirectoryFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Folders inside a data directory that hold files of their own. */
export const DATA_FOLDERS = { intakes: 'intakes', knownSets: 'known-sets' } as const;

/**
 * The data directory: the one asked for (`--data`), else ASSAY_DATA, else the platform's local, non-roaming place for
 * application data. Absolute; nothing is made.
 */
export function resolveDataDirectory(asked: string | undefined, facts: DirectoryFacts = systemFacts()): string {
  const named = asked ?? facts.env['ASSAY_DATA'];
  if (named !== undefined && named !== '') {
    return resolve(named);
  }
  if (facts.platform === 'win32') {
    const local = facts.env['LOCALAPPDATA'];
    return win32.join(
      local === undefined || local === '' ? win32.join(facts.home, 'AppData', 'Local') : local,
      'Assay',
    );
  }
  if (facts.platform === 'darwin') {
    return join(facts.home, 'Library', 'Application Support', 'Assay');
  }
  const share = facts.env['XDG_DATA_HOME'];
  // The XDG rules say that a relative path is to be ignored.
  return join(share?.startsWith('/') === true ? share : join(facts.home, '.local', 'share'), 'assay');
}

/**
 * Makes the directory for its owner alone. Refuses one on a network share with NETWORK_SHARE: several processes write
 * the database through shared memory, which does not reach across machines.
 */
export function makeDataDirectory(directory: string, probe: MountProbe = systemProbe): void {
  const share = networkShareAt(directory, probe);
  if (share !== null) {
    throw new AppError(
      'NETWORK_SHARE',
      `The data directory ${directory} lies on a network share (${share}), where the database could be damaged. Choose a local folder with --data or ASSAY_DATA.`,
    );
  }
  try {
    makeFolder(directory);
    if (process.platform !== 'win32' && (statSync(directory).mode & 0o077) !== 0) {
      chmodSync(directory, 0o700);
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError(
      'NOT_WRITABLE',
      `The data directory ${directory} cannot be used: ${reasonOf(error)}. Choose another folder with --data or ASSAY_DATA.`,
      { cause: error },
    );
  }
}

/** Not the recursive mkdir of Node: it never returns where a parent exists and still refuses, as below /proc. */
function makeFolder(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) {
    return;
  }
  const parent = dirname(directory);
  if (parent !== directory) {
    makeFolder(parent);
  }
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it just now; a file of that name stays in the way.
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Readonly<Record<string, string>> = {
    EEXIST: 'it is a file, not a folder',
    ENOTDIR: 'a part of its path is a file, not a folder',
    EACCES: 'access is denied',
    EPERM: 'it belongs to somebody else',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOENT: 'it could not be made there',
  };
  return reasons[code] ?? (error as Error).message;
}

function systemFacts(): DirectoryFacts {
  return { platform: process.platform, env: process.env, home: homedir() };
}
