import { CELL, IN_FLIGHT, type SevenZipEvent, type SevenZipMessage } from './messages.ts';

/** A message is sent once it carries this much. */
const BATCH_BYTES = 256 * 1024;
const BATCH_EVENTS = 1_000;
/** Unpacked bytes of one event. */
const PIECE_BYTES = 512 * 1024;

/** Gathers events into messages, and waits while the other side has more than enough to read. */
export class EventBatch {
  readonly #cells: Int32Array;
  readonly #post: (message: SevenZipMessage, owned: ArrayBuffer[]) => void;
  #events: SevenZipEvent[] = [];
  #owned: ArrayBuffer[] = [];
  #bytes = 0;

  constructor(cells: Int32Array, post: (message: SevenZipMessage, owned: ArrayBuffer[]) => void) {
    this.#cells = cells;
    this.#post = post;
  }

  add(event: SevenZipEvent): void {
    this.#events.push(event);
    if (this.#events.length >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES) {
      this.flush();
    }
  }

  /** Copies `bytes`, which are valid during the call only. */
  addData(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = new Uint8Array(bytes.subarray(at, at + PIECE_BYTES));
      this.#owned.push(piece.buffer);
      this.#bytes += piece.length;
      this.add({ kind: 'data', bytes: piece });
    }
  }

  flush(): void {
    if (this.#events.length === 0) {
      return;
    }
    Atomics.add(this.#cells, CELL.inFlight, this.#bytes);
    this.#post({ kind: 'events', events: this.#events, bytes: this.#bytes }, this.#owned);
    this.#events = [];
    this.#owned = [];
    this.#bytes = 0;
    for (;;) {
      const inFlight = Atomics.load(this.#cells, CELL.inFlight);
      if (inFlight <= IN_FLIGHT) {
        return;
      }
      Atomics.wait(this.#cells, CELL.inFlight, inFlight);
    }
  }
}
