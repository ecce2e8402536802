import { join } from 'node:path';
import { createFeed, type FeedChange } from './feed.ts';
import { DATABASE_FILE } from '../open.ts';
import type { Database, Lane } from '../port.ts';
import { cancelledWrite } from './run.ts';
import { createThread, type DatabaseThread } from './thread.ts';

const READERS = 2;

/**
 * The database behind threads, for shells that answer a window: one writer, readers beside it (the second starts when
 * the first is busy). `workerUrl` is the entry `db/worker.ts`; see platform/worker-entry.ts.
 */
export async function openWorkerDatabase(directory: string, workerUrl: URL): Promise<Database> {
  const file = join(directory, DATABASE_FILE);
  const onChanged = (change: FeedChange): void => feed.tell(change);
  let isWatched = false;
  const watch = (): void => writer.tell({ type: 'watch', on: isWatched });
  const writer = createThread(workerUrl, { role: 'writer', file }, { onChanged, onReady: () => watch() });
  const readers: DatabaseThread[] = [];
  const addReader = (): DatabaseThread => {
    const reader = createThread(workerUrl, { role: 'reader', file }, { onChanged, onReady: () => undefined });
    readers.push(reader);
    return reader;
  };
  const idlest = (): DatabaseThread => {
    const [first, ...others] = [...readers].sort((a, b) => a.waiting - b.waiting);
    if (first === undefined || (first.waiting > 0 && others.length + 1 < READERS)) {
      return addReader();
    }
    return first;
  };
  const opened = await writer.ready();
  const feed = createFeed({
    start: () => {
      isWatched = true;
      watch();
      return opened.seq;
    },
    poll: () => readers[0]?.tell({ type: 'poll', since: feed.seq }),
    stop: () => {
      isWatched = false;
      watch();
    },
  });
  await addReader().ready();

  const database = {
    directory,
    file,
    salvaged: opened.salvaged,
    read: (name: string, args: unknown): Promise<unknown> =>
      idlest().call({ kind: 'read', name, args, lane: 'person' }),
    write: async (name: string, args: unknown, lane: Lane = 'person', signal?: AbortSignal): Promise<unknown> => {
      if (signal?.aborted === true) {
        throw cancelledWrite();
      }
      return writer.call({ kind: 'write', name, args, lane }, signal);
    },
    onChange: (listener: (change: FeedChange) => void) => feed.listen(listener),
    async close(): Promise<void> {
      feed.stop();
      await Promise.all(readers.map((reader) => reader.close()));
      await writer.close();
    },
  };
  return database as Database;
}
