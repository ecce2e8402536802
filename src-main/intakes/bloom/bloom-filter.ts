import { z } from 'zod';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { CheckedBlocks } from '../keys/checked-blocks.ts';
import { INDEX_BLOCK } from '../keys/key-layout.ts';
import type { PackedReader } from '../packed-reader.ts';
import { bitsOfKey } from './dcso-bloom.ts';

/** Section of the bits in a packed set, with `bloom.sums` over every INDEX_BLOCK bytes. */
export const BLOOM = 'bloom';

/** `meta.bloom` of a packed set that is a Bloom filter. */
export const bloomMetaSchema = z.strictObject({
  /** The kind of digests its keys are. */
  digest: z.enum(DIGEST_KINDS),
  keys: z.number(),
  functions: z.int().min(1).max(64),
  bits: z.int().min(1),
  /** The share of digests it does not hold that it calls possible, worked out from its bits. */
  errorRate: z.number().min(0).max(1),
});
export type BloomMeta = z.infer<typeof bloomMetaSchema>;

/** Keys looked at together: their bits take 0.5 MiB a hash function. */
const AT_ONCE = 1 << 16;

/** A Bloom filter in a packed set: it tells what is certainly not in it, and of the rest that it is possible. */
export class BloomFilter {
  readonly meta: BloomMeta;
  readonly #blocks: CheckedBlocks;

  constructor(reader: PackedReader, damage: (section: string) => AppError) {
    const meta = bloomMetaSchema.safeParse(reader.header.meta['bloom']);
    if (!meta.success) {
      throw damage(BLOOM);
    }
    this.meta = meta.data;
    this.#blocks = new CheckedBlocks(reader, BLOOM, INDEX_BLOCK, damage);
  }

  static isIn(reader: PackedReader): boolean {
    return reader.has(BLOOM);
  }

  /** Whether a digest in hex may be in it. Publishers write digests in capitals or not: both spellings are tried. */
  mayHold(hex: string): boolean {
    return this.#holds(hex.toUpperCase()) || this.#holds(hex.toLowerCase());
  }

  /** The same of many digests, 1 where it may hold one: each block is read a few times, not once for every digest. */
  mayHoldEach(hexes: readonly string[]): Uint8Array {
    const found = new Uint8Array(hexes.length);
    for (let from = 0; from < hexes.length; from += AT_ONCE) {
      const some = hexes.slice(from, from + AT_ONCE);
      for (const keys of [some.map((hex) => hex.toUpperCase()), some.map((hex) => hex.toLowerCase())]) {
        for (const place of this.#heldAmong(keys)) {
          found[from + place] = 1;
        }
      }
    }
    return found;
  }

  /** Places of the keys that may be held: bit after bit, in the order the bits lie in. */
  #heldAmong(keys: readonly string[]): Uint32Array {
    const { functions } = this.meta;
    const bits = new Float64Array(keys.length * functions);
    for (const [place, key] of keys.entries()) {
      bits.set([...bitsOfKey(key, this.meta)], place * functions);
    }
    let left = Uint32Array.from(keys, (_, place) => place);
    for (let round = 0; round < functions && left.length > 0; round += 1) {
      const bitOf = (place: number): number => bits[place * functions + round] as number;
      left = left.sort((a, b) => bitOf(a) - bitOf(b)).filter((place) => this.#isSet(bitOf(place)));
    }
    return left;
  }

  #holds(key: string): boolean {
    for (const bit of bitsOfKey(key, this.meta)) {
      if (!this.#isSet(bit)) {
        return false;
      }
    }
    return true;
  }

  #isSet(bit: number): boolean {
    const at = Math.floor(bit / 8);
    const byte = this.#blocks.block(Math.floor(at / INDEX_BLOCK))[at % INDEX_BLOCK] as number;
    return (byte & (1 << (bit % 8))) !== 0;
  }
}
