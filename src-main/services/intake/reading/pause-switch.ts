const RUNNING = 0;
const PAUSED = 1;

/** Says whether reading is paused. Its memory may cross threads: who holds it sees the same switch, without a message. */
export class PauseSwitch {
  readonly memory: SharedArrayBuffer;
  readonly #cell: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cell = new Int32Array(memory);
  }

  get isPaused(): boolean {
    return Atomics.load(this.#cell, 0) === PAUSED;
  }

  set(isPaused: boolean): void {
    Atomics.store(this.#cell, 0, isPaused ? PAUSED : RUNNING);
    Atomics.notify(this.#cell, 0);
  }

  /** Blocks this thread while paused, at most so many milliseconds. For threads that answer nobody else. */
  block(milliseconds: number): void {
    Atomics.wait(this.#cell, 0, PAUSED, milliseconds);
  }
}
