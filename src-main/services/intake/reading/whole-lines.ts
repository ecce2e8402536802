/** A line longer than this is passed on in pieces. */
const LONGEST_HELD = 1 << 20;

/**
 * Regroups chunks so that each ends with a line, holding back what follows the last line feed. When reading stops early
 * the held part is dropped: half a SHA-256 must never pass for a SHA-1.
 */
export class WholeLines {
  #held: Uint8Array = new Uint8Array(0);

  /** What can be passed on now, in order. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lastFeed = chunk.lastIndexOf(10);
    if (lastFeed === -1) {
      this.#held = Buffer.concat([this.#held, chunk]);
      return this.#held.length > LONGEST_HELD ? this.end() : [];
    }
    const parts: Uint8Array[] = [];
    let from = 0;
    if (this.#held.length > 0) {
      from = chunk.indexOf(10) + 1;
      parts.push(Buffer.concat([this.#held, chunk.subarray(0, from)]));
    }
    if (from <= lastFeed) {
      parts.push(chunk.subarray(from, lastFeed + 1));
    }
    this.#held = chunk.slice(lastFeed + 1);
    return parts;
  }

  /** The last line, which no line feed ends. */
  end(): Uint8Array[] {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    return held.length === 0 ? [] : [held];
  }
}
