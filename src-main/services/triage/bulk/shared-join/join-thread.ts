import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KeyIndex } from '../../../../intakes/keys/key-index.ts';
import { workerEntry } from '../../../../platform/worker-entry.ts';
import { Stopped, type BegunJoin, type JoinHelp, type SortedQueries } from '../join.ts';
import { joinShare } from './join-share.ts';
import { SHARE_QUERIES, Shares, type JoinJob } from './shares.ts';

/** Fewer wanted keys than this are looked up before another thread has woken. */
const FEWEST_SHARED = 4 * SHARE_QUERIES;
/** How long a share of the other thread is waited for before it is done here, and between looks at `cancelled`, in milliseconds. */
const WAIT_MS = 1000;
const LOOK_MS = 50;

/**
 * A second thread that takes part in looking up many keys in large sets. What it finds is what this thread would find; when
 * it is late, fails or is lost, its shares are done here, so that it can only save time. Close it.
 */
export class JoinThread implements JoinHelp {
  readonly #worker: Worker;
  readonly #fewest: number;
  readonly #digests = new WeakMap<Uint8Array, SharedArrayBuffer>();
  #isLost = false;
  #helped = 0;

  private constructor(worker: Worker, fewest: number) {
    this.#worker = worker;
    this.#fewest = fewest;
    worker.unref();
    // Lost or not, every share it did not finish is done here.
    worker.on('error', () => {
      this.#isLost = true;
    });
  }

  /** Starts one that helps with `fewest` keys or more. Null where a second thread would only take turns with this one. */
  static start(fewest: number = FEWEST_SHARED): JoinThread | null {
    if (availableParallelism() < 2) {
      return null;
    }
    const url = workerEntry('join-worker', new URL('./worker.ts', import.meta.url));
    return new JoinThread(new Worker(url, { name: 'assay-join', stdout: true, stderr: true }), fewest);
  }

  /** Shares the other thread did so far. */
  get helped(): number {
    return this.#helped;
  }

  helpsWith(queries: SortedQueries): boolean {
    return queries.count >= this.#fewest && !this.#isLost;
  }

  begin(queries: SortedQueries, index: KeyIndex): BegunJoin {
    const digests = this.#sharedDigests(queries);
    const job: JoinJob = { ...index.source, width: index.width, digests, ...Shares.memory(queries.count) };
    const shares = new Shares(job);
    this.#worker.postMessage(job, []);
    return {
      finish: (onHit, cancelled) => {
        this.#work(index, shares, new Uint8Array(digests), cancelled);
        for (let query = 0; query < queries.count; query += 1) {
          const record = shares.records[query] as number;
          if (record > 0) {
            onHit(query, record - 1);
          }
        }
      },
    };
  }

  close(): void {
    void this.#worker.terminate();
  }

  /** The same keys are looked up in every set. */
  #sharedDigests({ bytes, count, width }: SortedQueries): SharedArrayBuffer {
    let shared = this.#digests.get(bytes);
    if (shared === undefined) {
      shared = new SharedArrayBuffer(count * width);
      new Uint8Array(shared).set(bytes.subarray(0, count * width));
      this.#digests.set(bytes, shared);
    }
    return shared;
  }

  #work(index: KeyIndex, shares: Shares, digests: Uint8Array, cancelled: () => boolean): void {
    const own = new Set<number>();
    for (let share = shares.take(); share !== null; share = shares.take()) {
      own.add(share);
      joinShare(index, shares, share, digests, cancelled);
    }
    for (let share = 0; share < shares.count; share += 1) {
      if (own.has(share)) {
        continue;
      }
      if (waitFor(shares, share, cancelled)) {
        this.#helped += 1;
      } else {
        joinShare(index, shares, share, digests, cancelled);
      }
    }
  }
}

/** Whether a share of the other thread was done in time. */
function waitFor(shares: Shares, share: number, cancelled: () => boolean): boolean {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
    if (shares.isDone(share, LOOK_MS)) {
      return true;
    }
    if (shares.hasFailed(share)) {
      return false;
    }
    if (cancelled()) {
      throw new Stopped();
    }
  }
  return false;
}
