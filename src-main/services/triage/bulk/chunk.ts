import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { DigestColumn } from '../../../intakes/digest-column.ts';
import { kindsOfMask, type EntryGroup, type EntryLink } from '../../../intakes/intake-columns.ts';
import { sortDigests } from '../../../intakes/sort-digests.ts';
import type { EntrySource } from '../port.ts';
import { queriesOf, type SortedQueries } from './join.ts';

/** Marks a digest that several files hold. */
export const SEVERAL = -2;
export const NO_FILE = -1;

/** Rows looked at together: bounds the memory, whatever the size of the list. */
export const CHUNK_ROWS = 1 << 18;
const READ_ROWS = 1 << 14;

/** One digest of every row of a chunk, sorted, with what was found for it by row. */
export interface ChunkColumn {
  readonly kind: DigestKind;
  readonly queries: SortedQueries;
  /** Row of each query; null where they are the same. */
  readonly rows: Uint32Array | null;
  /** Ordinal of the file that holds the row's digest, NO_FILE or SEVERAL. */
  readonly file: Int32Array;
  /** Known sets that hold the row's digest, see SetCombos; null while there are no sets. */
  readonly combo: Uint16Array | null;
}

/** Rows `from` to `from + count` of one group. */
export interface Chunk {
  readonly group: number;
  readonly from: number;
  readonly count: number;
  readonly mask: number;
  readonly link: EntryLink;
  readonly stride: number;
  /** Strongest digest first. */
  readonly columns: readonly ChunkColumn[];
  /** 1 where the row needs more than its plain facts. */
  readonly slow: Uint8Array;
}

/** Reads a chunk and sorts each of its digest columns. */
export function readChunk(
  entries: EntrySource,
  number: number,
  group: EntryGroup,
  from: number,
  withSets: boolean,
): Chunk {
  const count = Math.min(CHUNK_ROWS, group.count - from);
  const kinds = kindsOfMask(group.mask);
  const [strongest, ...weaker] = kinds;
  const first = strongest === undefined ? new Uint8Array(0) : new Uint8Array(count * DIGEST_BYTES[strongest]);
  const others = weaker.map((kind) => new DigestColumn(DIGEST_BYTES[kind]));
  for (let done = 0; done < count; done += READ_ROWS) {
    const rows = Math.min(READ_ROWS, count - done);
    split(entries.read(number, from + done, rows), rows, group.stride, kinds, first, done, others);
  }
  const columns = kinds.map((kind, place): ChunkColumn => {
    const other = others[place - 1];
    const sorted = other === undefined ? null : sortedColumn(other);
    return {
      kind,
      queries: queriesOf(sorted?.bytes ?? first, DIGEST_BYTES[kind]),
      rows: sorted?.rows ?? null,
      file: new Int32Array(count).fill(NO_FILE),
      combo: withSets ? new Uint16Array(count) : null,
    };
  });
  const { mask, link, stride } = group;
  return { group: number, from, count, mask, link, stride, columns, slow: new Uint8Array(count) };
}

function split(
  block: Uint8Array,
  rows: number,
  stride: number,
  kinds: readonly DigestKind[],
  first: Uint8Array,
  done: number,
  others: readonly DigestColumn[],
): void {
  const width = kinds[0] === undefined ? 0 : DIGEST_BYTES[kinds[0]];
  if (stride === width) {
    first.set(block.subarray(0, rows * stride), done * width);
    return;
  }
  for (let row = 0; row < rows; row += 1) {
    let at = row * stride;
    first.set(block.subarray(at, at + width), (done + row) * width);
    at += width;
    for (const column of others) {
      column.append(block.subarray(at, at + column.stride));
      at += column.stride;
    }
  }
}

function sortedColumn(column: DigestColumn): { readonly bytes: Uint8Array; readonly rows: Uint32Array } {
  const { order } = sortDigests(column);
  const words = new Uint32Array(order.length * column.words);
  for (let place = 0; place < order.length; place += 1) {
    column.copyTo(order[place] as number, words, place * column.words);
  }
  column.clear();
  return { bytes: new Uint8Array(words.buffer), rows: order };
}

/** Calls back for each query equal to the digest. */
export function searchQueries(queries: SortedQueries, digest: Uint8Array, onHit: (query: number) => void): void {
  const { width, bytes } = queries;
  for (let query = firstWithPrefix(queries, prefixOf(digest)); hasPrefix(queries, query, digest); query += 1) {
    if (Buffer.compare(bytes.subarray(query * width, (query + 1) * width), digest) === 0) {
      onHit(query);
    }
  }
}

/** Calls back for each query whose first six bytes are this key. */
export function searchKey(queries: SortedQueries, key: number, onHit: (query: number) => void): void {
  const prefix = Math.floor(key / 0x1_00_00);
  const rest = key % 0x1_00_00;
  for (
    let query = firstWithPrefix(queries, prefix);
    query < queries.count && queries.prefixes[query] === prefix;
    query += 1
  ) {
    const at = query * queries.width + 4;
    if ((((queries.bytes[at] as number) << 8) | (queries.bytes[at + 1] as number)) === rest) {
      onHit(query);
    }
  }
}

function prefixOf(digest: Uint8Array): number {
  return (
    (((digest[0] as number) << 24) |
      ((digest[1] as number) << 16) |
      ((digest[2] as number) << 8) |
      (digest[3] as number)) >>>
    0
  );
}

function hasPrefix(queries: SortedQueries, query: number, digest: Uint8Array): boolean {
  return query < queries.count && queries.prefixes[query] === prefixOf(digest);
}

function firstWithPrefix(queries: SortedQueries, prefix: number): number {
  let low = 0;
  let high = queries.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((queries.prefixes[middle] as number) < prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
