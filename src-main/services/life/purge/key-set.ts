/** Keys are 48 bits; their first 12 choose a bucket. */
const BUCKETS = 4096;
const BUCKET_KEYS = 2 ** 36;
const START = 16;

interface Bucket {
  keys: Float64Array;
  length: number;
  isSorted: boolean;
}

/**
 * Keys of digests (their first six bytes), 8 bytes each, in thousands of small buckets: adding and looking up never take
 * longer than sorting one of them.
 */
export class KeySet {
  readonly #buckets: (Bucket | undefined)[] = Array.from({ length: BUCKETS });
  #size = 0;

  /** Keys added, those added twice counted twice. */
  get size(): number {
    return this.#size;
  }

  add(key: number): void {
    const index = Math.floor(key / BUCKET_KEYS);
    const bucket = this.#buckets[index] ?? { keys: new Float64Array(START), length: 0, isSorted: true };
    this.#buckets[index] = bucket;
    if (bucket.length === bucket.keys.length) {
      const larger = new Float64Array(bucket.length * 2);
      larger.set(bucket.keys);
      bucket.keys = larger;
    }
    bucket.keys[bucket.length] = key;
    bucket.length += 1;
    bucket.isSorted = false;
    this.#size += 1;
  }

  has(key: number): boolean {
    const bucket = this.#buckets[Math.floor(key / BUCKET_KEYS)];
    if (bucket === undefined) {
      return false;
    }
    if (!bucket.isSorted) {
      bucket.keys.subarray(0, bucket.length).sort();
      bucket.isSorted = true;
    }
    let low = 0;
    let high = bucket.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bucket.keys[middle] as number) < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < bucket.length && bucket.keys[low] === key;
  }
}
