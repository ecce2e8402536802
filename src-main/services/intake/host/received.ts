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
            mark(
              new Rows(file, number, start - first, end - first),
              new Rows(against, index, 0, theirs.count),
              bits,
              start - from,
            );
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

/** The rows of a stretch of a group, one after the other, by the digest they begin with. */
class Rows {
  /** The first four bytes of the present row. */
  head = 0;
  #view = new DataView(new ArrayBuffer(0));
  #at = 0;
  #place: number;
  #blockEnd = 0;
  readonly #source: EntrySource;
  readonly #group: number;
  readonly #stride: number;
  readonly #width: number;
  readonly #from: number;
  readonly #to: number;

  constructor(file: IntakeFile, group: number, from: number, to: number) {
    const { mask, stride } = file.groups[group] as EntryGroup;
    this.#source = file.source();
    this.#group = group;
    this.#stride = stride;
    this.#width = DIGEST_BYTES[kindsOfMask(mask)[0] ?? 'sha256'];
    [this.#from, this.#to, this.#place] = [from, to, from];
    this.#load(from);
  }

  /** False after the last one. */
  get isThere(): boolean {
    return this.#place < this.#to;
  }

  next(): void {
    this.#place += 1;
    this.#at += this.#stride;
    if (this.#place < this.#blockEnd) {
      this.head = this.#view.getUint32(this.#at);
    } else {
      this.#load(this.#place);
    }
  }

  /** Goes on to a row from which on all that are not below the present one of others are still to come. */
  skipTo(others: Rows): void {
    let [low, high] = [this.#from, this.#to];
    while (low + BLOCK < high && others.isThere) {
      const middle = (low + high) >>> 1;
      this.#load(middle);
      if (this.compare(others) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    this.#load(low);
  }

  /** By the bytes of the digests; below 0 where this one comes first. */
  compare(other: Rows): number {
    let difference = this.head - other.head;
    for (let offset = 4; difference === 0 && offset < this.#width; offset += 4) {
      difference = this.#view.getUint32(this.#at + offset) - other.#view.getUint32(other.#at + offset);
    }
    return difference;
  }

  #load(first: number): void {
    [this.#place, this.#at] = [first, 0];
    if (first < this.#to) {
      const count = Math.min(BLOCK, this.#to - first);
      const bytes = this.#source.read(this.#group, first, count);
      this.#view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
      this.#blockEnd = first + count;
      this.head = this.#view.getUint32(0);
    }
  }
}

function mark(own: Rows, theirs: Rows, bits: Uint8Array, firstBit: number): void {
  theirs.skipTo(own);
  for (let bit = firstBit; own.isThere && theirs.isThere;) {
    const order = own.compare(theirs);
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
