/** Where files are kept whose places the table holds. */
export interface FileRecords {
  /** Whether the file at a place has that id. */
  readonly isAt: (place: number, id: Buffer) => boolean;
  readonly idAt: (place: number) => Buffer;
}

const FIRST_SLOTS = 4096;
const EMPTY = 0xffffffff;

/**
 * Finds a file's place by its id: open addressing over the ids that are kept elsewhere, at most two thirds full, so that a
 * file costs 6 to 12 bytes beside its id. Ids are SHA-1 sums, whose first bytes spread evenly.
 */
export class FileTable {
  readonly #records: FileRecords;
  #slots = new Uint32Array(FIRST_SLOTS).fill(EMPTY);
  #used = 0;

  constructor(records: FileRecords) {
    this.#records = records;
  }

  /** The place of a file; null when it is not in the table. */
  find(id: Buffer): number | null {
    const place = this.#slots[this.#slotOf(id, this.#records.isAt)] ?? EMPTY;
    return place === EMPTY ? null : place;
  }

  /** Adds a file that is not in the table. */
  add(id: Buffer, place: number): void {
    if ((this.#used + 1) * 3 > this.#slots.length * 2) {
      this.#grow();
    }
    this.#slots[this.#slotOf(id, never)] = place;
    this.#used += 1;
  }

  #slotOf(id: Buffer, isAt: FileRecords['isAt']): number {
    const mask = this.#slots.length - 1;
    let slot = id.readUInt32LE(0) & mask;
    for (let place = this.#slots[slot]; place !== EMPTY && place !== undefined; place = this.#slots[slot]) {
      if (isAt(place, id)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2).fill(EMPTY);
    for (const place of before) {
      if (place !== EMPTY) {
        this.#slots[this.#slotOf(this.#records.idAt(place), never)] = place;
      }
    }
  }
}

function never(): boolean {
  return false;
}
