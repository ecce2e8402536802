import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { isNameTaken, restoreOlder } from '../destinations/older-files.ts';
import type { SaveTarget } from '../services/engine-port.ts';
import { whyNotThere } from './real-path.ts';

/** Highest number tried behind a name before giving up on numbers. */
const MOST_COPIES = 999;

/**
 * Saves into one folder under a free name: `name (2).csv` when `name.csv` is there, or only a manifest of it. A name given
 * out is not given out again by this target, even before its file exists.
 */
export function folderSaveTarget(folder: () => Promise<string>): SaveTarget {
  const given = new Set<string>();
  return {
    async choose(suggestedName) {
      const into = await folder();
      const { name, ext } = parse(suggestedName);
      for (let copy = 1; copy <= MOST_COPIES; copy += 1) {
        const path = join(into, copy === 1 ? `${name}${ext}` : `${name} (${copy})${ext}`);
        if (!given.has(path) && !(await isNameTaken(path))) {
          given.add(path);
          return path;
        }
      }
      const last = join(into, `${name} ${Date.now()}${ext}`);
      given.add(last);
      return last;
    },
  };
}

/** How often somebody is asked again after what a write had left aside came back under the chosen name. */
const MOST_QUESTIONS = 3;

/**
 * The same target, outside of the data directory. Where a write that was cut off left files of the chosen name aside, these
 * get their names back first, and the question is asked once more: nobody agreed to replace them.
 *
 * @throws AppError INVALID_ARGUMENT for a place in the data directory
 */
export function saveTargetOutside(dataDirectory: string, target: SaveTarget): SaveTarget {
  return {
    async choose(suggestedName) {
      for (let question = 1; question <= MOST_QUESTIONS; question += 1) {
        const path = await target.choose(suggestedName);
        const refusal = path === null ? null : await whyNotThere(path, dataDirectory);
        if (refusal !== null) {
          throw new AppError('INVALID_ARGUMENT', refusal);
        }
        if (path === null || !(await restoreOlder(path))) {
          return path;
        }
      }
      return null;
    },
  };
}

export interface FolderFacts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Text of ~/.config/user-dirs.dirs, or empty. */
  readonly userDirs: string;
}

/** The person's downloads folder as the desktop names it, else `Downloads` below the home folder. */
export function downloadsOf({ platform, home, userDirs }: FolderFacts): string {
  if (platform === 'linux') {
    const named = /^XDG_DOWNLOAD_DIR="(?:\$HOME\/)?([^"]+)"/m.exec(userDirs);
    if (named?.[1] !== undefined) {
      return named[0].includes('"$HOME/') ? join(home, named[1]) : named[1];
    }
  }
  return join(home, 'Downloads');
}

/** The downloads folder of this machine; the home folder when there is none. */
export async function downloadsFolder(): Promise<string> {
  const home = homedir();
  const config = process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const userDirs = await readFile(join(config, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const downloads = downloadsOf({ platform: process.platform, home, userDirs });
  return (await exists(downloads)) ? downloads : home;
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
