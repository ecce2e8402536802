import { DIGEST_BIT, DIGEST_BYTES, DIGEST_KINDS } from '#shared/domain/hash.ts';
import { createSlots } from '../bytes/hex.ts';
import { passingOn, type DigestSlots, type RecordSink } from '../record-sink.ts';

interface HeldRecord {
  readonly line: number;
  readonly column: number;
  readonly mask: number;
  readonly carried: string[];
}

/** A sink that keeps records back until what is said of them further down is known. */
export interface Hold {
  readonly sink: RecordSink;
  /** Passes on what is held, after `complete` has filled in its cells. */
  release(complete: (carried: string[]) => void): void;
}

/** Records held at most, and characters of what they carry; beyond it they are passed on with what is known. */
export const MOST_HELD = 50_000;
const MOST_CHARACTERS = 32 * 1024 * 1024;
const KINDS = DIGEST_KINDS.map((kind) => ({ kind, bit: DIGEST_BIT[kind], length: DIGEST_BYTES[kind] }));
const STRIDE = KINDS.reduce((sum, { length }) => sum + length, 0);
const BLOCK_RECORDS = 1024;

/**
 * Holds records with a hash, in their order, and passes everything else on at once. `complete` is also what records get
 * that are passed on early, or because the input is damaged.
 */
export function createHold(sink: RecordSink, complete: (carried: string[]) => void): Hold {
  let held: HeldRecord[] = [];
  const digests = new HeldDigests();
  const slots = createSlots();
  let characters = 0;
  const release = (fill: (carried: string[]) => void): void => {
    const ready = held;
    held = [];
    characters = 0;
    for (const [index, { line, column, mask, carried }] of ready.entries()) {
      fill(carried);
      slots.mask = mask;
      digests.read(index, slots);
      sink.hash(line, column, slots, carried);
    }
  };
  return {
    release,
    sink: {
      ...passingOn(sink),
      hash(line, column, found, carried) {
        digests.write(held.length, found);
        held.push({ line, column, mask: found.mask, carried: carried.slice() });
        for (const cell of carried) {
          characters += cell.length;
        }
        if (held.length >= MOST_HELD || characters >= MOST_CHARACTERS) {
          release(complete);
        }
      },
      another(line, column, slots, carried) {
        // Behind the record it belongs to.
        release(complete);
        sink.another(line, column, slots, carried);
      },
      fault(message) {
        release(complete);
        sink.fault(message);
      },
    },
  };
}

/** Digests of the records that are held, in blocks: objects of their own would cost more than all else that is kept. */
class HeldDigests {
  readonly #blocks: Uint8Array[] = [];

  write(index: number, slots: DigestSlots): void {
    const block = (this.#blocks[Math.floor(index / BLOCK_RECORDS)] ??= new Uint8Array(BLOCK_RECORDS * STRIDE));
    let at = (index % BLOCK_RECORDS) * STRIDE;
    for (const { bit, kind, length } of KINDS) {
      if ((slots.mask & bit) !== 0) {
        copyBytes(slots[kind], 0, block, at, length);
        at += length;
      }
    }
  }

  /** Reads the digests of the mask in `slots`. */
  read(index: number, slots: DigestSlots): void {
    const block = this.#blocks[Math.floor(index / BLOCK_RECORDS)] as Uint8Array;
    let at = (index % BLOCK_RECORDS) * STRIDE;
    for (const { bit, kind, length } of KINDS) {
      if ((slots.mask & bit) !== 0) {
        copyBytes(block, at, slots[kind], 0, length);
        at += length;
      }
    }
  }
}

function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): void {
  for (let at = 0; at < length; at += 1) {
    target[to + at] = source[from + at] as number;
  }
}
