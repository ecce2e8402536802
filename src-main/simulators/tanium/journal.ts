import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import type { Change } from './state.ts';

/** Changes as lines of JSON in a file. */
export interface Journal {
  /** The changes of earlier processes, in order. */
  readonly earlier: readonly Change[];
  /** Is in the file when this returns. */
  add(change: Change): void;
}

/**
 * Opens the file, which need not be there. A last line that a killed process left unfinished is taken away: nobody was told
 * of the change it stood for.
 */
export function openJournal(file: string): Journal {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  if (whole.length < bytes.length) {
    truncateSync(file, whole.length);
  }
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  return {
    earlier: lines.map((line) => JSON.parse(line) as Change),
    add: (change) => appendFileSync(file, `${JSON.stringify(change)}\n`),
  };
}
