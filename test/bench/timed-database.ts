import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CHANGE } from '#main/db/change-kinds.ts';
import { closeWritable, DATABASE_FILE } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { startWriting } from '#main/db/start.ts';
import { runRead, startWrite } from '#main/db/threads/run.ts';

/** Most processor time of one call, in milliseconds, by the name of the repository function: the same on a busy machine. */
export interface DatabaseTimes {
  /** Of one transaction: what a write is sliced into. */
  readonly slices: ReadonlyMap<string, number>;
  readonly reads: ReadonlyMap<string, number>;
}

/** A database in place that notes what its transactions and reads take. Every change is told as one of sync. */
export function openTimedDatabase(directory: string): { readonly database: Database; readonly times: DatabaseTimes } {
  const file = join(directory, DATABASE_FILE);
  const { db, use } = startWriting(file);
  const slices = new Map<string, number>();
  const reads = new Map<string, number>();
  const listeners = new Set<Parameters<Database['onChange']>[0]>();
  const timed = <T>(times: Map<string, number>, name: string, work: () => T): T => {
    const before = process.threadCpuUsage();
    const result = work();
    const { user, system } = process.threadCpuUsage(before);
    times.set(name, Math.max(times.get(name) ?? 0, (user + system) / 1_000));
    return result;
  };
  let seq = 0;
  const database = {
    directory,
    file,
    async read(name: string, args: unknown): Promise<unknown> {
      return timed(reads, name, () => runRead(db, name, args));
    },
    async write(name: string, args: unknown): Promise<unknown> {
      const run = startWrite(db, name, args);
      for (;;) {
        const step = timed(slices, name, () => run.step());
        seq += 1;
        listeners.forEach((listener) => listener({ seq, kinds: [CHANGE.sync] }));
        if (step.done) {
          return step.value;
        }
        await setImmediate();
      }
    },
    onChange(listener: Parameters<Database['onChange']>[0]) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      closeWritable(db);
      use.release();
    },
  };
  return { database: database as Database, times: { slices, reads } };
}
