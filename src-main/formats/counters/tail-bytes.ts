/** The last bytes in front of a chunk; some markup comes in chunks of one line, so that keeping them must be cheap. */
export class TailBytes {
  readonly #most: number;
  readonly #bytes: Uint8Array;
  #length = 0;

  /** `most` is how many bytes are kept at least, once there were as many. */
  constructor(most: number) {
    this.#most = most;
    this.#bytes = new Uint8Array(most * 16);
  }

  get length(): number {
    return this.#length;
  }

  keep(chunk: Uint8Array): void {
    const last = chunk.length > this.#most ? chunk.subarray(chunk.length - this.#most) : chunk;
    if (this.#length + last.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - this.#most, this.#length);
      this.#length = this.#most;
    }
    this.#bytes.set(last, this.#length);
    this.#length += last.length;
  }

  /** The byte at `place`, below zero, counted from the end. */
  at(place: number): number | undefined {
    return this.#bytes[this.#length + place];
  }
}
