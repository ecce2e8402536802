import type { HashOutcome } from './hash-file.ts';

/** What a hashing thread starts with: memory it shares with who asks. */
export interface HashThreadStart {
  /** Two 64-bit numbers, see `CELL`. */
  readonly cells: SharedArrayBuffer;
  /** Of the switch that pauses reading; null where nobody can. */
  readonly pause: SharedArrayBuffer | null;
}

/** Places in the shared memory. */
export const CELL = {
  /** Not zero: stop at the next chunk. */
  stop: 0,
  /** Bytes read by all threads. */
  bytes: 1,
} as const;

/** Paths as bytes; they are hashed one after the other. */
export interface HashRequest {
  readonly paths: readonly Uint8Array[];
}

/** One outcome for each path, in their order. */
export interface HashReply {
  readonly outcomes: readonly HashOutcome[];
}
