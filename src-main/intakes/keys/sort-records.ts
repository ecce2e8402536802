import { radixSort } from '../sort-digests.ts';

/** Records that lie one after the other: `key` bytes of key, then, when `stride` is longer, a reference of 4 bytes. */
export interface RecordLayout {
  readonly key: number;
  readonly stride: number;
}

/** Runs of equal prefixes up to this length are sorted by insertion. */
const INSERTION_RUN = 24;

/**
 * The order of `count` records by key bytes from `depth` on (those before are equal in all of them), equal keys by their
 * reference. Near linear for evenly spread keys; takes 24 bytes of memory a record.
 */
export function sortRecords(data: Uint8Array, count: number, layout: RecordLayout, depth: number): Uint32Array {
  const order = new Uint32Array(count);
  const prefixes = new Uint32Array(count);
  for (let record = 0; record < count; record += 1) {
    order[record] = record;
    prefixes[record] = wordAt(data, record * layout.stride + depth, layout.key - depth);
  }
  const sorted = radixSort(order, prefixes);
  sortRuns(data, sorted.order, sorted.prefixes, layout, depth);
  return sorted.order;
}

/** The reference of a record. */
export function refAt(data: Uint8Array, at: number, layout: RecordLayout): number {
  const from = at + layout.key;
  return (
    ((data[from] as number) |
      ((data[from + 1] as number) << 8) |
      ((data[from + 2] as number) << 16) |
      ((data[from + 3] as number) << 24)) >>>
    0
  );
}

/** Whether two records have the same key, each read in place. */
export function sameKey(left: Uint8Array, at: number, right: Uint8Array, from: number, key: number): boolean {
  // From the end: keys next to each other in sorted order are alike at their start.
  for (let byte = key - 1; byte >= 0; byte -= 1) {
    if (left[at + byte] !== right[from + byte]) {
      return false;
    }
  }
  return true;
}

/** The order of two keys, each read in place: negative, zero or positive. */
export function compareKeys(left: Uint8Array, at: number, right: Uint8Array, from: number, key: number): number {
  for (let byte = 0; byte < key; byte += 1) {
    const difference = (left[at + byte] as number) - (right[from + byte] as number);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** Four bytes as a big-endian number; what lies beyond `rest` bytes counts as zero. */
function wordAt(data: Uint8Array, at: number, rest: number): number {
  if (rest >= 4) {
    return (
      (((data[at] as number) << 24) |
        ((data[at + 1] as number) << 16) |
        ((data[at + 2] as number) << 8) |
        (data[at + 3] as number)) >>>
      0
    );
  }
  let word = 0;
  for (let byte = 0; byte < 4; byte += 1) {
    word = word * 256 + (byte < rest ? (data[at + byte] as number) : 0);
  }
  return word;
}

/** Sorts records of equal prefixes; a prefix never reaches into the reference. */
function sortRuns(
  data: Uint8Array,
  order: Uint32Array,
  prefixes: Uint32Array,
  layout: RecordLayout,
  depth: number,
): void {
  const compare = (a: number, b: number): number => compareRecords(data, a, b, layout, depth);
  let start = 0;
  while (start < order.length) {
    let end = start + 1;
    while (end < order.length && prefixes[end] === prefixes[start]) {
      end += 1;
    }
    if (end - start > INSERTION_RUN) {
      order.subarray(start, end).sort(compare);
    } else if (end - start > 1) {
      insertionSort(order, start, end, compare);
    }
    start = end;
  }
}

function compareRecords(data: Uint8Array, left: number, right: number, layout: RecordLayout, depth: number): number {
  const { key, stride } = layout;
  let a = left * stride + depth;
  let b = right * stride + depth;
  for (let rest = key - depth; rest > 0; rest -= 1) {
    const difference = (data[a] as number) - (data[b] as number);
    if (difference !== 0) {
      return difference;
    }
    a += 1;
    b += 1;
  }
  return stride === key ? 0 : refAt(data, left * stride, layout) - refAt(data, right * stride, layout);
}

function insertionSort(order: Uint32Array, from: number, to: number, compare: (a: number, b: number) => number): void {
  for (let place = from + 1; place < to; place += 1) {
    const record = order[place] as number;
    let hole = place;
    while (hole > from && compare(order[hole - 1] as number, record) > 0) {
      order[hole] = order[hole - 1] as number;
      hole -= 1;
    }
    order[hole] = record;
  }
}
