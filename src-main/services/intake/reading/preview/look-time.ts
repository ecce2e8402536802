/** Share of the time after which nothing new is begun: what is under way comes to its end in the rest. */
const LAST_BEGIN = 0.7;

/** Time a look may take. Its signal ends what waits; whoever computes asks between two steps. */
export class LookTime {
  /** Ends with the time, or with the outer signal. */
  readonly signal: AbortSignal;
  readonly #outer: AbortSignal;
  readonly #started = performance.now();
  readonly #withinMs: number;

  /** `withinMs` in milliseconds from now on. */
  constructor(withinMs: number, outer: AbortSignal) {
    this.#withinMs = withinMs;
    this.#outer = outer;
    this.signal = AbortSignal.any([outer, AbortSignal.timeout(withinMs)]);
  }

  /** True when nothing new is to be begun. */
  get isLate(): boolean {
    return this.isOver || performance.now() - this.#started > this.#withinMs * LAST_BEGIN;
  }

  get isOver(): boolean {
    return this.signal.aborted || performance.now() - this.#started > this.#withinMs;
  }

  /** Why it is over, a sentence part. */
  get reason(): string {
    return this.#outer.aborted ? 'nobody waits for it' : 'looking at it took too long';
  }

  /** The content as it is, until the time is over: then it throws. */
  async *watched(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      if (this.isOver) {
        throw new Error(this.reason);
      }
      yield chunk;
    }
  }
}
