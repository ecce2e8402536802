import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../../platform/worker-entry.ts';
import { MemberFault } from '../port.ts';
import type { FromPdfThread, PdfStart, ToPdfThread } from './messages.ts';

/** What a document may cost. */
export interface PdfLimits {
  /** For opening and for each page, in milliseconds. */
  readonly stepMs: number;
  /** For all of it, in milliseconds; how long others take with its pages does not count. */
  readonly totalMs: number;
  /** Of objects, and of bytes outside of them beside the document's own, in MiB. */
  readonly heapMib: number;
  readonly outsideMib: number;
}

/** The limits in force. Times in milliseconds. */
export const PDF_LIMITS: PdfLimits = { stepMs: 60_000, totalMs: 300_000, heapMib: 768, outsideMib: 512 };

/** How often the memory outside of objects is looked at, in milliseconds. */
const LOOK_MS = 200;
const MIB = 1024 * 1024;

/** The thread that reads one document. What a hostile one costs ends with it. Close it, or the process does not end. */
export class PdfThread {
  readonly #worker: Worker;
  readonly #limits: PdfLimits;
  /** In bytes: the document itself is held twice. */
  readonly #outside: number;
  #answer: PromiseWithResolvers<FromPdfThread> | null = null;
  #fault: MemberFault | null = null;
  #spentMs = 0;

  constructor(start: PdfStart, limits: PdfLimits) {
    this.#limits = limits;
    this.#outside = limits.outsideMib * MIB + 2 * start.bytes.length;
    this.#worker = new Worker(workerEntry('pdf-worker', new URL('worker.ts', import.meta.url)), {
      workerData: start,
      transferList: [start.bytes.buffer as ArrayBuffer],
      name: 'assay-pdf',
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMib },
      // Its libraries write what they think of a document; nobody reads that.
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: FromPdfThread) => {
      this.#answer?.resolve(message);
      this.#answer = null;
    });
    this.#worker.on('error', (error) => this.#end(faultOf(error, limits)));
    this.#worker.on('exit', () => this.#end(new MemberFault('damaged', 'reading it ended unexpectedly')));
  }

  /** What comes next. Rejects with a `MemberFault` when a limit is reached, and with the signal's reason when cancelled. */
  async next(signal: AbortSignal): Promise<FromPdfThread> {
    signal.throwIfAborted();
    if (this.#fault !== null) {
      throw this.#fault;
    }
    const answer = Promise.withResolvers<FromPdfThread>();
    this.#answer = answer;
    const cancel = (): void => answer.reject(signal.reason);
    const started = performance.now();
    const { stepMs, totalMs } = this.#limits;
    const isLastStep = totalMs - this.#spentMs < stepMs;
    const what = isLastStep
      ? `it takes longer than ${totalMs / 1000}`
      : `one of its pages takes longer than ${stepMs / 1000}`;
    const late = setTimeout(
      () => this.#end(new MemberFault('limit', `${what} seconds to read`)),
      isLastStep ? Math.max(0, totalMs - this.#spentMs) : stepMs,
    );
    const watch = setInterval(() => void this.#lookAtMemory(), LOOK_MS);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      this.#worker.postMessage('next' satisfies ToPdfThread, []);
      return await answer.promise;
    } finally {
      this.#spentMs += performance.now() - started;
      clearTimeout(late);
      clearInterval(watch);
      signal.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #lookAtMemory(): Promise<void> {
    const statistics = await this.#worker.getHeapStatistics().catch(() => null);
    if (statistics !== null && statistics.external_memory > this.#outside) {
      this.#end(new MemberFault('limit', `it takes more than ${this.#limits.outsideMib} MiB of memory to read`));
    }
  }

  #end(fault: MemberFault): void {
    if (this.#fault === null) {
      this.#fault = fault;
      this.#answer?.reject(fault);
      this.#answer = null;
      void this.#worker.terminate();
    }
  }
}

function faultOf(error: unknown, { heapMib }: PdfLimits): MemberFault {
  const isMemory = (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory
    ? new MemberFault('limit', `it takes more than ${heapMib} MiB of memory to read`)
    : new MemberFault('damaged', 'it cannot be read', { cause: error });
}
