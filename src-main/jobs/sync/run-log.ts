import { SYNC_LOG_LEVELS, type SyncLogLevel } from '#shared/domain/indicator.ts';
import type { SyncLogRow } from '../../db/repositories/sync/types.ts';
import type { SyncEngineParts } from './port.ts';

/** The log of one run, in plain words, as detailed as its job says. No secret goes in. */
export interface RunLog {
  write(level: SyncLogLevel, text: string): void;
  /** Settles when everything is put down. */
  flush(): Promise<void>;
}

/** Lines are put down together, at most so many. */
const MOST_AT_ONCE = 100;

export function createRunLog(
  { database, timer }: Pick<SyncEngineParts, 'database' | 'timer'>,
  runId: number,
  most: SyncLogLevel,
): RunLog {
  let rows: SyncLogRow[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const save = (): void => {
    const saved = rows;
    rows = [];
    if (saved.length > 0) {
      last = last.then(() => database.write('appendSyncLog', { runId, rows: saved }));
      // Told by flush, not as a rejection that nobody awaits.
      last.catch(() => undefined);
    }
  };
  return {
    write(level, text) {
      if (SYNC_LOG_LEVELS.indexOf(level) <= SYNC_LOG_LEVELS.indexOf(most)) {
        rows.push({ at: timer.now(), level, text });
        // The first line of a batch goes at once, so that a log can be read while the run goes on.
        if (rows.length === 1) {
          queueMicrotask(save);
        } else if (rows.length >= MOST_AT_ONCE) {
          save();
        }
      }
    },
    async flush() {
      save();
      await last;
    },
  };
}
