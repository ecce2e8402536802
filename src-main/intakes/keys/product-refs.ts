import { crc32 } from 'node:zlib';
import type { PackedWriter } from '../packed-writer.ts';
import {
  FIRST_PRODUCTS,
  HIGH_BIT,
  NO_PRODUCT,
  NOTHING,
  type ProductName,
  PRODUCTS,
  PRODUCTS_AT,
  SEVERAL,
} from './product-layout.ts';
import { SideFile } from './side-file.ts';

/** Combinations remembered, so that the files of one package share a place in `products.several`. */
const REMEMBERED = 1 << 18;
const WORDS = 1 + FIRST_PRODUCTS;

/** Products of a key: how many, and the first of them, ascending. */
export interface SomeProducts {
  readonly count: number;
  /** Whether there may be more than `count`. */
  readonly atLeast: boolean;
  readonly first: readonly number[];
}

/** Numbers what keys refer to while they are written: one product as it is, several by a place in a column of their own. */
export class ProductRefs {
  readonly #several: SideFile;
  readonly #remembered = new Uint32Array(REMEMBERED * WORDS);
  readonly #places = new Uint32Array(REMEMBERED);
  readonly #entry = new Uint32Array(WORDS);

  /** `path` names a file for the time being. */
  constructor(path: string) {
    this.#several = new SideFile(path);
  }

  /** Several products of a key, without the one that is not named. */
  static some(products: readonly number[]): SomeProducts {
    const named = products[0] === NO_PRODUCT ? products.slice(1) : products;
    return { count: named.length, atLeast: false, first: named };
  }

  /** The reference of a key that was given with these products, ascending and distinct. */
  readonly join = (products: readonly number[]): number => {
    return this.ref(ProductRefs.some(products));
  };

  ref({ count, atLeast, first }: SomeProducts): number {
    if (count <= 1 && !atLeast) {
      return first[0] ?? NO_PRODUCT;
    }
    const entry = this.#entry;
    entry[0] = (atLeast ? HIGH_BIT : 0) | count;
    for (let place = 0; place < FIRST_PRODUCTS; place += 1) {
      entry[1 + place] = first[place] ?? NOTHING;
    }
    return (HIGH_BIT | this.#placeOf(entry)) >>> 0;
  }

  /** Writes the column of several products; nothing can be added afterwards. */
  writeTo(writer: PackedWriter): void {
    this.#several.moveTo(writer, SEVERAL, 'u32');
  }

  discard(): void {
    this.#several.discard();
  }

  /** Where this combination stands: its last place, as far as that is remembered, or a new one. */
  #placeOf(entry: Uint32Array): number {
    let hash = 0;
    for (const word of entry) {
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    const slot = hash & (REMEMBERED - 1);
    const from = slot * WORDS;
    if (entry.every((word, place) => this.#remembered[from + place] === word)) {
      return this.#places[slot] as number;
    }
    const place = this.#several.length / entry.byteLength;
    this.#several.append(entry);
    this.#remembered.set(entry, from);
    this.#places[slot] = place;
    return place;
  }
}

/** Writes the names of products; the first one gets number 1. */
export function writeProducts(writer: PackedWriter, products: Iterable<ProductName>): void {
  const starts = [0];
  let at = 0;
  const put = ({ name, version, system, maker }: ProductName): void => {
    const text = Buffer.from(JSON.stringify([name, version, system, maker]), 'utf8');
    const head = Buffer.alloc(8);
    head.writeUInt32LE(text.length, 0);
    head.writeUInt32LE(crc32(text), 4);
    writer.write(head);
    writer.write(text);
    at += head.length + text.length;
  };
  writer.begin(PRODUCTS, 'bytes');
  put({ name: '', version: '', system: '', maker: '' });
  for (const product of products) {
    starts.push(at);
    put(product);
  }
  writer.end();
  writer.section(PRODUCTS_AT, 'u32', Uint32Array.from(starts));
}
