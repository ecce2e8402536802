/** A message longer than this is none of 7-Zip's: names of members are bounded far below. */
const LONGEST_LINE = 1024 * 1024;

/** Cuts what 7-Zip writes, a few bytes at a time, into lines. */
export class MessageLines {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** What stands behind the last line end: a question that waits for its answer. */
  get rest(): string {
    return this.#rest;
  }

  push(bytes: Uint8Array): void {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    if (this.#rest.length > LONGEST_LINE) {
      throw new RangeError('a message of 7-Zip has no end');
    }
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + 1);
      this.#onLine(line);
    }
  }
}
