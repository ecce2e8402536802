import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchFacts } from './choose-shell.ts';

const FILE = 'launch.json';

/** The failed fetch remembered in the data directory; null when there is none or the file says nothing sensible. */
export function readFailedFetch(directory: string): LaunchFacts['failedFetch'] {
  try {
    const kept: unknown = JSON.parse(readFileSync(join(directory, FILE), 'utf8'));
    const failed = isObject(kept) ? kept['electronFetchFailed'] : null;
    return isObject(failed) && typeof failed['at'] === 'number' && typeof failed['why'] === 'string'
      ? { at: failed['at'], why: failed['why'] }
      : null;
  } catch {
    // Absent or damaged: nothing is remembered, and the fetch is tried.
    return null;
  }
}

/** Remembers a failed fetch, or with null forgets it. A directory that cannot be written only costs another try. */
export function writeFailedFetch(directory: string, failed: LaunchFacts['failedFetch']): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, FILE), `${JSON.stringify({ electronFetchFailed: failed })}\n`, { mode: 0o600 });
  } catch {
    // See above.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
