import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../platform/worker-entry.ts';
import type { BuildHooks, BuildRequest, BuiltSet } from './build-set.ts';

export type BuildMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly digests: number }
  | { readonly kind: 'built'; readonly built: BuiltSet }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

/** `buildSet` on a thread of its own, so that a window stays responsive; the thread and its memory end with it. */
export function buildSetInThread(
  request: BuildRequest,
  hooks: Pick<BuildHooks, 'onProgress'>,
  signal: AbortSignal,
): Promise<BuiltSet> {
  const cancel = new SharedArrayBuffer(4);
  const worker = new Worker(workerEntry('known-sets-worker', new URL('./worker.ts', import.meta.url)), {
    workerData: { request, cancel },
    name: 'assay-known-set',
  });
  const onAbort = (): void => {
    Atomics.store(new Int32Array(cancel), 0, 1);
  };
  if (signal.aborted) {
    onAbort();
  }
  signal.addEventListener('abort', onAbort, { once: true });
  return new Promise<BuiltSet>((resolve, reject) => {
    worker.on('message', (message: BuildMessage) => {
      if (message.kind === 'progress') {
        hooks.onProgress(message.done, message.total, message.digests);
      } else if (message.kind === 'built') {
        resolve(message.built);
      } else {
        reject(new AppError(message.code, message.message));
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new AppError('DEFECT', 'The import ended unexpectedly. Nothing was imported.')));
  }).finally(() => signal.removeEventListener('abort', onAbort));
}
