import { crc32 } from 'node:zlib';
import type { AppError } from '#shared/errors/app-error.ts';
import type { PackedReader } from '../packed-reader.ts';
import { CheckedBlocks } from './checked-blocks.ts';
import { INDEX_BLOCK } from './key-layout.ts';
import {
  FIRST_PRODUCTS,
  HIGH_BIT,
  NO_PRODUCT,
  NOTHING,
  type ProductName,
  PRODUCTS,
  PRODUCTS_AT,
  SEVERAL,
  SEVERAL_BYTES,
} from './product-layout.ts';
import type { SomeProducts } from './product-refs.ts';

/** Text of a product that is longer than this was not written by Assay. */
const MOST_TEXT = 16 * 1024;

/** What the keys of a packed set refer to. Every part is verified when it is read. */
export class SetProducts {
  readonly #reader: PackedReader;
  readonly #damage: (section: string) => AppError;
  readonly #several: CheckedBlocks;
  readonly #refs = new Map<string, CheckedBlocks>();

  constructor(reader: PackedReader, damage: (section: string) => AppError) {
    this.#reader = reader;
    this.#damage = damage;
    this.#several = new CheckedBlocks(reader, SEVERAL, INDEX_BLOCK, damage);
  }

  /** Whether the keys of a set refer to products. */
  static areIn(reader: PackedReader): boolean {
    return reader.has(PRODUCTS);
  }

  /** Number of named products. */
  get count(): number {
    return this.#reader.bytesIn(PRODUCTS_AT) / 4 - 1;
  }

  /** The products of key `record` of column `name`. */
  of(name: string, record: number): SomeProducts {
    let refs = this.#refs.get(name);
    if (refs === undefined) {
      refs = new CheckedBlocks(this.#reader, `${name}.refs`, INDEX_BLOCK, this.#damage);
      this.#refs.set(name, refs);
    }
    return this.meaning(wordAt(refs.block(Math.floor((record * 4) / INDEX_BLOCK)), (record * 4) % INDEX_BLOCK));
  }

  /** What a reference stands for. */
  meaning(ref: number): SomeProducts {
    if (ref < HIGH_BIT) {
      return ref === NO_PRODUCT ? { count: 0, atLeast: false, first: [] } : { count: 1, atLeast: false, first: [ref] };
    }
    const at = (ref - HIGH_BIT) * SEVERAL_BYTES;
    const block = this.#several.block(Math.floor(at / INDEX_BLOCK));
    const from = at % INDEX_BLOCK;
    const counted = wordAt(block, from);
    const first = Array.from({ length: FIRST_PRODUCTS }, (_, place) => wordAt(block, from + 4 + place * 4));
    return {
      count: counted % HIGH_BIT,
      atLeast: counted >= HIGH_BIT,
      first: first.filter((product) => product !== NOTHING),
    };
  }

  /** How a product is called. */
  name(product: number): ProductName {
    const bytes = this.#reader.bytesIn(PRODUCTS);
    if (product > this.count) {
      throw this.#damage(PRODUCTS);
    }
    const at = new DataView(this.#reader.readBytes(PRODUCTS_AT, product * 4, 4).buffer).getUint32(0, true);
    if (at + 8 > bytes) {
      throw this.#damage(PRODUCTS_AT);
    }
    const head = new DataView(this.#reader.readBytes(PRODUCTS, at, 8).buffer);
    const length = head.getUint32(0, true);
    if (length > MOST_TEXT || at + 8 + length > bytes) {
      throw this.#damage(PRODUCTS);
    }
    const text = this.#reader.readBytes(PRODUCTS, at + 8, length);
    if (crc32(text) !== head.getUint32(4, true)) {
      throw this.#damage(PRODUCTS);
    }
    // The checksum held: it is what was written.
    const [name, version, system, maker] = JSON.parse(Buffer.from(text).toString('utf8')) as string[];
    return { name: name ?? '', version: version ?? '', system: system ?? '', maker: maker ?? '' };
  }

  /** All named products, in their order. */
  *names(): Generator<ProductName> {
    for (let product = 1; product <= this.count; product += 1) {
      yield this.name(product);
    }
  }
}

function wordAt(block: Uint8Array, at: number): number {
  return (
    ((block[at] as number) |
      ((block[at + 1] as number) << 8) |
      ((block[at + 2] as number) << 16) |
      ((block[at + 3] as number) << 24)) >>>
    0
  );
}
