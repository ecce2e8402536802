import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import { fromWire } from '../errors.ts';
import type { FromThread, ThreadOptions, ToThread } from './messages.ts';

type Ready = Extract<FromThread, { type: 'ready' }>;
type Call = Omit<Extract<ToThread, { type: 'call' }>, 'type' | 'id'>;

/** Rows on their way are short-lived: a thread left to itself lets tens of megabytes of them pile up before it collects them. */
const YOUNG_MB = 12;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A database thread as the other side sees it. It is started again by the next call after it died. */
export interface DatabaseThread {
  /** Settles when the thread has opened the database, or failed to. */
  ready(): Promise<Ready>;
  call(call: Call, signal?: AbortSignal): Promise<unknown>;
  /** Posts to the thread if it runs; does not start it. */
  tell(message: ToThread): void;
  /** Calls without an answer yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

export function createThread(
  url: URL,
  options: ThreadOptions,
  hooks: {
    readonly onChanged: (change: { seq: number; kinds: readonly number[] }) => void;
    /** The thread opened the database, for the first time or again. */
    readonly onReady: () => void;
  },
): DatabaseThread {
  let worker: Worker | null = null;
  let opened: Promise<Ready> | null = null;
  let isClosed = false;
  let nextId = 1;
  const pending = new Map<number, Pending>();

  function start(): Promise<Ready> {
    const started = new Worker(url, {
      workerData: options,
      name: `assay-db-${options.role}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker = started;
    opened = new Promise((resolve, reject) => {
      started.on('message', (message: FromThread) => {
        if (message.type === 'ready') {
          resolve(message);
          hooks.onReady();
        } else if (message.type === 'failed') {
          reject(fromWire(message.error));
        } else {
          receive(message);
        }
      });
      started.on('error', (error) => reject(error as Error));
      started.on('exit', () => {
        reject(stoppedThread());
        if (worker === started) {
          lose();
        }
      });
    });
    // A failure is reported by whoever waits; nobody may be waiting when an idle thread dies.
    opened.catch(() => undefined);
    return opened;
  }

  function tell(message: ToThread): void {
    worker?.postMessage(message, []);
  }

  function lose(): void {
    worker = null;
    opened = null;
    for (const call of pending.values()) {
      call.reject(stoppedThread());
    }
    pending.clear();
  }

  function receive(message: Exclude<FromThread, { type: 'ready' | 'failed' }>): void {
    if (message.type === 'changed') {
      hooks.onChanged(message);
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.type === 'done') {
      call?.resolve(message.value);
    } else {
      call?.reject(fromWire(message.error));
    }
  }

  return {
    get waiting() {
      return pending.size;
    },
    ready: () => opened ?? start(),
    async call(call, signal) {
      if (isClosed) {
        throw new AppError('CANCELLED', 'The database was closed. Nothing was done.');
      }
      await (opened ?? start());
      signal?.throwIfAborted();
      const id = nextId;
      nextId += 1;
      const cancel = (): void => tell({ type: 'cancel', id });
      signal?.addEventListener('abort', cancel);
      try {
        return await new Promise((resolve, reject) => {
          pending.set(id, { resolve, reject });
          tell({ type: 'call', id, ...call });
        });
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    tell,
    async close() {
      isClosed = true;
      const running = worker;
      if (running === null) {
        return;
      }
      const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      tell({ type: 'close' });
      await exited;
    },
  };
}

function stoppedThread(): AppError {
  return new AppError('DEFECT', 'The database thread stopped unexpectedly. What was committed is kept. Try again.');
}
