import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../../../platform/worker-entry.ts';
import type { PauseSwitch } from '../pause-switch.ts';
import type { HashOutcome } from './hash-file.ts';
import { CELL, type HashReply, type HashRequest, type HashThreadStart } from './hash-messages.ts';

/** Files read at a time. More would make a spinning disk seek and gain nothing on two cores. */
const THREADS = 2;

interface Thread {
  readonly worker: Worker;
  /** Set while it works. */
  answer: PromiseWithResolvers<readonly HashOutcome[]> | null;
}

/** Threads that hash files, each with one file open at most. Close them, or the process does not end. */
export class HashThreads {
  readonly #cells = new BigInt64Array(new SharedArrayBuffer(16));
  readonly #threads: Thread[] = [];
  #fault: unknown = null;

  constructor(most: number, pause?: PauseSwitch) {
    for (let index = 0; index < Math.min(THREADS, most); index += 1) {
      this.#threads.push(this.#start(pause?.memory ?? null));
    }
  }

  get isFree(): boolean {
    return this.#threads.some((thread) => thread.answer === null);
  }

  /** Bytes read so far. */
  get bytes(): number {
    return Number(Atomics.load(this.#cells, CELL.bytes));
  }

  /** One outcome for each path, in their order. Only while `isFree`. Rejects when a thread was lost, a defect. */
  hash(paths: readonly Uint8Array[]): Promise<readonly HashOutcome[]> {
    const thread = this.#threads.find((each) => each.answer === null);
    if (thread === undefined) {
      throw new TypeError('no thread is free');
    }
    if (this.#fault !== null) {
      return Promise.reject(this.#fault);
    }
    const answer = Promise.withResolvers<readonly HashOutcome[]>();
    thread.answer = answer;
    thread.worker.postMessage({ paths } satisfies HashRequest, []);
    return answer.promise;
  }

  /** From now on every file that is not hashed yet is `cut`. */
  stop(): void {
    Atomics.store(this.#cells, CELL.stop, 1n);
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#threads.map((thread) => thread.worker.terminate()));
  }

  #start(pause: SharedArrayBuffer | null): Thread {
    const start: HashThreadStart = { cells: this.#cells.buffer, pause };
    const worker = new Worker(workerEntry('samples-worker', new URL('worker.ts', import.meta.url)), {
      workerData: start,
      name: 'assay-samples',
    });
    const thread: Thread = { worker, answer: null };
    worker.on('message', ({ outcomes }: HashReply) => {
      const { answer } = thread;
      thread.answer = null;
      answer?.resolve(outcomes);
    });
    worker.on('error', (error) => this.#lose(thread, error));
    worker.on('exit', () =>
      this.#lose(thread, new AppError('DEFECT', 'A thread that hashes files stopped unexpectedly. Try again.')),
    );
    return thread;
  }

  #lose(thread: Thread, fault: unknown): void {
    this.#fault ??= fault;
    thread.answer?.reject(this.#fault);
    thread.answer = null;
  }
}
