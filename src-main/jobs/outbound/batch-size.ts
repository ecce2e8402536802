/**
 * How many hashes the next request may hold. A source that refuses or fails a whole batch may do so for one hash in
 * it: batches shrink until that one stands alone, and grow again with each success.
 */
export interface BatchSize {
  /** At most `most`, at least 1. */
  now(most: number): number;
  grew(): void;
  /** Of a batch the source answered only for so many, and left the others for another time. */
  answered(hashes: number): void;
  /** The source does not take something in a batch of that many. */
  refused(hashes: number): void;
  /** A batch of that many failed as a whole, the `faults`-th time in a row. The first time is chance. */
  failed(hashes: number, faults: number): void;
}

export function createBatchSize(): BatchSize {
  let size = Number.POSITIVE_INFINITY;
  return {
    now: (most) => Math.max(1, Math.min(size, most)),
    grew() {
      size *= 2;
    },
    answered(hashes) {
      size = Math.max(1, hashes);
    },
    refused(hashes) {
      size = Math.max(1, Math.floor(hashes / 8));
    },
    failed(hashes, faults) {
      if (faults > 1) {
        size = Math.max(1, Math.floor(hashes / 2));
      }
    },
  };
}
