import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';

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

/** One file of a bundle: the 16 bytes of its id, and its place, because rows may share a file. */
export interface FilePlace {
  readonly id: Buffer;
  readonly place: number;
}

/** The id of what one report says about a file: the same whenever the same report is written. */
export function partId(report: Buffer, { id, place }: FilePlace, part: Part): string {
  return `${TYPE[part]}--${uuidText(uuidV5Bytes(report, `${part} ${place} ${uuidText(id)}`))}`;
}

/** The id of one of a file's answers. */
export function answerId(report: Buffer, { id, place }: FilePlace, answer: number): string {
  return `malware-analysis--${uuidText(uuidV5Bytes(report, `answer ${answer} ${place} ${uuidText(id)}`))}`;
}

/**
 * Remembers which objects a bundle holds until its report names them all, behind them: 18 bytes for each file, because
 * every other id follows from the file's and its place.
 */
export class References {
  readonly #report: Buffer;
  readonly #blocks: Buffer[] = [];
  #count = 0;

  constructor(report: Buffer) {
    this.#report = report;
  }

  /** A file, what there is of it, and how many answers, at most 255. Returns its place. */
  add(file: Buffer, parts: readonly Part[], answers: number): FilePlace {
    const place = this.#count % ENTRIES_PER_BLOCK;
    const block = place === 0 ? Buffer.alloc(ENTRIES_PER_BLOCK * ENTRY_BYTES) : this.#blocks.at(-1);
    if (place === 0 && block !== undefined) {
      this.#blocks.push(block);
    }
    if (block !== undefined) {
      file.copy(block, place * ENTRY_BYTES);
      const bits = parts.reduce((sum, part) => sum | (1 << PARTS.indexOf(part)), 0);
      block.writeUInt8(bits, place * ENTRY_BYTES + 16);
      block.writeUInt8(answers, place * ENTRY_BYTES + 17);
    }
    this.#count += 1;
    return { id: file, place: this.#count - 1 };
  }

  /** All ids, in the order of the bundle, some thousand at a time. */
  *ids(): Generator<string[]> {
    for (const [index, block] of this.#blocks.entries()) {
      const entries = Math.min(ENTRIES_PER_BLOCK, this.#count - index * ENTRIES_PER_BLOCK);
      yield Array.from({ length: entries }, (_, place) =>
        this.#idsAt(block, place, index * ENTRIES_PER_BLOCK + place),
      ).flat();
    }
  }

  #idsAt(block: Buffer, entry: number, place: number): string[] {
    const at = entry * ENTRY_BYTES;
    const file = { id: block.subarray(at, at + 16), place };
    const bits = block.readUInt8(at + 16);
    const answers = block.readUInt8(at + 17);
    return [
      `file--${uuidText(file.id)}`,
      ...PARTS.filter((_, bit) => (bits & (1 << bit)) !== 0).map((part) => partId(this.#report, file, part)),
      ...Array.from({ length: answers }, (_, answer) => answerId(this.#report, file, answer)),
    ];
  }
}
