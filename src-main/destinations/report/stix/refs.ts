import { uuidText, uuidV5 } from '../facts/uuid.ts';

/** What a bundle says about a file, each part an object whose id follows from the file's. */
export const PARTS = ['verdict', 'indicator', 'note', 'tie'] as const;
export type Part = (typeof PARTS)[number];

const TYPE: Readonly<Record<Part, string>> = {
  verdict: 'malware-analysis',
  indicator: 'indicator',
  note: 'note',
  tie: 'relationship',
};

/** 16 bytes of a file's id, one for the parts there are of it, one for its answers. */
const ENTRY_BYTES = 18;
const ENTRIES_PER_BLOCK = 4096;

/** The id of what one report says about a file: the same whenever the same report is written. */
export function partId(report: Buffer, file: Buffer, part: Part): string {
  return `${TYPE[part]}--${uuidText(uuidV5(report, `${part} ${uuidText(file)}`))}`;
}

/** The id of the answer at this place among a file's answers. */
export function answerId(report: Buffer, file: Buffer, place: number): string {
  return `malware-analysis--${uuidText(uuidV5(report, `answer ${place} ${uuidText(file)}`))}`;
}

/**
 * Remembers which objects a bundle holds until its report names them all, behind them: 18 bytes for each file, because
 * every other id follows from the file's.
 */
export class References {
  readonly #report: Buffer;
  readonly #blocks: Buffer[] = [];
  #count = 0;

  constructor(report: Buffer) {
    this.#report = report;
  }

  /** A file, what there is of it, and how many answers; answers beyond the 255th are not named. */
  add(file: Buffer, parts: readonly Part[], answers: number): void {
    const place = this.#count % ENTRIES_PER_BLOCK;
    const block = place === 0 ? Buffer.alloc(ENTRIES_PER_BLOCK * ENTRY_BYTES) : this.#blocks.at(-1);
    if (place === 0 && block !== undefined) {
      this.#blocks.push(block);
    }
    if (block !== undefined) {
      file.copy(block, place * ENTRY_BYTES);
      const bits = parts.reduce((sum, part) => sum | (1 << PARTS.indexOf(part)), 0);
      block.writeUInt8(bits, place * ENTRY_BYTES + 16);
      block.writeUInt8(Math.min(answers, 255), place * ENTRY_BYTES + 17);
    }
    this.#count += 1;
  }

  /** All ids, in the order of the bundle, some thousand at a time. */
  *ids(): Generator<string[]> {
    for (const [index, block] of this.#blocks.entries()) {
      const entries = Math.min(ENTRIES_PER_BLOCK, this.#count - index * ENTRIES_PER_BLOCK);
      yield Array.from({ length: entries }, (_, place) => this.#idsAt(block, place * ENTRY_BYTES)).flat();
    }
  }

  #idsAt(block: Buffer, at: number): string[] {
    const file = block.subarray(at, at + 16);
    const bits = block.readUInt8(at + 16);
    const answers = block.readUInt8(at + 17);
    return [
      `file--${uuidText(file)}`,
      ...PARTS.filter((_, bit) => (bits & (1 << bit)) !== 0).map((part) => partId(this.#report, file, part)),
      ...Array.from({ length: answers }, (_, place) => answerId(this.#report, file, place)),
    ];
  }
}
