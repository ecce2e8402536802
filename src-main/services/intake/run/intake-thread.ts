import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import { fromWire } from '../../../db/errors.ts';
import type { CallProgress, FromThread, ThreadCall, ThreadStart, ToThread, WireError } from './messages.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (value: CallProgress) => void;
}

/** A worker thread as the other side sees it: calls with progress and cancel. It is started by the first call, and again after it died. */
export class IntakeThread {
  readonly #url: URL;
  readonly #start: ThreadStart;
  readonly #name: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 1;
  #isClosed = false;

  constructor(url: URL, start: ThreadStart, name: string) {
    this.#url = url;
    this.#start = start;
    this.#name = name;
  }

  /** Starts the thread now, so that the first call finds it ready. */
  warm(): void {
    this.#running();
  }

  async call(
    call: ThreadCall,
    onProgress: (value: CallProgress) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (this.#isClosed) {
      throw new AppError('CANCELLED', 'Assay is closing. Nothing was done.');
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const worker = this.#running();
    const cancel = (): void => worker.postMessage({ type: 'cancel', id } satisfies ToThread, []);
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
    });
    worker.postMessage({ type: 'call', id, call } satisfies ToThread, []);
    if (signal?.aborted === true) {
      cancel();
    }
    signal?.addEventListener('abort', cancel);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Lets the thread finish what it does and end; after `withinMs` it is ended by force. */
  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) {
      return;
    }
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies ToThread, []);
    const timer = setTimeout(() => void worker.terminate(), withinMs);
    await exited;
    clearTimeout(timer);
  }

  #running(): Worker {
    if (this.#worker !== null) {
      return this.#worker;
    }
    const worker = new Worker(this.#url, { workerData: this.#start, name: this.#name });
    this.#worker = worker;
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error) => this.#lose(worker, error as Error));
    worker.on('exit', () => this.#lose(worker, stopped()));
    return worker;
  }

  #receive(message: FromThread): void {
    if (message.type === 'failed') {
      this.#rejectAll(revived(message.error));
      return;
    }
    if (message.type === 'ready') {
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.type === 'progress') {
      pending?.onProgress(message.value);
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'done') {
      pending?.resolve(message.value);
    } else {
      pending?.reject(revived(message.error));
    }
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker === worker) {
      this.#worker = null;
      this.#rejectAll(error);
    }
  }

  #rejectAll(error: Error): void {
    for (const pending of this.#pending.values()) {
      pending.reject(error);
    }
    this.#pending.clear();
  }
}

function revived(wire: WireError): Error {
  const error = fromWire(wire);
  return wire.system === undefined ? error : Object.assign(error, { code: wire.system });
}

function stopped(): AppError {
  return new AppError(
    'DEFECT',
    'The thread that works on intakes stopped unexpectedly. Intakes read before are kept. Try again.',
  );
}
