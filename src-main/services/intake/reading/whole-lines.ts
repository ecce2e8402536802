/** A line longer than this is passed on in pieces. */
const LONGEST_HELD = 1 << 20;

/**
 * Regroups chunks so that each ends with a line, holding back what follows the last line feed. When reading stops early
 * the held part is dropped: half a SHA-256 must never pass for a SHA-1.
 */
export class WholeLines {
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  /** What can be passed on now, in order. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lastFeed = chunk.lastIndexOf(10);
    if (lastFeed === -1) {
      this.#hold(copyOf(chunk));
      return this.#heldBytes > LONGEST_HELD ? this.end() : [];
    }
    let parts: Uint8Array[] = [];
    let from = 0;
    if (this.#heldBytes > 0) {
      from = chunk.indexOf(10) + 1;
      this.#hold(chunk.subarray(0, from));
      parts = this.end();
    }
    if (from <= lastFeed) {
      parts.push(chunk.subarray(from, lastFeed + 1));
    }
    this.#hold(copyOf(chunk.subarray(lastFeed + 1)));
    return parts;
  }

  /** The last line, which no line feed ends. */
  end(): Uint8Array[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held.length === 0 ? [] : [Buffer.concat(held)];
  }

  #hold(part: Uint8Array): void {
    if (part.length > 0) {
      this.#held.push(part);
      this.#heldBytes += part.length;
    }
  }
}

/** A copy of its own. Not `slice`: on a Buffer that is a view of the same memory. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
