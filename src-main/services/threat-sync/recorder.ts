import type { Database } from '../../db/port.ts';
import type { SyncRequestRow } from '../../db/repositories/sync/runs/log.ts';
import type { RecordedExchange } from '../../net/service-fault.ts';

/** Puts down every exchange in the order in which it was told. */
export interface Recorder {
  readonly onExchange: (exchange: RecordedExchange) => void;
  /** Exchanges told so far. */
  readonly count: () => number;
  /** Settles when all of them are put down; rejects when one could not be. */
  flush(): Promise<void>;
}

type RecordedRow = Omit<SyncRequestRow, 'id'>;

/** `runId` null for what belongs to no run: tests, counts, lists of owners. */
export function createRecorder(
  database: Pick<Database, 'write'>,
  args: { readonly jobId: number; readonly runId: number | null; readonly now: () => number },
): Recorder {
  let count = 0;
  let waiting: RecordedRow[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const save = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    if (rows.length > 0) {
      await database.write('recordSyncRequest', { rows });
    }
  };
  return {
    onExchange({ host, label, httpStatus, elapsedMs, message }) {
      count += 1;
      const { jobId, runId } = args;
      const elapsed = Math.max(0, Math.round(elapsedMs));
      waiting.push({ jobId, runId, at: args.now() - elapsed, host, label, httpStatus, elapsedMs: elapsed, message });
      if (waiting.length === 1) {
        // What is told while a write is under way goes with the next one.
        last = last.then(save);
        // Told by flush, not as a rejection that nobody awaits.
        last.catch(() => undefined);
      }
    },
    count: () => count,
    async flush() {
      await last;
      await save();
    },
  };
}
