import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../platform/worker-entry.ts';
import type { Begun } from './list-work.ts';
import type { BuildHooks, BuildPhase, BuildRequest, BuiltDigests, BuiltSet, DigestsRequest } from './build-set.ts';

export type BuildMessage =
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly total: number;
      readonly digests: number;
      readonly phase: BuildPhase;
      readonly begun: Begun | null;
    }
  | { readonly kind: 'built'; readonly built: BuiltSet | BuiltDigests }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

/** `buildSet` on a thread of its own, so that a window stays responsive; the thread and its memory end with it. */
export function buildSetInThread(
  request: BuildRequest,
  hooks: Pick<BuildHooks, 'onProgress'>,
  signal: AbortSignal,
): Promise<BuiltSet> {
  return inThread<BuiltSet>(request, hooks, signal);
}

/** `buildSetOf` on a thread of its own. */
export function buildSetOfInThread(request: DigestsRequest, signal: AbortSignal): Promise<BuiltDigests> {
  return inThread<BuiltDigests>(request, { onProgress: () => undefined }, signal);
}

function inThread<Built extends BuiltDigests>(
  request: BuildRequest | DigestsRequest,
  hooks: Pick<BuildHooks, 'onProgress'>,
  signal: AbortSignal,
): Promise<Built> {
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
  return new Promise<Built>((resolve, reject) => {
    worker.on('message', (message: BuildMessage) => {
      if (message.kind === 'progress') {
        hooks.onProgress(message.done, message.total, message.digests, message.phase, message.begun);
      } else if (message.kind === 'built') {
        // The thread answers with what the kind of request it was given comes to.
        resolve(message.built as Built);
      } else {
        reject(new AppError(message.code, message.message));
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new AppError('DEFECT', 'The import ended unexpectedly. Nothing was imported.')));
  }).finally(() => signal.removeEventListener('abort', onAbort));
}
