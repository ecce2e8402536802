import type { ReadingSession } from '../session.ts';
import type { FoundList } from './found-list.ts';
import { CHUNK_BYTES, hashFile, type HashOutcome } from './hash-file.ts';
import { HashThreads } from './hash-threads.ts';

/** What became of the file with this number. */
export interface HashedFile {
  readonly index: number;
  readonly outcome: HashOutcome;
}

/** Up to this much is hashed on the calling thread: starting threads would take longer. */
const FEW_FILES = 500;
const FEW_BYTES = 8 * 1024 * 1024;
/** Given to a thread at once, so that messages do not count; small enough that no thread is idle at the end. */
const BATCH_FILES = 64;
const BATCH_BYTES = 1024 * 1024;
/** Answers that may wait for an older one, in batches: a file on a disk that does not answer holds no more than these. */
const MOST_AHEAD = 64;
const LOOK_MS = 50;

/**
 * Hashes the files of a list, two at a time, smallest first, and gives the outcomes in that very order. Few files are
 * hashed on this thread, all others on threads of their own. Tells the session bytes and lets others run. Cancelled,
 * what was hashed by then still comes, and no file that was cut off does.
 */
export async function* hashFound(found: FoundList, session: ReadingSession): AsyncGenerator<HashedFile> {
  const order = found.smallestFirst();
  const hashed =
    order.length <= FEW_FILES && found.bytes <= FEW_BYTES
      ? hashHere(found, order, session)
      : hashOnThreads(found, order, session);
  for await (const each of hashed) {
    if (each.outcome.kind !== 'cut') {
      session.expectMore(readOf(each.outcome) - found.sizeOf(each.index));
      yield each;
    }
  }
}

function readOf(outcome: Exclude<HashOutcome, { kind: 'cut' }>): number {
  return outcome.kind === 'hashed' ? outcome.size : outcome.read;
}

async function* hashHere(found: FoundList, order: Uint32Array, session: ReadingSession): AsyncGenerator<HashedFile> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const onChunk = (bytes: number): boolean => {
    session.countBytes(bytes);
    return !session.isCancelled;
  };
  for (const index of order) {
    if (session.isCancelled) {
      return;
    }
    yield { index, outcome: hashFile(found.pathOf(index), buffer, onChunk) };
    await session.breathe();
  }
}

async function* hashOnThreads(
  found: FoundList,
  order: Uint32Array,
  session: ReadingSession,
): AsyncGenerator<HashedFile> {
  const threads = new HashThreads(order.length, session.pause);
  const requests = new OrderedRequests(threads, found, order);
  let counted = 0;
  try {
    for (;;) {
      if (session.isCancelled) {
        threads.stop();
      } else {
        requests.give();
      }
      const answer = requests.take();
      if (answer !== null) {
        yield* answer;
      } else if (requests.isIdle) {
        return;
      } else {
        await requests.answeredOr(LOOK_MS);
      }
      const { bytes } = threads;
      session.countBytes(bytes - counted);
      counted = bytes;
      await session.breathe();
    }
  } finally {
    await threads.close();
  }
}

/** Keeps threads busy with batches of files and hands the answers out in the order of the batches. */
class OrderedRequests {
  readonly #threads: HashThreads;
  readonly #found: FoundList;
  readonly #batches: Iterator<readonly number[]>;
  readonly #answers = new Map<number, readonly HashedFile[]>();
  #given = 0;
  #taken = 0;
  #running = 0;
  #fault: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(threads: HashThreads, found: FoundList, order: Uint32Array) {
    this.#threads = threads;
    this.#found = found;
    this.#batches = batchesOf(found, order);
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#answers.size === 0;
  }

  /** Gives work to every thread that has none. */
  give(): void {
    while (this.#threads.isFree && this.#given - this.#taken < MOST_AHEAD) {
      const batch = this.#batches.next();
      if (batch.done === true) {
        return;
      }
      void this.#request(this.#given, batch.value);
      this.#given += 1;
    }
  }

  /** The next answer in order; null while it is not there. Throws when a thread was lost. */
  take(): readonly HashedFile[] | null {
    if (this.#fault !== null) {
      throw this.#fault.error;
    }
    const answer = this.#answers.get(this.#taken);
    if (answer === undefined) {
      return null;
    }
    this.#answers.delete(this.#taken);
    this.#taken += 1;
    return answer;
  }

  /** Until an answer comes, at most so many milliseconds. */
  answeredOr(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #request(number: number, batch: readonly number[]): Promise<void> {
    this.#running += 1;
    try {
      const outcomes = await this.#threads.hash(batch.map((index) => this.#found.pathOf(index)));
      this.#answers.set(
        number,
        batch.flatMap((index, at) => pair(index, outcomes[at])),
      );
    } catch (error) {
      this.#fault = { error };
    }
    this.#running -= 1;
    this.#wake();
  }
}

/** Numbers of files that are hashed by one request. */
function* batchesOf(found: FoundList, order: Uint32Array): Generator<readonly number[]> {
  let batch: number[] = [];
  let bytes = 0;
  for (const index of order) {
    const size = found.sizeOf(index);
    if (batch.length > 0 && (batch.length >= BATCH_FILES || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(index);
    bytes += size;
  }
  if (batch.length > 0) {
    yield batch;
  }
}

function pair(index: number, outcome: HashOutcome | undefined): HashedFile[] {
  return outcome === undefined ? [] : [{ index, outcome }];
}
