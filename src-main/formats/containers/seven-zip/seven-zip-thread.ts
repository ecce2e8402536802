import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../../platform/worker-entry.ts';
import type { ByteSource } from '../port.ts';
import {
  CELL,
  CELLS,
  FAILED,
  WINDOW_BYTES,
  type SevenZipEvent,
  type SevenZipMessage,
  type SevenZipRequest,
  type SevenZipStart,
} from './messages.ts';
import { toolModule } from './tool-module.ts';

/** 7-Zip over one archive, on a thread of its own that reads the archive through `source`. Close it, or it stays. */
export class SevenZipThread {
  readonly #cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
  readonly #window = new Uint8Array(new SharedArrayBuffer(WINDOW_BYTES));
  readonly #source: ByteSource;
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#lose(this.#signal.reason);
  #queue: Extract<SevenZipMessage, { kind: 'events' }>[] = [];
  #lost: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(source: ByteSource, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#source = source;
    this.#signal = signal;
    const start: SevenZipStart = {
      module: toolModule(),
      size: source.size,
      cells: this.#cells.buffer,
      window: this.#window.buffer,
    };
    this.#worker = new Worker(workerEntry('seven-zip-worker', new URL('worker.ts', import.meta.url)), {
      workerData: start,
      name: 'assay-7z',
    });
    this.#worker.on('message', (message: SevenZipMessage) => this.#take(message));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () =>
      this.#lose(new AppError('DEFECT', 'The thread that unpacks 7z archives stopped unexpectedly. Try again.')),
    );
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * What comes of a request, its `end` last. One request at a time: the one before must have come to its end. Unpacking
   * waits while nobody asks for more. Rejects when the archive cannot be read, on a defect, and on the signal.
   */
  async *run(request: SevenZipRequest): AsyncGenerator<SevenZipEvent> {
    this.#worker.postMessage(request, []);
    for (;;) {
      const { events, bytes } = await this.#next();
      Atomics.sub(this.#cells, CELL.inFlight, bytes);
      Atomics.notify(this.#cells, CELL.inFlight);
      for (const event of events) {
        yield event;
        if (event.kind === 'end') {
          return;
        }
      }
    }
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await this.#worker.terminate();
  }

  async #next(): Promise<Extract<SevenZipMessage, { kind: 'events' }>> {
    for (;;) {
      if (this.#lost !== null) {
        throw this.#lost.error;
      }
      const message = this.#queue.shift();
      if (message !== undefined) {
        return message;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(message: SevenZipMessage): void {
    if (message.kind === 'events') {
      this.#queue.push(message);
      this.#wake();
      return;
    }
    this.#source.read(message.at, message.length).then(
      (bytes) => {
        this.#window.set(bytes);
        this.#answerRead(bytes.length);
      },
      (error: unknown) => {
        this.#lose(error);
        this.#answerRead(FAILED);
      },
    );
  }

  #answerRead(value: number): void {
    Atomics.store(this.#cells, CELL.read, value);
    Atomics.notify(this.#cells, CELL.read);
  }

  #lose(error: unknown): void {
    this.#lost ??= { error };
    this.#wake();
  }
}
