import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunning, processMark } from '../../platform/process-mark.ts';

/** Where a backup links packed files aside and a restore gathers its copy, inside the data directory. */
export const BACKUP_LINKS = '.backup';
export const RESTORE_COPY = '.restore';

let given = 0;

/**
 * A folder beside `path` that nothing else works in, not even another backup of this process; `removeAbandoned` removes
 * it once the process is gone.
 */
export function workFolder(path: string): string {
  given += 1;
  return `${path}.${processMark().replace(':', '-')}-${given}`;
}

/**
 * Removes work folders that `workFolder` named for `path` and whose process died. Their links would otherwise keep what
 * was forgotten on disk.
 */
export function removeAbandoned(path: string): void {
  const folder = dirname(path);
  const start = `${path.slice(folder.length).replace(/^[\\/]/, '')}.`;
  for (const name of namesIn(folder)) {
    const mark = /^(\d+)-(\d*)-\d+$/.exec(name.startsWith(start) ? name.slice(start.length) : '');
    if (mark !== null && !isRunning(`${mark[1]}:${mark[2]}`)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that does not exist yet holds nothing abandoned.
    return [];
  }
}
