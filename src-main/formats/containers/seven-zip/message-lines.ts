import { MemberFault } from '../port.ts';

/** Names of members are bounded far below, and nothing else 7-Zip writes is long. */
const LONGEST_LINE = 1024 * 1024;
const LINE_END = 10;

/** Cuts what 7-Zip writes, a few bytes at a time, into lines. Throws a `MemberFault` for one that is far too long. */
export class MessageLines {
  readonly #onLine: (line: string) => void;
  #held = Buffer.alloc(4096);
  #length = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** What stands behind the last line end: a question that waits for its answer. */
  get rest(): string {
    return this.#held.toString('utf8', 0, this.#length);
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
      this.#hold(bytes.subarray(from, end));
      from = end + 1;
      const line = this.rest;
      this.#length = 0;
      this.#onLine(line);
    }
    this.#hold(from === 0 ? bytes : bytes.subarray(from));
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > LONGEST_LINE) {
      throw new MemberFault('limit', 'a name in it is too long');
    }
    if (length > this.#held.length) {
      const larger = Buffer.alloc(length * 2);
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }
}
