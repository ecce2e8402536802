/** Bytes that come in pieces, kept as one: many small pieces cost no more than their bytes. */
export class CollectedBytes {
  #bytes = Buffer.alloc(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    if (end - start === 1) {
      this.#bytes[this.#length] = bytes[start] as number;
    } else {
      this.#bytes.set(bytes.subarray(start, end), this.#length);
    }
    this.#length = needed;
  }

  /** A view of [start, end), valid until bytes are added. */
  part(start: number, end: number): Buffer {
    return this.#bytes.subarray(start, Math.min(end, this.#length));
  }

  clear(): void {
    this.#length = 0;
  }
}
