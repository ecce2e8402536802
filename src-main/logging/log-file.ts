import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  /** From this size on the file is set aside and a new one begun. */
  readonly maxBytes: number;
  /** How many files set aside are kept, as `<path>.1` (newest) and on. */
  readonly keep: number;
}

/**
 * Appends one line in a single write, so that lines of several processes never mix. Opened for each line: logging is
 * rare, and a file another process set aside is never written on.
 */
export function appendLine(path: string, line: string, options: LogFileOptions): void {
  const file = openForAppend(path);
  let size = 0;
  try {
    writeSync(file, line);
    size = fstatSync(file).size;
  } finally {
    closeSync(file);
  }
  // Another process may have rotated since: only the file that is large by now is set aside.
  if (size >= options.maxBytes && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= options.maxBytes) {
    rotate(path, options.keep);
  }
}

function openForAppend(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  }
}

function rotate(path: string, keep: number): void {
  rmSync(`${path}.${keep}`, { force: true });
  for (let number = keep - 1; number >= 0; number -= 1) {
    const from = number === 0 ? path : `${path}.${number}`;
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) {
      renameSync(from, `${path}.${number + 1}`);
    }
  }
}
