import type { DigestKind } from '#shared/domain/hash.ts';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { RdsBatch, RdsRow } from '../../../db/foreign/nsrl-rdsv3.ts';
import { NO_PRODUCT } from '../../../intakes/keys/product-layout.ts';
import type { BuiltSet } from '../build-set.ts';
import type { KeyStore } from '../key-store.ts';
import type { SetProblem } from '../set-builder.ts';

export interface RdsCounts {
  readonly records: number;
  readonly digests: number;
  readonly hashed: number;
  readonly withoutHash: number;
  readonly rejected: number;
  readonly firstProblems: readonly SetProblem[];
}

/** The product of a package, by the package's own number. */
export type ProductNumbers = (id: number) => number;

/** Package numbers below this are looked up in a table. */
const MOST_TABLED = 1 << 22;
const FIRST_PROBLEMS = 20;
const KINDS = ['sha256', 'sha1', 'md5'] as const satisfies readonly DigestKind[];
/** Bytes and words of a row's digests, and where each begins. */
const ROW_BYTES = 68;
const ROW_WORDS = ROW_BYTES / 4;
const WORD_OF = { sha256: 0, sha1: 8, md5: 13 } as const;

/** Takes rows of FILE into a store and accounts for every one of them. */
export class RdsRows {
  readonly firstProblems: SetProblem[] = [];
  records = 0;
  /** Digests seen, each occurrence counted. */
  digests = 0;
  /** Rows with at least one digest. */
  hashed = 0;
  withoutHash = 0;
  rejected = 0;
  readonly #store: KeyStore;
  readonly #products: ProductNumbers;
  #bytes = new Uint8Array(0);
  #words = new Uint32Array(0);

  /** `counts` are those of an import that goes on. */
  constructor(store: KeyStore, products: ProductNumbers, counts?: RdsCounts) {
    this.#store = store;
    this.#products = products;
    const { firstProblems = [], ...numbers } = counts ?? {};
    Object.assign(this, numbers);
    this.firstProblems.push(...firstProblems);
  }

  get counts(): RdsCounts {
    const { records, digests, hashed, withoutHash, rejected, firstProblems } = this;
    return { records, digests, hashed, withoutHash, rejected, firstProblems: [...firstProblems] };
  }

  /** What is told of the rows once the set is made. */
  get account(): Pick<BuiltSet, 'records' | 'furtherDigests' | 'withoutHash' | 'rejected' | 'firstProblems'> {
    const { records, digests, hashed, withoutHash, rejected, firstProblems } = this;
    return { records, furtherDigests: digests - hashed, withoutHash, rejected, firstProblems };
  }

  /** Takes a batch at once; false, and nothing was taken, when its rows must be looked at one by one. */
  takeAll({ count, hex, packages }: RdsBatch): boolean {
    if (hex === null || packages.length !== count || !this.#decode(hex, count)) {
      return false;
    }
    const words = this.#words;
    for (let row = 0, at = 0; row < count; row += 1, at += ROW_WORDS) {
      const ref = this.#products(packages[row] as number);
      this.#store.appendWords('sha256', words, at, ref);
      this.#store.appendWords('sha1', words, at + WORD_OF.sha1, ref);
      this.#store.appendWords('md5', words, at + WORD_OF.md5, ref);
    }
    this.records += count;
    this.hashed += count;
    this.digests += count * KINDS.length;
    return true;
  }

  /** Takes a row that may lack digests or hold what is none. */
  take(row: RdsRow): void {
    const present = KINDS.filter((kind) => row[kind] !== '');
    const wrong = present.find((kind) => !isHex(row[kind], DIGEST_BYTES[kind] * 2));
    if (wrong !== undefined) {
      this.refuse(row.at, `its ${wrong} is no digest`, row[wrong]);
      return;
    }
    if (present.length === 0) {
      this.records += 1;
      this.withoutHash += 1;
      this.#note(row.at, 'it holds no digest', '');
      return;
    }
    const ref = this.#products(row.package);
    for (const kind of present) {
      this.#store.append(kind, Buffer.from(row[kind], 'hex'), 0, ref);
    }
    this.records += 1;
    this.hashed += 1;
    this.digests += present.length;
  }

  /** Accounts for a record that is of no use. */
  refuse(line: number, reason: string, excerpt: string): void {
    this.records += 1;
    this.rejected += 1;
    this.#note(line, reason, excerpt);
  }

  #decode(hex: string, count: number): boolean {
    if (this.#bytes.length < count * ROW_BYTES) {
      this.#words = new Uint32Array(count * ROW_WORDS);
      this.#bytes = new Uint8Array(this.#words.buffer);
    }
    // Stops at the first character that is no hex digit.
    return Buffer.from(this.#bytes.buffer).write(hex, 'hex') === count * ROW_BYTES;
  }

  #note(line: number, reason: string, excerpt: string): void {
    if (this.firstProblems.length < FIRST_PROBLEMS) {
      this.firstProblems.push({ line, reason, excerpt });
    }
  }
}

/** Numbers the products of packages from 1 on; a table where the packages' own numbers allow for one. */
export function productNumbers(packages: readonly number[]): ProductNumbers {
  const numbers = new Map(packages.map((id, place) => [id, place + 1]));
  const most = packages.reduce((high, id) => Math.max(high, id), 0);
  if (most >= MOST_TABLED) {
    return (id) => numbers.get(id) ?? NO_PRODUCT;
  }
  const table = new Uint32Array(most + 1);
  for (const [id, number] of numbers) {
    table[id] = number;
  }
  return (id) => table[id] ?? NO_PRODUCT;
}

function isHex(text: unknown, length: number): text is string {
  return typeof text === 'string' && text.length === length && /^[\da-f]+$/i.test(text);
}
