/** Records per block: a power of two, so that a record number splits into block and place by shifts. */
const BLOCK_SHIFT = 16;
export const BLOCK_RECORDS = 1 << BLOCK_SHIFT;
const BLOCK_MASK = BLOCK_RECORDS - 1;

/**
 * A growing column of fixed-size digests (or digest sets), `stride` bytes each, in blocks so that growing never copies.
 * The stride must be a multiple of 4; that holds for MD5 (16), SHA-1 (20), SHA-256 (32) and all their sums.
 */
export class DigestColumn {
  readonly stride: number;
  readonly words: number;
  #count = 0;
  readonly #blocks: Uint32Array[] = [];
  readonly #bytes: Uint8Array[] = [];

  constructor(stride: number) {
    if (stride % 4 !== 0 || stride <= 0) {
      throw new RangeError(`a digest stride of ${stride} bytes is not a multiple of 4`);
    }
    this.stride = stride;
    this.words = stride / 4;
  }

  /** Records held. */
  get count(): number {
    return this.#count;
  }

  /** Blocks as 32-bit words; record i lies in block `i >>> 16` at word `(i & 65535) * words`. */
  get blocks(): readonly Uint32Array[] {
    return this.#blocks;
  }

  /** The same blocks as bytes. */
  get byteBlocks(): readonly Uint8Array[] {
    return this.#bytes;
  }

  /** Appends one record given as `stride` bytes. */
  append(digest: Uint8Array): void {
    const block = this.grow();
    let at = ((this.#count - 1) & BLOCK_MASK) * this.stride;
    for (let byte = 0; byte < this.stride; byte += 1) {
      block[at] = digest[byte] as number;
      at += 1;
    }
  }

  /** Counts one more record in and returns its block; its byte offset is `lastOffset`. For hot loops. */
  grow(): Uint8Array {
    const at = this.#count;
    const index = at >>> BLOCK_SHIFT;
    let block = this.#bytes[index];
    if (block === undefined) {
      const words = new Uint32Array(BLOCK_RECORDS * this.words);
      block = new Uint8Array(words.buffer);
      this.#blocks.push(words);
      this.#bytes.push(block);
    }
    this.#count = at + 1;
    return block;
  }

  /** Byte offset of the record counted in last, inside its block. */
  get lastOffset(): number {
    return ((this.#count - 1) & BLOCK_MASK) * this.stride;
  }

  /** Copies record `index` into `target` (words) at `at`. */
  copyTo(index: number, target: Uint32Array, at: number): void {
    const block = this.#blocks[index >>> BLOCK_SHIFT] as Uint32Array;
    const from = (index & BLOCK_MASK) * this.words;
    for (let word = 0; word < this.words; word += 1) {
      target[at + word] = block[from + word] as number;
    }
  }

  /** Gives the memory back; the column is empty afterwards. */
  clear(): void {
    this.#blocks.length = 0;
    this.#bytes.length = 0;
    this.#count = 0;
  }
}
