import { crc32 } from 'node:zlib';
import type { AppError } from '#shared/errors/app-error.ts';
import type { PackedReader } from '../packed-reader.ts';
import { KEY_BLOCK } from './key-layout.ts';

/** Candidates settled together: enough for near ones to be read at once, few enough to stay in the processor's cache. */
const MOST_CANDIDATES = 1 << 12;
/** Bytes between two keys that are read along: they cost less than another read. */
const NEAR_BYTES = 8 * 1024;
const MOST_BYTES = 64 * 1024;

/**
 * Compares wanted keys whole with the keys of a column, in the order they were given. What lies close together is read at
 * once. A key that differs from what its mark promised is another key, or damaged: its block is verified before that counts.
 */
export class WholeKeys {
  readonly #reader: PackedReader;
  readonly #name: string;
  readonly #width: number;
  readonly #count: number;
  readonly #damage: (section: string) => AppError;
  readonly #queries = new Uint32Array(MOST_CANDIDATES);
  readonly #records = new Uint32Array(MOST_CANDIDATES);
  readonly #keys = new Uint8Array(MOST_BYTES);
  readonly #block: Uint8Array;
  #sums: Uint32Array | null = null;
  #verified = -1;
  #filled = 0;
  /** The query that was found last, -1 when none. */
  #found = -1;

  constructor(reader: PackedReader, name: string, width: number, damage: (section: string) => AppError) {
    this.#reader = reader;
    this.#name = name;
    this.#width = width;
    this.#count = Math.floor(reader.bytesIn(name) / width);
    this.#damage = damage;
    this.#block = new Uint8Array(KEY_BLOCK * width);
  }

  /** Forgets what an interrupted search left. */
  begin(): void {
    this.#filled = 0;
    this.#found = -1;
  }

  /** Remembers that the wanted key `query` may be the key `record`. True when `settle` has to be called before the next. */
  add(query: number, record: number): boolean {
    this.#queries[this.#filled] = query;
    this.#records[this.#filled] = record;
    this.#filled += 1;
    return this.#filled === MOST_CANDIDATES;
  }

  /** Tells the keys that are there of all remembered ones, one record for each query. */
  settle(wanted: Uint8Array, onHit: (query: number, record: number) => void): void {
    for (let from = 0; from < this.#filled;) {
      const first = this.#records[from] as number;
      const end = this.#endOfCluster(from, first);
      const last = this.#records[end - 1] as number;
      this.#reader.readBytes(this.#name, first * this.#width, (last + 1 - first) * this.#width, this.#keys);
      for (let at = from; at < end; at += 1) {
        this.#settleOne(at, first, wanted, onHit);
      }
      from = end;
    }
    this.#filled = 0;
  }

  #endOfCluster(from: number, first: number): number {
    const near = NEAR_BYTES / this.#width;
    const most = MOST_BYTES / this.#width;
    let last = first;
    for (let next = from + 1; next < this.#filled; next += 1) {
      const record = this.#records[next] as number;
      // Equal queries go back to the first key of their step.
      if (record < last || record - last > near || record + 1 - first > most) {
        return next;
      }
      last = record;
    }
    return this.#filled;
  }

  #settleOne(at: number, first: number, wanted: Uint8Array, onHit: (query: number, record: number) => void): void {
    const query = this.#queries[at] as number;
    if (query === this.#found) {
      return;
    }
    const record = this.#records[at] as number;
    if (this.#isSame((record - first) * this.#width, wanted, query * this.#width)) {
      this.#found = query;
      onHit(query, record);
    } else {
      this.#verify(Math.floor(record / KEY_BLOCK));
    }
  }

  #isSame(from: number, wanted: Uint8Array, at: number): boolean {
    const keys = this.#keys;
    for (let byte = this.#width - 1; byte >= 0; byte -= 1) {
      if (keys[from + byte] !== wanted[at + byte]) {
        return false;
      }
    }
    return true;
  }

  #verify(number: number): void {
    if (number === this.#verified) {
      return;
    }
    this.#sums ??= this.#reader.section(`${this.#name}.sums`, 'u32');
    const from = number * KEY_BLOCK;
    const bytes = Math.min(KEY_BLOCK, this.#count - from) * this.#width;
    const block = this.#reader.readBytes(this.#name, from * this.#width, bytes, this.#block);
    if (crc32(block) !== this.#sums[number]) {
      throw this.#damage(this.#name);
    }
    this.#verified = number;
  }
}
