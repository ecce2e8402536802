import { parentPort, workerData } from 'node:worker_threads';
import { isAppError } from '#shared/errors/app-error.ts';
import { buildFrom } from './build-from.ts';
import { type BuildHooks, type BuildRequest, buildSetOf, type DigestsRequest } from './build-set.ts';
import type { BuildMessage } from './build-thread.ts';

/** Thread entry: builds one set and ends. */
interface Start {
  readonly request: BuildRequest | DigestsRequest;
  /** One 32-bit flag; not zero means cancel. */
  readonly cancel: SharedArrayBuffer;
}

const { request, cancel } = workerData as Start;
const flag = new Int32Array(cancel);
const tell = (message: BuildMessage): void => parentPort?.postMessage(message, []);

try {
  const isCancelled = (): boolean => Atomics.load(flag, 0) !== 0;
  const onProgress: BuildHooks['onProgress'] = (done, total, digests, phase, begun = null) =>
    tell({ kind: 'progress', done, total, digests, phase, begun });
  const built =
    'digests' in request
      ? await buildSetOf(request, { isCancelled })
      : await buildFrom(request, { onProgress, isCancelled });
  tell({ kind: 'built', built });
} catch (error) {
  if (!isAppError(error)) {
    throw error;
  }
  tell({ kind: 'refused', code: error.code, message: error.message });
}
