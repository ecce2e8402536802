import { CELL, FAILED, PENDING, WINDOW_BYTES, type SevenZipMessage, type SevenZipStart } from './messages.ts';
import type { ToolArchive } from './run-tool.ts';

/** Thrown in the thread when the other side could not read the archive; that side knows why. */
export class ArchiveLost extends Error {}

/** The archive as it lies on the other side, one stretch of it at a time. Reading blocks the thread. */
export class RemoteArchive implements ToolArchive {
  readonly size: number;
  readonly #cells: Int32Array;
  readonly #window: Uint8Array;
  readonly #post: (message: SevenZipMessage) => void;
  #from = 0;
  #length = 0;

  constructor(start: SevenZipStart, post: (message: SevenZipMessage) => void) {
    this.size = start.size;
    this.#cells = new Int32Array(start.cells);
    this.#window = new Uint8Array(start.window);
    this.#post = post;
  }

  read(at: number, into: Uint8Array): number {
    const end = Math.min(at + into.length, this.size);
    let filled = 0;
    while (at + filled < end) {
      const place = at + filled;
      if (place < this.#from || place >= this.#from + this.#length) {
        this.#load(place);
      }
      const held = this.#window.subarray(place - this.#from, Math.min(this.#length, end - this.#from));
      if (held.length === 0) {
        break;
      }
      into.set(held, filled);
      filled += held.length;
    }
    return filled;
  }

  #load(at: number): void {
    Atomics.store(this.#cells, CELL.read, PENDING);
    this.#post({ kind: 'read', at, length: Math.min(WINDOW_BYTES, this.size - at) });
    Atomics.wait(this.#cells, CELL.read, PENDING);
    const length = Atomics.load(this.#cells, CELL.read);
    if (length === FAILED) {
      throw new ArchiveLost();
    }
    this.#from = at;
    this.#length = length;
  }
}
