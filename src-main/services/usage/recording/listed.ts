import { setImmediate as nextTurn } from 'node:timers/promises';
import { DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { Database } from '../../../db/port.ts';
import type { ListedPage } from '../../../db/repositories/metrics/gauges.ts';

/** Entries of the hash list read at once. */
const ENTRIES = 5_000;
/** Digests handled before the clock is looked at, and how long the thread, which answers a window, is held in a stretch. */
const LOOK_EVERY = 512;
const STRETCH_MS = 4;
const EMPTY = -1;
/** Odd multipliers, one for each word of the first 16 bytes: digests that begin alike, as made-up ones do, still spread. */
const SPREADS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

/** What is remembered of the entries of the hash list, by row. */
export interface Listed {
  readonly rows: number;
  readonly malicious: Uint8Array;
  /** Seconds since the epoch; infinite for always. */
  readonly expiresAt: Float64Array;
}

/** Finds entries by their digests. */
export interface ListedFinder {
  /** Sets the bit of each row that has one of these digests, packed; in short stretches. True when there was one. */
  mark(kind: DigestKind, digests: Uint8Array, bits: Uint8Array, signal: AbortSignal): Promise<boolean>;
}

/** The hash list, packed and searchable: some 250 bytes for an entry with three digests, read in short stretches. */
export async function readListed(
  database: Pick<Database, 'read'>,
  signal: AbortSignal,
): Promise<{ readonly listed: Listed; readonly finder: ListedFinder }> {
  const pages: ListedPage[] = [];
  for (let after: number | null = 0; after !== null;) {
    signal.throwIfAborted();
    const page: ListedPage = await database.read('listedDigests', { after, limit: ENTRIES });
    pages.push(page);
    after = page.next;
    await nextTurn();
  }
  const rows = pages.reduce((sum, { malicious }) => sum + malicious.length, 0);
  const malicious = new Uint8Array(rows);
  const expiresAt = new Float64Array(rows);
  const tables = new Map<DigestKind, Table>();
  for (const kind of DIGEST_KINDS) {
    const count = pages.reduce((sum, page) => sum + (digestsOf(page, kind)?.rows.length ?? 0), 0);
    tables.set(kind, new Table(DIGEST_BYTES[kind], count));
  }
  const pace = createPace();
  let first = 0;
  for (const page of pages) {
    malicious.set(page.malicious, first);
    expiresAt.set(page.expiresAt, first);
    for (const { kind, bytes, rows: own } of page.digests) {
      await tables.get(kind)?.add(bytes, own, first, pace);
      signal.throwIfAborted();
    }
    first += page.malicious.length;
  }
  return {
    listed: { rows, malicious, expiresAt },
    finder: {
      mark: async (kind, digests, bits, aborted) =>
        (await tables.get(kind)?.mark(digests, bits, pace, aborted)) ?? false,
    },
  };
}

function digestsOf({ digests }: ListedPage, wanted: DigestKind): ListedPage['digests'][number] | undefined {
  return digests.find(({ kind }) => kind === wanted);
}

/** Lets others have the thread where it was held for long enough. */
type Pace = () => Promise<void> | null;

function createPace(): Pace {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH_MS) {
      return null;
    }
    return nextTurn(undefined).then(() => {
      since = performance.now();
    });
  };
}

/** Digests of one width with the rows they belong to: open addressing, at most half full. One may belong to several rows. */
class Table {
  readonly #width: number;
  readonly #bytes: Uint8Array;
  readonly #rows: Uint32Array;
  readonly #slots: Int32Array;
  readonly #shift: number;
  #count = 0;

  constructor(width: number, count: number) {
    const power = Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
    this.#width = width;
    this.#bytes = new Uint8Array(count * width);
    this.#rows = new Uint32Array(count);
    this.#slots = new Int32Array(2 ** power).fill(EMPTY);
    this.#shift = 32 - power;
  }

  async add(digests: Uint8Array, rows: Uint32Array, firstRow: number, pace: Pace): Promise<void> {
    const mask = this.#slots.length - 1;
    this.#bytes.set(digests, this.#count * this.#width);
    for (const [place, row] of rows.entries()) {
      let slot = this.#slotOf(digests, place * this.#width);
      while (this.#slots[slot] !== EMPTY) {
        slot = (slot + 1) & mask;
      }
      this.#slots[slot] = this.#count;
      this.#rows[this.#count] = firstRow + row;
      this.#count += 1;
      if (place % LOOK_EVERY === 0) {
        await pace();
      }
    }
  }

  async mark(digests: Uint8Array, bits: Uint8Array, pace: Pace, signal: AbortSignal): Promise<boolean> {
    let isFound = false;
    if (this.#count === 0) {
      return false;
    }
    for (let at = 0; at < digests.length; at += this.#width) {
      isFound = this.#markOne(digests, at, bits) || isFound;
      if (at % (LOOK_EVERY * this.#width) === 0) {
        signal.throwIfAborted();
        await pace();
      }
    }
    return isFound;
  }

  #markOne(digests: Uint8Array, at: number, bits: Uint8Array): boolean {
    const mask = this.#slots.length - 1;
    let isFound = false;
    let slot = this.#slotOf(digests, at);
    for (let entry = this.#slots[slot] ?? EMPTY; entry !== EMPTY; entry = this.#slots[slot] ?? EMPTY) {
      if (this.#isSame(entry, digests, at)) {
        const row = this.#rows[entry] ?? 0;
        bits[row >>> 3] = (bits[row >>> 3] ?? 0) | (1 << (row & 7));
        isFound = true;
      }
      slot = (slot + 1) & mask;
    }
    return isFound;
  }

  #isSame(entry: number, digests: Uint8Array, at: number): boolean {
    const own = entry * this.#width;
    for (let offset = 0; offset < this.#width; offset += 1) {
      if (this.#bytes[own + offset] !== digests[at + offset]) {
        return false;
      }
    }
    return true;
  }

  #slotOf(digests: Uint8Array, at: number): number {
    let sum = 0;
    for (let word = 0, from = at; word < SPREADS.length; word += 1, from += 4) {
      const bytes =
        (digests[from] ?? 0) |
        ((digests[from + 1] ?? 0) << 8) |
        ((digests[from + 2] ?? 0) << 16) |
        ((digests[from + 3] ?? 0) << 24);
      sum = (sum + Math.imul(bytes, SPREADS[word] ?? 1)) | 0;
    }
    return sum >>> this.#shift;
  }
}
