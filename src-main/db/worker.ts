import { parentPort, workerData } from 'node:worker_threads';
import { toWire } from './errors.ts';
import type { FromThread, ThreadOptions, ToThread } from './threads/messages.ts';
import { createReaderThread } from './threads/reader-thread.ts';
import { createWriterThread } from './threads/writer-thread.ts';

/** Entry of the database threads: one writer, and readers beside it. */
if (parentPort !== null) {
  const port = parentPort;
  const post = (message: FromThread): void => port.postMessage(message);
  const options = workerData as ThreadOptions;
  try {
    const thread = options.role === 'writer' ? createWriterThread(options, post) : createReaderThread(options, post);
    port.on('message', (message: ToThread) => {
      thread.take(message);
      if (message.type === 'close') {
        port.close();
      }
    });
  } catch (error) {
    post({ type: 'failed', error: toWire(error) });
    port.close();
  }
}
