import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { createFeed, type FeedListener } from './feed.ts';
import { closeWritable, DATABASE_FILE } from '../open.ts';
import type { Database } from '../port.ts';
import { changedKinds, lastSeq } from '../repositories/changes.ts';
import { cancelledWrite, runRead, startWrite } from './run.ts';
import { startWriting } from '../start.ts';

/**
 * The database on the calling thread, for the terminal and for tests: calls have run when their promise is made, except
 * sliced writes, which let other work in between their transactions.
 */
export async function openInlineDatabase(directory: string): Promise<Database> {
  return openInPlace(directory);
}

function openInPlace(directory: string): Database {
  const file = join(directory, DATABASE_FILE);
  const { db, use, salvaged } = startWriting(file);
  let dataVersion = 0;
  const version = (): number => db.pragma('data_version', { simple: true }) as number;
  const tell = (): void => {
    if (feed.isHeard) {
      feed.tell(changedKinds(db, { since: feed.seq }));
    }
  };
  const feed = createFeed({
    start: () => {
      dataVersion = version();
      return lastSeq(db);
    },
    poll: () => {
      const present = version();
      if (present !== dataVersion && !db.inTransaction) {
        dataVersion = present;
        tell();
      }
    },
    stop: () => undefined,
  });
  const mustBeOpen = (): void => {
    if (!db.open) {
      throw new AppError('CANCELLED', 'The database was closed. Nothing was done.');
    }
  };

  const database = {
    directory,
    file,
    salvaged,
    async read(name: string, args: unknown): Promise<unknown> {
      mustBeOpen();
      return runRead(db, name, args);
    },
    async write(name: string, args: unknown, _lane: unknown, signal?: AbortSignal): Promise<unknown> {
      mustBeOpen();
      const run = startWrite(db, name, args);
      for (;;) {
        if (signal?.aborted === true) {
          run.abandon();
          throw cancelledWrite();
        }
        const step = run.step();
        tell();
        if (step.done) {
          return step.value;
        }
        await setImmediate();
        mustBeOpen();
      }
    },
    onChange: (listener: FeedListener) => feed.listen(listener),
    async close(): Promise<void> {
      feed.stop();
      if (db.open) {
        closeWritable(db);
        use.release();
      }
    },
  };
  return database as Database;
}
