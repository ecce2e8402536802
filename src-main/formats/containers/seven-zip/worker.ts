import { parentPort, workerData } from 'node:worker_threads';
import { EventBatch } from './event-batch.ts';
import type { SevenZipMessage, SevenZipRequest, SevenZipStart } from './messages.ts';
import { ArchiveLost, RemoteArchive } from './remote-archive.ts';
import { runRequest } from './run-request.ts';

/**
 * Thread entry: runs 7-Zip over one archive, a request at a time. It may block, and is ended from outside.
 */
const start = workerData as SevenZipStart;
const post = (message: SevenZipMessage, owned: ArrayBuffer[] = []): void => parentPort?.postMessage(message, owned);
const archive = new RemoteArchive(start, post);

parentPort?.on('message', (request: SevenZipRequest) => {
  void answer(request);
});

async function answer(request: SevenZipRequest): Promise<void> {
  const events = new EventBatch(new Int32Array(start.cells), post);
  try {
    const end = await runRequest(request, { module: start.module, archive }, events);
    events.add({ kind: 'end', end });
    events.flush();
  } catch (error) {
    if (!(error instanceof ArchiveLost)) {
      // A defect: thrown where nothing catches it, it reaches the other side as the thread's error.
      setImmediate(() => {
        throw error;
      });
    }
  }
}
