import { toWire } from '../errors.ts';
import type { FromThread, ThreadOptions, ToThread } from './messages.ts';
import { changedKinds, lastSeq } from '../repositories/changes.ts';
import { runRead } from './run.ts';
import { startReading } from '../start.ts';

/** A thread that answers queries, one after the other, and looks for other processes' writes when asked. */
export function createReaderThread(
  options: ThreadOptions,
  post: (message: FromThread) => void,
): { take(message: ToThread): void } {
  const { db, use } = startReading(options.file);
  let dataVersion = -1;
  post({ type: 'ready', salvaged: null, seq: lastSeq(db) });

  function poll(since: number): void {
    const present = db.pragma('data_version', { simple: true }) as number;
    if (present !== dataVersion) {
      dataVersion = present;
      post({ type: 'changed', ...changedKinds(db, { since }) });
    }
  }

  return {
    take(message) {
      if (message.type === 'call') {
        try {
          post({ type: 'done', id: message.id, value: runRead(db, message.name, message.args) });
        } catch (error) {
          post({ type: 'error', id: message.id, error: toWire(error) });
        }
      } else if (message.type === 'poll') {
        poll(message.since);
      } else if (message.type === 'close') {
        db.close();
        use.release();
      }
    },
  };
}
