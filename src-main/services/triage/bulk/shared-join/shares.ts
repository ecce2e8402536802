/** Wanted keys of one share: small enough that two threads end at about the same time. */
export const SHARE_QUERIES = 1 << 13;

/** What became of a share. A thread that is lost leaves `open`. */
const STATE = { open: 0, done: 1, failed: 2 } as const;

/** One look-up that two threads share, as it is told to the other thread. Every buffer is the same memory for both. */
export interface JoinJob {
  readonly path: string;
  /** The header of the file as JSON: another file of that name is not worked on. */
  readonly header: string;
  readonly section: string;
  readonly width: number;
  readonly digests: SharedArrayBuffer;
  readonly records: SharedArrayBuffer;
  /** One number: the next share to be taken. */
  readonly turns: SharedArrayBuffer;
  readonly states: SharedArrayBuffer;
}

/**
 * The shares of one look-up. Whoever is free takes the next; what was found lies in `records`, one more than the number of
 * the record for each wanted key, 0 where it is not there. Doing a share twice does no harm: both write the same.
 */
export class Shares {
  readonly count: number;
  readonly records: Uint32Array;
  readonly #queries: number;
  readonly #turns: Int32Array;
  readonly #states: Int32Array;

  constructor(job: Pick<JoinJob, 'records' | 'turns' | 'states'>) {
    this.records = new Uint32Array(job.records);
    this.#turns = new Int32Array(job.turns);
    this.#states = new Int32Array(job.states);
    this.#queries = this.records.length;
    this.count = this.#states.length;
  }

  /** Memory for the shares of that many wanted keys. */
  static memory(queries: number): Pick<JoinJob, 'records' | 'turns' | 'states'> {
    return {
      records: new SharedArrayBuffer(queries * 4),
      turns: new SharedArrayBuffer(4),
      states: new SharedArrayBuffer(Math.ceil(queries / SHARE_QUERIES) * 4),
    };
  }

  /** Takes the next share, or null when none is left. */
  take(): number | null {
    const share = Atomics.add(this.#turns, 0, 1);
    return share < this.count ? share : null;
  }

  /** The wanted keys of a share: from, and below. */
  range(share: number): readonly [number, number] {
    const from = share * SHARE_QUERIES;
    return [from, Math.min(from + SHARE_QUERIES, this.#queries)];
  }

  end(share: number, isDone: boolean): void {
    Atomics.store(this.#states, share, isDone ? STATE.done : STATE.failed);
    Atomics.notify(this.#states, share);
  }

  /** Waits up to `ms` for a share somebody took; whether it is done. False at once when it failed. */
  isDone(share: number, ms: number): boolean {
    if (Atomics.load(this.#states, share) === STATE.open) {
      Atomics.wait(this.#states, share, STATE.open, ms);
    }
    return Atomics.load(this.#states, share) === STATE.done;
  }

  hasFailed(share: number): boolean {
    return Atomics.load(this.#states, share) === STATE.failed;
  }
}
