import { createSlots } from '../bytes/hex.ts';
import { passingOn, type DigestSlots, type RecordSink } from '../record-sink.ts';

interface HeldRecord {
  readonly line: number;
  readonly column: number;
  readonly slots: DigestSlots;
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

/**
 * Holds records with a hash, in their order, and passes everything else on at once. `complete` is also what records get
 * that are passed on early, or because the input is damaged.
 */
export function createHold(sink: RecordSink, complete: (carried: string[]) => void): Hold {
  let held: HeldRecord[] = [];
  let characters = 0;
  const release = (fill: (carried: string[]) => void): void => {
    const ready = held;
    held = [];
    characters = 0;
    for (const { line, column, slots, carried } of ready) {
      fill(carried);
      sink.hash(line, column, slots, carried);
    }
  };
  return {
    release,
    sink: {
      ...passingOn(sink),
      hash(line, column, slots, carried) {
        held.push({ line, column, slots: copyOf(slots), carried: [...carried] });
        characters += carried.reduce((sum, { length }) => sum + length, 0);
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

function copyOf(slots: DigestSlots): DigestSlots {
  const copy = createSlots();
  copy.mask = slots.mask;
  copy.md5.set(slots.md5);
  copy.sha1.set(slots.sha1);
  copy.sha256.set(slots.sha256);
  return copy;
}
