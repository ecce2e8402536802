import { asBuffer } from '../../bytes/text.ts';

/** Chunks one behind the other, with what is kept of one in front of the next. Memory grows with what is kept only. */
export class JoinedChunks {
  #memory: Buffer = Buffer.alloc(0);
  #kept = 0;
  #looked = 0;

  /** What was kept and `chunk` behind it; `looked` is how far the kept part was looked at already. */
  join(chunk: Uint8Array): { readonly bytes: Buffer; readonly looked: number } {
    const looked = this.#looked;
    if (this.#kept === 0) {
      this.#looked = 0;
      return { bytes: asBuffer(chunk), looked };
    }
    const length = this.#kept + chunk.length;
    if (length > this.#memory.length) {
      const larger = Buffer.alloc(length * 2);
      this.#memory.copy(larger, 0, 0, this.#kept);
      this.#memory = larger;
    }
    this.#memory.set(chunk, this.#kept);
    this.#kept = 0;
    this.#looked = 0;
    return { bytes: this.#memory.subarray(0, length), looked };
  }

  /** Keeps `bytes`, the joined ones, from `from` on; `looked` of these need not be looked at again. */
  keep(bytes: Buffer, from: number, looked: number): void {
    const length = bytes.length - from;
    if (length > this.#memory.length) {
      this.#memory = Buffer.alloc(length * 2);
    }
    bytes.copy(this.#memory, 0, from);
    this.#kept = length;
    this.#looked = looked;
  }
}
