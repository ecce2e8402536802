import { crc32 } from 'node:zlib';
import type { AppError } from '#shared/errors/app-error.ts';
import type { PackedReader } from '../packed-reader.ts';

/** A section read by blocks, each verified against its own checksum (section `name.sums`) when it is read. */
export class CheckedBlocks {
  readonly #reader: PackedReader;
  readonly #name: string;
  readonly #blockBytes: number;
  readonly #bytes: number;
  readonly #damage: (section: string) => AppError;
  readonly #buffer: Uint8Array;
  #sums: Uint32Array | null = null;
  #number = -1;
  #block: Uint8Array;

  constructor(reader: PackedReader, name: string, blockBytes: number, damage: (section: string) => AppError) {
    this.#reader = reader;
    this.#name = name;
    this.#blockBytes = blockBytes;
    this.#bytes = reader.bytesIn(name);
    this.#damage = damage;
    this.#buffer = new Uint8Array(blockBytes);
    this.#block = this.#buffer;
  }

  /** Block `number`; valid until the next one is asked for. */
  block(number: number): Uint8Array {
    if (number === this.#number) {
      return this.#block;
    }
    this.#sums ??= this.#reader.section(`${this.#name}.sums`, 'u32');
    const from = number * this.#blockBytes;
    const count = Math.min(this.#blockBytes, this.#bytes - from);
    this.#number = -1;
    const block = this.#reader.readBytes(this.#name, from, count, this.#buffer);
    if (crc32(block) !== this.#sums[number]) {
      throw this.#damage(this.#name);
    }
    this.#number = number;
    this.#block = block;
    return block;
  }
}
