import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { kindsOfMask, type EntryGroup } from '../../../intakes/intake-columns.ts';
import { IntakeFile } from '../../../intakes/intake-file.ts';
import type { EntrySource } from '../../triage/port.ts';
import { intakePlace } from '../places.ts';

/** Entries read at once. */
const BLOCK = 4_096;

/** Which entries of a stretch of an intake another one holds. */
export interface HeldEntries {
  /** Entries of the intake. */
  readonly entries: number;
  /** A bit for each entry of the stretch, the lowest first: set where the other one holds it. */
  readonly bits: Uint8Array;
  /** Where the next stretch begins; null after the last. */
  readonly next: number | null;
}

/**
 * Compares entries `from` to `from + limit` of an intake with all of another one, by the strongest digest of each: both are
 * sorted by it, so that each is read once. Compared with itself, an entry is held where an earlier group holds it.
 */
export function heldEntries(directory: string, id: number, other: number, from: number, limit: number): HeldEntries {
  const file = new IntakeFile(intakePlace(directory, id).file);
  const against = new IntakeFile(intakePlace(directory, other).file);
  try {
    const to = Math.min(file.entries, from + limit);
    const bits = new Uint8Array((Math.max(0, to - from) + 7) >>> 3);
    file.groups.forEach((group, number) => {
      const first = file.firstEntryOf(number);
      const start = Math.max(from, first);
      const end = Math.min(to, first + group.count);
      if (start < end) {
        const others = id === other ? against.groups.slice(0, number) : against.groups;
        others.forEach((theirs, index) => {
          if (leadOf(theirs) === leadOf(group)) {
            const rows = createRows(file.source(), number, group, start - first, end - first);
            mark(rows, createRows(against.source(), index, theirs, 0, theirs.count), bits, start - from);
          }
        });
      }
    });
    return { entries: file.entries, bits, next: to < file.entries ? to : null };
  } finally {
    file.close();
    against.close();
  }
}

/** For each digest the entry of an intake that holds it; null where none does. */
export function entriesOf(directory: string, id: number, digests: readonly Uint8Array[]): (number | null)[] {
  const file = new IntakeFile(intakePlace(directory, id).file);
  try {
    return digests.map((digest) => {
      const kind = (Object.keys(DIGEST_BYTES) as DigestKind[]).find((one) => DIGEST_BYTES[one] === digest.length);
      return kind === undefined ? null : file.find(kind, digest);
    });
  } finally {
    file.close();
  }
}

function leadOf(group: EntryGroup): DigestKind {
  return kindsOfMask(group.mask)[0] ?? 'sha256';
}

/** The rows of a stretch of a group, one after the other. */
interface Rows {
  /** False after the last one. */
  readonly isThere: boolean;
  readonly view: DataView;
  /** Where the row begins in the view. */
  readonly at: number;
  readonly width: number;
  next(): void;
  /** Goes on to the first row that is not below the present one of others. */
  skipTo(others: Rows): void;
}

function mark(own: Rows, theirs: Rows, bits: Uint8Array, firstBit: number): void {
  theirs.skipTo(own);
  for (let bit = firstBit; own.isThere && theirs.isThere;) {
    const order = compare(own, theirs);
    if (order === 0) {
      bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7));
    }
    if (order <= 0) {
      own.next();
      bit += 1;
    } else {
      theirs.next();
    }
  }
}

function createRows(source: EntrySource, group: number, { mask, stride }: EntryGroup, from: number, to: number): Rows {
  const width = DIGEST_BYTES[kindsOfMask(mask)[0] ?? 'sha256'];
  let view: DataView = new DataView(new ArrayBuffer(0));
  let [place, inBlock, blockEnd] = [from, 0, from];
  const load = (first: number): void => {
    const count = Math.min(BLOCK, to - first);
    const bytes = source.read(group, first, count);
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    [place, inBlock, blockEnd] = [first, 0, first + count];
  };
  if (from < to) {
    load(from);
  }
  const rows: Rows = {
    width,
    get isThere() {
      return place < to;
    },
    get view() {
      return view;
    },
    get at() {
      return inBlock;
    },
    next() {
      place += 1;
      inBlock += stride;
      if (place === blockEnd && place < to) {
        load(place);
      }
    },
    skipTo(others) {
      let [low, high] = [from, to];
      while (low + BLOCK < high && others.isThere) {
        const middle = (low + high) >>> 1;
        load(middle);
        if (compare(rows, others) < 0) {
          low = middle;
        } else {
          high = middle;
        }
      }
      if (from < to) {
        load(low);
      }
    },
  };
  return rows;
}

/** By the bytes of the digest. */
function compare(a: Rows, b: Rows): number {
  for (let offset = 0; offset < a.width; offset += 4) {
    const difference = a.view.getUint32(a.at + offset) - b.view.getUint32(b.at + offset);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
