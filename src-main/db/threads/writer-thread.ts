import { toWire } from '../errors.ts';
import type { FromThread, ThreadOptions, ToThread } from './messages.ts';
import { changedKinds, lastSeq } from '../repositories/changes.ts';
import { cancelledWrite, startWrite, type WriteRun } from './run.ts';
import { closeWritable } from '../open.ts';
import { startWriting } from '../start.ts';

interface QueuedWrite {
  readonly id: number;
  readonly run: WriteRun;
}

/**
 * The one thread that writes. Two lanes: a waiting person's writes run first, bulk writes one transaction at a time in
 * the gaps. Between two transactions the thread returns to its event loop, so that calls and cancels are seen.
 */
export function createWriterThread(
  options: ThreadOptions,
  post: (message: FromThread) => void,
): { take(message: ToThread): void } {
  const { db, use, salvaged } = startWriting(options.file);
  const person: QueuedWrite[] = [];
  const bulk: QueuedWrite[] = [];
  let scheduled: NodeJS.Immediate | null = null;
  let told = lastSeq(db);
  let isWatched = false;
  post({ type: 'ready', salvaged, seq: told });

  function schedule(): void {
    if (scheduled === null && person.length + bulk.length > 0) {
      scheduled = setImmediate(() => {
        scheduled = null;
        stepOnce();
        schedule();
      });
    }
  }

  function stepOnce(): void {
    const lane = person.length > 0 ? person : bulk;
    const write = lane[0];
    if (write === undefined) {
      return;
    }
    try {
      const step = write.run.step();
      tellChanges();
      if (step.done) {
        lane.shift();
        post({ type: 'done', id: write.id, value: step.value });
      }
    } catch (error) {
      lane.shift();
      post({ type: 'error', id: write.id, error: toWire(error) });
    }
  }

  function tellChanges(): void {
    if (isWatched) {
      const change = changedKinds(db, { since: told });
      if (change.seq > told) {
        told = change.seq;
        post({ type: 'changed', ...change });
      }
    }
  }

  function cancel(id: number): void {
    for (const lane of [person, bulk]) {
      const at = lane.findIndex((write) => write.id === id);
      if (at >= 0) {
        lane.splice(at, 1)[0]?.run.abandon();
        post({ type: 'error', id, error: toWire(cancelledWrite()) });
      }
    }
  }

  function close(): void {
    while (person.length > 0) {
      stepOnce();
    }
    for (const write of bulk.splice(0)) {
      write.run.abandon();
      post({ type: 'error', id: write.id, error: toWire(cancelledWrite()) });
    }
    closeWritable(db);
    use.release();
  }

  return {
    take(message) {
      if (message.type === 'call') {
        const lane = message.lane === 'bulk' ? bulk : person;
        try {
          lane.push({ id: message.id, run: startWrite(db, message.name, message.args) });
        } catch (error) {
          post({ type: 'error', id: message.id, error: toWire(error) });
        }
        schedule();
      } else if (message.type === 'cancel') {
        cancel(message.id);
      } else if (message.type === 'watch') {
        isWatched = message.on;
        told = lastSeq(db);
      } else if (message.type === 'close') {
        close();
      }
    },
  };
}
