import { parentPort, workerData } from 'node:worker_threads';
import { isAppError } from '#shared/errors/app-error.ts';
import { type BuildRequest, buildSet } from './build-set.ts';
import type { BuildMessage } from './build-thread.ts';

/** Thread entry: builds one set and ends. */
interface Start {
  readonly request: BuildRequest;
  /** One 32-bit flag; not zero means cancel. */
  readonly cancel: SharedArrayBuffer;
}

const { request, cancel } = workerData as Start;
const flag = new Int32Array(cancel);
const tell = (message: BuildMessage): void => parentPort?.postMessage(message, []);

try {
  const built = await buildSet(request, {
    onProgress: (done, total, digests) => tell({ kind: 'progress', done, total, digests }),
    isCancelled: () => Atomics.load(flag, 0) !== 0,
  });
  tell({ kind: 'built', built });
} catch (error) {
  if (!isAppError(error)) {
    throw error;
  }
  tell({ kind: 'refused', code: error.code, message: error.message });
}
