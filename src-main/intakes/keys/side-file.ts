import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { SectionType } from '../packed-layout.ts';
import type { PackedArray, PackedWriter } from '../packed-writer.ts';
import { INDEX_BLOCK } from './key-layout.ts';

const BUFFER_BYTES = 1 << 20;

/** A column that grows while another section is being written: it waits in a file of its own. */
export class SideFile {
  readonly #path: string;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #file: number | null = null;
  #written = 0;
  #buffered = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes taken. */
  get length(): number {
    return this.#written + this.#buffered;
  }

  append(array: PackedArray): void {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let from = 0; from < bytes.length;) {
      const some = Math.min(BUFFER_BYTES - this.#buffered, bytes.length - from);
      this.#buffer.set(bytes.subarray(from, from + some), this.#buffered);
      this.#buffered += some;
      from += some;
      if (this.#buffered === BUFFER_BYTES) {
        this.#flush();
      }
    }
  }

  /** Writes all of it as a section, with `name.sums` over every INDEX_BLOCK bytes, and removes the file. */
  moveTo(writer: PackedWriter, name: string, type: SectionType): void {
    const sums: number[] = [];
    writer.begin(name, type);
    for (const block of this.#blocks()) {
      for (let from = 0; from < block.length; from += INDEX_BLOCK) {
        sums.push(crc32(block.subarray(from, from + INDEX_BLOCK)));
      }
      writer.write(block);
    }
    writer.end();
    writer.section(`${name}.sums`, 'u32', Uint32Array.from(sums));
    this.discard();
  }

  /** Removes the file; the column is empty afterwards. */
  discard(): void {
    if (this.#file !== null) {
      closeSync(this.#file);
      this.#file = null;
      rmSync(this.#path, { force: true });
    }
    this.#written = 0;
    this.#buffered = 0;
  }

  *#blocks(): Generator<Uint8Array> {
    const block = new Uint8Array(BUFFER_BYTES);
    for (let from = 0; from < this.#written; from += BUFFER_BYTES) {
      let done = 0;
      while (this.#file !== null && done < BUFFER_BYTES) {
        const read = readSync(this.#file, block, done, BUFFER_BYTES - done, from + done);
        if (read === 0) {
          throw new RangeError(`${this.#path} ends too early`);
        }
        done += read;
      }
      yield block;
    }
    yield this.#buffer.subarray(0, this.#buffered);
  }

  /** Whole buffers only, so that blocks begin at multiples of their size. */
  #flush(): void {
    this.#file ??= openSync(this.#path, 'w+', 0o600);
    let done = 0;
    while (done < BUFFER_BYTES) {
      done += writeSync(this.#file, this.#buffer, done, BUFFER_BYTES - done, this.#written + done);
    }
    this.#written += BUFFER_BYTES;
    this.#buffered = 0;
  }
}
