import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import type { KeyIndex } from '../../../intakes/keys/key-index.ts';
import type { PackedReader } from '../../../intakes/packed-reader.ts';
import { keyOf } from '../digest-keys.ts';

/** Records read at once, and the stretch one checksum of a checked section covers. */
export const BLOCK_RECORDS = 4096;
/** Records looked through one by one at the end of a search. */
const PAGE_RECORDS = 128;

/** Sections whose checksum this process has found right, by file as it was then. Packed files never change in place. */
const VERIFIED = new Set<string>();

/** A section whose checksum differs: what it says must not be used. */
export class DamagedSection extends AppError {
  readonly path: string;
  constructor(path: string, section: string) {
    super('DB_DAMAGED', `Section ${section} of ${path} is damaged: its checksum differs.`);
    this.path = path;
  }
}

/** A column of sorted digests, with an index over it or without. */
export type SetSection = SortedSection | KeyIndex;

export interface SectionBlock {
  /** Number of the first record. */
  readonly from: number;
  readonly count: number;
  /** Valid until the next block. */
  readonly bytes: Uint8Array;
}

/**
 * A section of sorted digests in a packed file, read by stretches and never held whole. With checksums per block every
 * block is verified when read; without, the section's own checksum is verified by a pass from start to end.
 */
export class SortedSection {
  readonly width: number;
  readonly count: number;
  readonly #reader: PackedReader;
  readonly #name: string;
  readonly #checksums: Uint32Array | null;
  readonly #identity: string;
  readonly #pageKeys = new Map<number, number>();
  #block: Uint8Array | null = null;
  #page: { readonly number: number; readonly bytes: Uint8Array } | null = null;

  constructor(reader: PackedReader, name: string, width: number, checksums: Uint32Array | null = null) {
    this.#reader = reader;
    this.#name = name;
    this.width = width;
    this.count = Math.floor(reader.bytesIn(name) / width);
    this.#checksums = checksums;
    const { ino, size, mtimeMs } = statSync(reader.path);
    this.#identity = `${reader.path} ${name} ${ino} ${size} ${mtimeMs}`;
  }

  /** The records in order, from the block that may hold the first digest not below `from`. */
  *blocks(from: Uint8Array | null = null): Generator<SectionBlock> {
    this.#block ??= new Uint8Array(BLOCK_RECORDS * this.width);
    // An unverified section is read from its start, so that its checksum can be told at the end.
    const first = from === null || this.#mustVerify() ? 0 : this.#blockOf(from);
    let checksum = 0;
    for (let record = first * BLOCK_RECORDS; record < this.count; record += BLOCK_RECORDS) {
      const count = Math.min(BLOCK_RECORDS, this.count - record);
      const bytes = this.#read(record, count, this.#block);
      if (this.#mustVerify()) {
        checksum = crc32(bytes, checksum);
      }
      yield { from: record, count, bytes };
    }
    if (this.#mustVerify()) {
      if (checksum !== this.#expected()) {
        throw this.#damage();
      }
      VERIFIED.add(this.#identity);
    }
  }

  /** Whether a pass over it need not go to the end for its checksum's sake. */
  get isVerified(): boolean {
    return !this.#mustVerify();
  }

  /** Numbers of the records equal to the digest. */
  findAll(digest: Uint8Array): readonly number[] {
    const found: number[] = [];
    const key = keyOf(digest);
    for (let page = this.#lastPageBelow(key); page * PAGE_RECORDS < this.count; page += 1) {
      if (this.#firstKey(page) > key) {
        break;
      }
      const bytes = this.#readPage(page);
      for (let at = 0; at < bytes.length; at += this.width) {
        if (sameAt(bytes, at, digest, 0, this.width)) {
          found.push(page * PAGE_RECORDS + at / this.width);
        }
      }
    }
    return found;
  }

  #mustVerify(): boolean {
    return this.#checksums === null && !VERIFIED.has(this.#identity);
  }

  #expected(): number | undefined {
    return this.#reader.header.sections.find((section) => section.name === this.#name)?.crc32;
  }

  #damage(): DamagedSection {
    return new DamagedSection(this.#reader.path, this.#name);
  }

  #blockOf(digest: Uint8Array): number {
    return Math.floor((this.#lastPageBelow(keyOf(digest)) * PAGE_RECORDS) / BLOCK_RECORDS);
  }

  /** The last page that starts below the key, or the first page. */
  #lastPageBelow(key: number): number {
    let low = 0;
    let high = Math.ceil(this.count / PAGE_RECORDS);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#firstKey(middle) < key) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #firstKey(page: number): number {
    let key = this.#pageKeys.get(page);
    if (key === undefined) {
      key = keyOf(this.#reader.readBytes(this.#name, page * PAGE_RECORDS * this.width, this.width));
      this.#pageKeys.set(page, key);
    }
    return key;
  }

  #readPage(page: number): Uint8Array {
    if (this.#page?.number !== page) {
      const from = page * PAGE_RECORDS;
      const count = Math.min(PAGE_RECORDS, this.count - from);
      this.#page = { number: page, bytes: this.#reader.readBytes(this.#name, from * this.width, count * this.width) };
    }
    return this.#page.bytes;
  }

  #read(record: number, count: number, into: Uint8Array): Uint8Array {
    const bytes = this.#reader.readBytes(this.#name, record * this.width, count * this.width, into);
    if (this.#checksums !== null && crc32(bytes) !== this.#checksums[record / BLOCK_RECORDS]) {
      throw this.#damage();
    }
    return bytes;
  }
}

export function sameAt(left: Uint8Array, at: number, right: Uint8Array, from: number, width: number): boolean {
  for (let byte = 0; byte < width; byte += 1) {
    if (left[at + byte] !== right[from + byte]) {
      return false;
    }
  }
  return true;
}
