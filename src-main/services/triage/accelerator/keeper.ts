import { Worker } from 'node:worker_threads';
import { CHANGE } from '../../../db/change-kinds.ts';
import type { Database } from '../../../db/port.ts';
import { workerEntry } from '../../../platform/worker-entry.ts';
import { newestSeq } from './layout.ts';

/** What the thread is told. */
export interface BuildStart {
  readonly directory: string;
  readonly databaseFile: string;
  /** One 32-bit flag; not zero means cancel. */
  readonly cancel: SharedArrayBuffer;
  /** With more files than this nothing is built. */
  readonly mostFiles: number;
}

export interface RefreshOptions {
  /** Gives up after this long, in milliseconds, and does not begin what would take longer. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

/** Keeps the accelerator of a data directory useful. What it speeds up works without it, so that nothing ever waits for it unasked. */
export interface AcceleratorKeeper {
  /** Builds one if that would pay, in a thread; resolves to whether one was built. One build at a time: later callers get its end. */
  refresh(options?: RefreshOptions): Promise<boolean>;
  /** Looks soon and after changes, in the background, until `dispose`. */
  follow(): void;
  /** Cancels a build under way and waits for its thread to let go of the directory. */
  dispose(): Promise<void>;
}

/** About what a build costs per file on a slow machine, to tell what fits a time. */
const BUILD_MS_PER_FILE = 0.003;
/** Fewer changes than this are never far behind. */
const FEW_CHANGES = 100;
/** A look waits until changes pause this long, but during a long import no longer than the second, in milliseconds. */
const PAUSE_MS = 2_000;
const LONGEST_MS = 60_000;
/** How long closing waits for a cancelled thread before it is ended by force. */
const CLOSE_MS = 1_500;

interface Build {
  readonly done: Promise<boolean>;
  readonly stop: () => void;
  readonly terminate: () => Promise<unknown>;
}

export function createAcceleratorKeeper(
  database: Database,
  parts: { readonly onFault: (error: unknown) => void; readonly pauseMs?: number },
): AcceleratorKeeper {
  let building: Build | null = null;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  let waitingSince: number | null = null;
  let lookedAt = 0;
  let stopListening = (): void => undefined;

  /** A fault costs speed, never an answer: it is logged and the next look tries again. */
  function tell(error: unknown): void {
    if (!isClosed) {
      parts.onFault(error);
    }
  }

  function start(mostFiles: number): Build {
    const cancel = new SharedArrayBuffer(4);
    const { directory, file: databaseFile } = database;
    const workerData: BuildStart = { directory, databaseFile, cancel, mostFiles };
    const url = workerEntry('accelerator-worker', new URL('./worker.ts', import.meta.url));
    const worker = new Worker(url, { workerData, name: 'assay-accelerator' });
    const done = new Promise<boolean>((resolve) => {
      let isBuilt = false;
      worker.on('message', (built: boolean) => {
        isBuilt = built;
      });
      worker.on('error', tell);
      worker.on('exit', () => {
        building = null;
        resolve(isBuilt);
      });
    });
    const stop = (): void => {
      Atomics.store(new Int32Array(cancel), 0, 1);
    };
    return { done, stop, terminate: () => worker.terminate() };
  }

  /** Starting a thread costs more than answering a small list: a name that says "up to date" is enough not to. */
  async function looksFresh(): Promise<boolean> {
    const { id } = await database.read('databaseMeta', undefined);
    const newest = newestSeq(database.directory, id);
    const seq = await database.read('lastSeq', undefined);
    return newest !== null && seq >= newest && seq - newest < FEW_CHANGES;
  }

  async function build({ withinMs, signal }: RefreshOptions): Promise<boolean> {
    if (building === null && (await looksFresh())) {
      return false;
    }
    if (isClosed || signal?.aborted === true) {
      return false;
    }
    building ??= start(withinMs === undefined ? Number.MAX_SAFE_INTEGER : withinMs / BUILD_MS_PER_FILE);
    const { done, stop } = building;
    const giveUp = withinMs === undefined ? undefined : setTimeout(stop, withinMs);
    signal?.addEventListener('abort', stop);
    try {
      return await done;
    } finally {
      clearTimeout(giveUp);
      signal?.removeEventListener('abort', stop);
    }
  }

  async function refresh(options: RefreshOptions = {}): Promise<boolean> {
    try {
      return await build(options);
    } catch (error) {
      tell(error);
      return false;
    }
  }

  /** A look of its own after the changes up to `seq` have come to rest. */
  function lookLater(seq: number): void {
    const now = performance.now();
    waitingSince ??= now;
    const wait = Math.max(0, Math.min(parts.pauseMs ?? PAUSE_MS, waitingSince + LONGEST_MS - now));
    if (timer !== null) {
      clearTimeout(timer);
    }
    timer = setTimeout(() => {
      timer = null;
      waitingSince = null;
      lookedAt = seq;
      void refresh();
    }, wait).unref();
  }

  return {
    refresh,
    follow() {
      stopListening = database.onChange(({ seq, kinds }) => {
        const isAboutFiles = kinds.includes(CHANGE.item) || kinds.includes(CHANGE.file);
        if (isAboutFiles && seq - lookedAt >= FEW_CHANGES && !isClosed) {
          lookLater(seq);
        }
      });
      // Not in the way of a window that is just being drawn.
      lookLater(0);
    },
    async dispose() {
      isClosed = true;
      stopListening();
      if (timer !== null) {
        clearTimeout(timer);
      }
      if (building !== null) {
        const { done, stop, terminate } = building;
        stop();
        const force = setTimeout(() => void terminate(), CLOSE_MS);
        await done;
        clearTimeout(force);
      }
    },
  };
}
