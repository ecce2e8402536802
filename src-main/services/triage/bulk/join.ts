import { KeyIndex } from '../../../intakes/keys/key-index.ts';
import { BLOCK_RECORDS, type SetSection, type SortedSection } from './sorted-section.ts';

/** Digests in ascending order, held in memory. Equal ones may follow each other. */
export interface SortedQueries {
  readonly count: number;
  readonly width: number;
  readonly bytes: Uint8Array;
  /** The first four bytes of each, as a number: most comparisons need no more. */
  readonly prefixes: Uint32Array;
}

/** Somebody who takes part in looking up many keys of an index; what is told is the same. */
export interface JoinHelp {
  /** Whether so many keys are worth it. */
  helpsWith(queries: SortedQueries): boolean;
  /** Lets the other begin at once, while the caller does something else. */
  begin(queries: SortedQueries, index: KeyIndex): BegunJoin;
}

/** A look-up under way elsewhere. */
export interface BegunJoin {
  /**
   * Does what is left and tells every wanted key that is there with its number, in ascending order. Throws Stopped when
   * cancelled.
   */
  finish(onHit: (query: number, record: number) => void, cancelled: () => boolean): void;
}

/** Thrown out of long work when the caller asked it to stop. */
export class Stopped extends Error {}

/** About what one search costs, against reading a record and stepping over it, in nanoseconds. */
const SEARCH_NS = 20_000;
const STEP_NS = 8;
const READ_NS_PER_BYTE = 0.4;
/** With this many records to a query, a block is searched instead of stepped through. */
const SPARSE = 24;

export function queriesOf(bytes: Uint8Array, width: number): SortedQueries {
  const count = bytes.length / width;
  const prefixes = new Uint32Array(count);
  fillPrefixes(bytes, width, count, prefixes);
  return { count, width, bytes, prefixes };
}

/**
 * Tells every pair of equal digests, in ascending order. Many queries are merged with the section as it streams by;
 * few are searched for; an index is asked, with help where there is some. Looks at `cancelled` between blocks and then throws Stopped.
 */
export function joinSorted(
  queries: SortedQueries,
  section: SetSection,
  onHit: (query: number, record: number) => void,
  cancelled: () => boolean,
  help: JoinHelp | null = null,
): void {
  if (queries.count === 0 || section.count === 0) {
    return;
  }
  if (section instanceof KeyIndex) {
    if (help?.helpsWith(queries) === true) {
      help.begin(queries, section).finish(onHit, cancelled);
    } else {
      section.join(queries, onHit, cancelled, () => new Stopped());
    }
    return;
  }
  const streaming = section.count * (section.width * READ_NS_PER_BYTE + STEP_NS);
  if (queries.count * SEARCH_NS < streaming) {
    searchEach(queries, section, onHit, cancelled);
    return;
  }
  let query = 0;
  const isSparse = queries.count * SPARSE < section.count;
  const prefixes = new Uint32Array(isSparse ? 0 : BLOCK_RECORDS);
  for (const block of section.blocks(queries.bytes.subarray(0, queries.width))) {
    if (cancelled()) {
      throw new Stopped();
    }
    if (query < queries.count && isSparse) {
      query = searchBlock(queries, query, block.bytes, block.count, block.from, onHit);
    } else if (query < queries.count) {
      fillPrefixes(block.bytes, queries.width, block.count, prefixes);
      query = mergeBlock(queries, query, block.bytes, prefixes, block.count, block.from, onHit);
    } else if (section.isVerified) {
      return;
    }
  }
}

/** Merges one block; returns the first query not below the block's last record. */
function mergeBlock(
  queries: SortedQueries,
  start: number,
  bytes: Uint8Array,
  prefixes: Uint32Array,
  count: number,
  from: number,
  onHit: (query: number, record: number) => void,
): number {
  const { width, count: total, prefixes: wanted, bytes: digests } = queries;
  let query = start;
  let record = 0;
  while (query < total && record < count) {
    const left = wanted[query] as number;
    const right = prefixes[record] as number;
    if (left < right) {
      query += 1;
    } else if (left > right) {
      record += 1;
    } else {
      const order = compareAt(digests, query * width, bytes, record * width, width);
      if (order < 0) {
        query += 1;
        continue;
      }
      // Equal queries follow each other and equal records may go on in the next block: only the record moves on.
      let same = order === 0 ? query : total;
      while (same < total && compareAt(digests, same * width, bytes, record * width, width) === 0) {
        onHit(same, from + record);
        same += 1;
      }
      record += 1;
    }
  }
  return query;
}

/** Searches one block for the few queries that fall into it; returns the first query not below its last record. */
function searchBlock(
  queries: SortedQueries,
  start: number,
  bytes: Uint8Array,
  count: number,
  from: number,
  onHit: (query: number, record: number) => void,
): number {
  const { width, count: total, bytes: digests } = queries;
  const last = (count - 1) * width;
  let next = start;
  let low = 0;
  for (let query = start; query < total; query += 1) {
    const order = compareAt(digests, query * width, bytes, last, width);
    if (order > 0) {
      break;
    }
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAt(bytes, middle * width, digests, query * width, width) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (let record = low; record < count; record += 1) {
      if (compareAt(digests, query * width, bytes, record * width, width) !== 0) {
        break;
      }
      onHit(query, from + record);
    }
    // A query equal to the last record may have more of them in the next block.
    next = order < 0 ? query + 1 : next;
  }
  return next;
}

function searchEach(
  queries: SortedQueries,
  section: SortedSection,
  onHit: (query: number, record: number) => void,
  cancelled: () => boolean,
): void {
  const { width, bytes, count } = queries;
  for (let query = 0; query < count; query += 1) {
    if (query % 512 === 0 && cancelled()) {
      throw new Stopped();
    }
    const digest = bytes.subarray(query * width, (query + 1) * width);
    for (const record of section.findAll(digest)) {
      onHit(query, record);
    }
  }
}

/** The order of two digests of `width` bytes, each read in place: negative, zero or positive. */
export function compareAt(left: Uint8Array, at: number, right: Uint8Array, from: number, width: number): number {
  for (let byte = 0; byte < width; byte += 1) {
    const difference = (left[at + byte] as number) - (right[from + byte] as number);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function fillPrefixes(bytes: Uint8Array, width: number, count: number, into: Uint32Array): void {
  let at = 0;
  for (let record = 0; record < count; record += 1) {
    into[record] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    at += width;
  }
}
