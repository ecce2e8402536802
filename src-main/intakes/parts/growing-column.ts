import type { PackedWriter } from '../packed-writer.ts';

const BLOCK_SHIFT = 16;
const BLOCK_VALUES = 1 << BLOCK_SHIFT;

/** A growing column of 32-bit numbers. Values never set are 0; blocks that hold only zeros take no memory. */
export class GrowingColumn {
  readonly #blocks: (Uint32Array | undefined)[] = [];
  #isUsed = false;

  /** True once a value other than 0 was set. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  set(index: number, value: number): void {
    if (value === 0) {
      return;
    }
    const at = index >>> BLOCK_SHIFT;
    let block = this.#blocks[at];
    if (block === undefined) {
      block = new Uint32Array(BLOCK_VALUES);
      this.#blocks[at] = block;
    }
    block[index & (BLOCK_VALUES - 1)] = value;
    this.#isUsed = true;
  }

  get(index: number): number {
    return this.#blocks[index >>> BLOCK_SHIFT]?.[index & (BLOCK_VALUES - 1)] ?? 0;
  }

  /** The first `count` values as a section of type u32. */
  writeTo(writer: PackedWriter, name: string, count: number): void {
    writer.begin(name, 'u32');
    const zeros = new Uint32Array(BLOCK_VALUES);
    for (let from = 0; from < count; from += BLOCK_VALUES) {
      const block = this.#blocks[from >>> BLOCK_SHIFT] ?? zeros;
      writer.write(block.subarray(0, Math.min(BLOCK_VALUES, count - from)));
    }
    writer.end();
  }

  /** Running sums 0, v0, v0 + v1 ... (`count` + 1 values) as a section of type f64. */
  writeOffsetsTo(writer: PackedWriter, name: string, count: number): void {
    writer.begin(name, 'f64');
    const part = new Float64Array(BLOCK_VALUES);
    let filled = 0;
    let sum = 0;
    for (let index = 0; index <= count; index += 1) {
      part[filled] = sum;
      filled += 1;
      sum += index < count ? this.get(index) : 0;
      if (filled === part.length || index === count) {
        writer.write(part.subarray(0, filled));
        filled = 0;
      }
    }
    writer.end();
  }
}

/** A growing column of bytes. */
export class GrowingBytes {
  readonly #blocks: Uint8Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(value: number): void {
    const at = this.#count >>> BLOCK_SHIFT;
    let block = this.#blocks[at];
    if (block === undefined) {
      block = new Uint8Array(BLOCK_VALUES);
      this.#blocks.push(block);
    }
    block[this.#count & (BLOCK_VALUES - 1)] = value;
    this.#count += 1;
  }

  get(index: number): number {
    return this.#blocks[index >>> BLOCK_SHIFT]?.[index & (BLOCK_VALUES - 1)] ?? 0;
  }
}
