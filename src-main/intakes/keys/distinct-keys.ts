import type { KeyRuns } from './key-runs.ts';
import { refAt, sameKey, sortRecords } from './sort-records.ts';

/** Keys in ascending order, no two alike. Valid until the next block. */
export interface KeyBlock {
  readonly count: number;
  /** One after the other without gaps. */
  readonly keys: Uint8Array;
  /** What each key refers to; empty where keys refer to nothing. */
  readonly refs: Uint32Array;
}

/** Makes one reference of the several, ascending and distinct, that a key was given with. */
export type JoinRefs = (refs: readonly number[]) => number;

/** The distinct keys of all records in ascending order; `onPart` is told how many are done before each partition is sorted. */
export function* distinctKeys(runs: KeyRuns, join: JoinRefs, onPart: (done: number) => void): Generator<KeyBlock> {
  const { layout } = runs;
  const { key, stride } = layout;
  const hasRefs = stride > key;
  let keys = new Uint8Array(0);
  let refs = new Uint32Array(0);
  let done = 0;
  for (const { data, count, depth } of runs.partitions()) {
    onPart(done);
    done += count;
    keys = keys.length < count * key ? new Uint8Array(count * key) : keys;
    refs = hasRefs && refs.length < count ? new Uint32Array(count) : refs;
    const order = sortRecords(data, count, layout, depth);
    let filled = 0;
    for (let place = 0; place < count;) {
      const at = (order[place] as number) * stride;
      const next = pastEqual(data, order, place, stride, key);
      for (let byte = 0; byte < key; byte += 1) {
        keys[filled * key + byte] = data[at + byte] as number;
      }
      if (hasRefs) {
        const first = refAt(data, at, layout);
        refs[filled] = next === place + 1 ? first : join(refsOf(data, order, place, next, runs));
      }
      filled += 1;
      place = next;
    }
    yield { count: filled, keys: keys.subarray(0, filled * key), refs: hasRefs ? refs.subarray(0, filled) : refs };
  }
}

/** The first place after `place` whose key is another one. */
function pastEqual(data: Uint8Array, order: Uint32Array, place: number, stride: number, key: number): number {
  const at = (order[place] as number) * stride;
  let next = place + 1;
  while (next < order.length && sameKey(data, at, data, (order[next] as number) * stride, key)) {
    next += 1;
  }
  return next;
}

function refsOf(data: Uint8Array, order: Uint32Array, from: number, to: number, runs: KeyRuns): readonly number[] {
  const refs: number[] = [];
  for (let place = from; place < to; place += 1) {
    const ref = refAt(data, (order[place] as number) * runs.layout.stride, runs.layout);
    if (ref !== refs.at(-1)) {
      refs.push(ref);
    }
  }
  return refs;
}
