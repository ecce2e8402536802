import { DIGEST_BYTES, DIGEST_KINDS, kindOfByteLength } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { embargoKeysAfter, queuedDigestsAfter } from '../../../db/repositories/scan-reads.ts';
import type { ChunkColumn } from '../bulk/chunk.ts';
import { compareAt, queriesOf, type SortedQueries } from '../bulk/join.ts';

/** Rows of a statement: far below the longest stretch a reader may hold. */
const STRETCH = 20_000;

/** Digests that wait or are on their way, by kind, each with the sources (bit per place in the plan) it waits for. */
export interface QueuedDigests {
  /** Per row of the column: the bits of the sources its digest waits for. Null when nothing of this kind waits. */
  marksOf(column: ChunkColumn, rows: number): Uint8Array | null;
}

/** Reads the queue once, in the order of its index. `codes` are the sources of the plan. */
export function readQueuedDigests(db: ReadableDb, codes: readonly number[]): QueuedDigests {
  const bitOf = new Map(codes.map((code, place) => [code, 1 << place]));
  const packs = new Map(DIGEST_KINDS.map((kind) => [kind, new GrowingPack(DIGEST_BYTES[kind])]));
  let digest: Uint8Array = new Uint8Array(0);
  let source = 0;
  for (;;) {
    const rows = queuedDigestsAfter(db, { digest, source, limit: STRETCH });
    for (const [bytes, code] of rows) {
      const kind = kindOfByteLength(bytes.length);
      const bit = bitOf.get(code);
      if (kind !== null && bit !== undefined) {
        packs.get(kind)?.add(bytes, bit);
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < STRETCH) {
      break;
    }
    [digest, source] = last;
  }
  const held = new Map([...packs].map(([kind, pack]) => [kind, { queries: pack.queries(), bits: pack.bits }]));
  return {
    marksOf(column, rows) {
      const known = held.get(column.kind);
      if (known === undefined || known.queries.count === 0) {
        return null;
      }
      const marks = new Uint8Array(rows);
      mergeEqual(column.queries, known.queries, (query, place) => {
        const row = rowOf(column, query);
        marks[row] = (marks[row] as number) | (known.bits[place] as number);
      });
      return marks;
    },
  };
}

/** Keys under embargo, ascending, with the intake each belongs to. */
export interface EmbargoKeys {
  readonly count: number;
  /** Writes the intake that holds each row's digest into `into`, where there is one. */
  mark(column: ChunkColumn, into: Uint32Array): void;
  /** The intake that holds a digest with this key, or 0. */
  intakeOf(key: number): number;
}

/** Reads all keys: 12 bytes each in memory. */
export function readEmbargoKeys(db: ReadableDb): EmbargoKeys {
  let keys = new Float64Array(1024);
  let intakes = new Uint32Array(1024);
  let count = 0;
  let key = -1;
  let intakeId = 0;
  for (;;) {
    const rows = embargoKeysAfter(db, { key, intakeId, limit: STRETCH });
    if (count + rows.length > keys.length) {
      const room = Math.max(keys.length * 2, count + rows.length);
      keys = grown(keys, new Float64Array(room));
      intakes = grown(intakes, new Uint32Array(room));
    }
    for (const [each, intake] of rows) {
      keys[count] = each;
      intakes[count] = intake;
      count += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < STRETCH) {
      break;
    }
    [key, intakeId] = last;
  }
  const held = keys.subarray(0, count);
  return {
    count,
    mark(column, into) {
      const { queries } = column;
      let place = 0;
      for (let query = 0; query < queries.count && place < count; query += 1) {
        const wanted = keyAt(queries, query);
        while (place < count && (held[place] as number) < wanted) {
          place += 1;
        }
        if (place < count && held[place] === wanted) {
          into[rowOf(column, query)] = intakes[place] as number;
        }
      }
    },
    intakeOf(wanted) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((held[middle] as number) < wanted) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < count && held[low] === wanted ? (intakes[low] as number) : 0;
    },
  };
}

function rowOf(column: ChunkColumn, query: number): number {
  return column.rows === null ? query : (column.rows[query] as number);
}

/** The key of a query: its first six bytes. The first four are there as a number already. */
function keyAt(queries: SortedQueries, query: number): number {
  const at = query * queries.width + 4;
  const rest = ((queries.bytes[at] as number) << 8) | (queries.bytes[at + 1] as number);
  return (queries.prefixes[query] as number) * 0x1_00_00 + rest;
}

/** Tells every pair of equal digests of two sorted runs; equal ones may follow each other on the left. */
function mergeEqual(left: SortedQueries, right: SortedQueries, onHit: (left: number, right: number) => void): void {
  const { width } = left;
  let place = 0;
  for (let query = 0; query < left.count; query += 1) {
    let order = -1;
    while (place < right.count && order < 0) {
      order = (right.prefixes[place] as number) - (left.prefixes[query] as number);
      if (order === 0) {
        order = compareAt(right.bytes, place * width, left.bytes, query * width, width);
      }
      place += order < 0 ? 1 : 0;
    }
    if (order === 0) {
      onHit(query, place);
    }
  }
}

function grown<A extends Float64Array | Uint32Array | Uint8Array>(from: A, into: A): A {
  into.set(from);
  return into;
}

/** Digests of one kind in ascending order, equal ones joined. */
class GrowingPack {
  readonly #width: number;
  #bytes = new Uint8Array(0);
  #bits = new Uint8Array(0);
  #count = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get bits(): Uint8Array {
    return this.#bits;
  }

  add(digest: Uint8Array, bit: number): void {
    const at = (this.#count - 1) * this.#width;
    if (this.#count > 0 && compareAt(this.#bytes, at, digest, 0, this.#width) === 0) {
      this.#bits[this.#count - 1] = (this.#bits[this.#count - 1] as number) | bit;
      return;
    }
    if (this.#count === this.#bits.length) {
      const room = Math.max(1024, this.#count * 2);
      this.#bytes = grown(this.#bytes, new Uint8Array(room * this.#width));
      this.#bits = grown(this.#bits, new Uint8Array(room));
    }
    this.#bytes.set(digest, this.#count * this.#width);
    this.#bits[this.#count] = bit;
    this.#count += 1;
  }

  queries(): SortedQueries {
    return queriesOf(this.#bytes.subarray(0, this.#count * this.#width), this.#width);
  }
}
