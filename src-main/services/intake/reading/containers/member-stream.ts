/** Bytes that may pass before it is known what a member is; text that is still undecided then is a sample. */
const MOST_KEPT = 16 * 1024 * 1024;

/** Thrown into a reader that has not found out what the content is after `MOST_KEPT` bytes. */
export class Undecided extends Error {}

/**
 * The content of a member, read once, of which the beginning can be read again until somebody has decided what it is.
 * What it fails by is thrown again every time its end is reached.
 */
export class MemberStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #kept: Uint8Array[] | null = [];
  #keptBytes = 0;
  #end: { readonly fault: { readonly error: unknown } | null } | null = null;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#source = content[Symbol.asyncIterator]();
  }

  /** The first bytes, at least `count` of them where there are as many. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#keptBytes < count && this.#end === null) {
      await this.#pull();
    }
    const kept = this.#kept ?? [];
    return kept.length === 1 ? (kept[0] as Uint8Array) : Buffer.concat(kept);
  }

  /** All of it from the start, to decide what it is by; throws `Undecided` when that takes too long. */
  async *looked(): AsyncGenerator<Uint8Array> {
    const kept = this.#kept ?? [];
    yield* kept;
    for (;;) {
      if (this.#kept !== null && this.#keptBytes > MOST_KEPT) {
        throw new Undecided('its beginning unpacks to nearly nothing');
      }
      const chunk = await this.#pull();
      if (chunk === null) {
        this.#rethrow();
        return;
      }
      yield chunk;
    }
  }

  /** It is decided: nothing is read a second time from now on. */
  decide(): void {
    this.#kept = null;
  }

  /** All of it from the start, for good. */
  async *rest(): AsyncGenerator<Uint8Array> {
    const kept = this.#kept ?? [];
    this.#kept = null;
    yield* kept;
    for (let chunk = await this.#pull(); chunk !== null; chunk = await this.#pull()) {
      yield chunk;
    }
    this.#rethrow();
  }

  /** Gives up what was not read. */
  async close(): Promise<void> {
    this.#kept = null;
    await this.#source.return?.();
  }

  async #pull(): Promise<Uint8Array | null> {
    if (this.#end !== null) {
      return null;
    }
    try {
      const next = await this.#source.next();
      if (next.done === true) {
        this.#end = { fault: null };
        return null;
      }
      this.#kept?.push(next.value);
      this.#keptBytes += next.value.length;
      return next.value;
    } catch (error) {
      this.#end = { fault: { error } };
      return null;
    }
  }

  #rethrow(): void {
    const fault = this.#end?.fault ?? null;
    if (fault !== null) {
      throw fault.error;
    }
  }
}
