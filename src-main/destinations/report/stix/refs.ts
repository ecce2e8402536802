import { uuidText, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import { contentId, fileId, type FileContent } from './file-id.ts';
import { FileTable } from './file-table.ts';

/** What a bundle says about a file, each part an object whose id follows from the file's. */
export const PARTS = ['verdict', 'indicator', 'note', 'tie'] as const;
export type Part = (typeof PARTS)[number];

const TYPE: Readonly<Record<Part, string>> = {
  verdict: 'malware-analysis',
  indicator: 'indicator',
  note: 'note',
  tie: 'relationship',
};

/** 16 bytes of a file's id, one for the parts there are of it, one for its answers, 8 that tell its content. */
const ENTRY_BYTES = 26;
const ID_BYTES = 16;
const CONTENT_BYTES = 8;
/** Beside the bits of the parts: the file's own object is written here, and was not before. */
const OWN_OBJECT = 1 << PARTS.length;
const ENTRIES_PER_BLOCK = 4096;

/** Stands for the content of files whose id tells all of it. */
const TOLD_BY_ID = Buffer.alloc(CONTENT_BYTES);

/** One file of a bundle: the 16 bytes of its id, and its place, because rows may share a file. */
export interface FilePlace {
  readonly id: Buffer;
  readonly place: number;
  /** Whether its own object is still to be written: no row before it had the same file. */
  readonly isNew: boolean;
}

/** The id of what one report says about a file: the same whenever the same report is written. */
export function partId(report: Buffer, { id, place }: Pick<FilePlace, 'id' | 'place'>, part: Part): string {
  return `${TYPE[part]}--${uuidText(uuidV5Bytes(report, `${part} ${place} ${uuidText(id)}`))}`;
}

/** The id of one of a file's answers. */
export function answerId(report: Buffer, { id, place }: Pick<FilePlace, 'id' | 'place'>, answer: number): string {
  return `malware-analysis--${uuidText(uuidV5Bytes(report, `answer ${answer} ${place} ${uuidText(id)}`))}`;
}

/**
 * Remembers which objects a bundle holds until its report names them all, behind them: 26 bytes for each file of a row,
 * because every other id follows from the file's and its place, and at most 12 to find it by its id.
 */
export class References {
  readonly #report: Buffer;
  readonly #blocks: Buffer[] = [];
  readonly #written = new FileTable({
    isAt: (place, id) => this.#idAt(place).equals(id),
    idAt: (place) => this.#idAt(place),
  });
  #count = 0;

  constructor(report: Buffer) {
    this.#report = report;
  }

  /**
   * A file, what there is of it, and how many answers, at most 255. A file that rows share has one object; files that share
   * the id every producer gives them, and are not the same, have each their own.
   */
  add(file: FileContent, parts: readonly Part[], answers: number): FilePlace {
    const content = isToldById(file) ? TOLD_BY_ID : contentId(file);
    const place = this.#count;
    const { id, isNew } = this.#idOf(file, content);
    const entry = place % ENTRIES_PER_BLOCK;
    const block = entry === 0 ? Buffer.alloc(ENTRIES_PER_BLOCK * ENTRY_BYTES) : this.#blocks.at(-1);
    if (block === undefined) {
      throw new Error('files of a bundle are kept in blocks from the first on');
    }
    if (entry === 0) {
      this.#blocks.push(block);
    }
    const at = entry * ENTRY_BYTES;
    id.copy(block, at);
    const bits = parts.reduce((sum, part) => sum | (1 << PARTS.indexOf(part)), isNew ? OWN_OBJECT : 0);
    block.writeUInt8(bits, at + ID_BYTES);
    block.writeUInt8(answers, at + ID_BYTES + 1);
    content.copy(block, at + ID_BYTES + 2, 0, CONTENT_BYTES);
    this.#count += 1;
    if (isNew) {
      this.#written.add(id, place);
    }
    return { id, place, isNew };
  }

  #idOf(file: FileContent, content: Buffer): { readonly id: Buffer; readonly isNew: boolean } {
    const usual = fileId(file.hashes, file.name);
    const taken = this.#written.find(usual);
    if (taken === null) {
      return { id: usual, isNew: true };
    }
    const { block, at } = this.#entryAt(taken);
    const from = at + ID_BYTES + 2;
    const isSame = block.compare(content, 0, CONTENT_BYTES, from, from + CONTENT_BYTES) === 0;
    if (isSame) {
      return { id: usual, isNew: false };
    }
    const own = content === TOLD_BY_ID ? contentId(file) : content;
    return { id: own, isNew: this.#written.find(own) === null };
  }

  #entryAt(place: number): { readonly block: Buffer; readonly at: number } {
    const block = this.#blocks[Math.floor(place / ENTRIES_PER_BLOCK)];
    if (block === undefined) {
      throw new RangeError('there is no such file in the bundle');
    }
    return { block, at: (place % ENTRIES_PER_BLOCK) * ENTRY_BYTES };
  }

  #idAt(place: number): Buffer {
    const { block, at } = this.#entryAt(place);
    return block.subarray(at, at + ID_BYTES);
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
    const file = { id: block.subarray(at, at + ID_BYTES), place };
    const bits = block.readUInt8(at + ID_BYTES);
    const answers = block.readUInt8(at + ID_BYTES + 1);
    return [
      ...((bits & OWN_OBJECT) === 0 ? [] : [`file--${uuidText(file.id)}`]),
      ...PARTS.filter((_, bit) => (bits & (1 << bit)) !== 0).map((part) => partId(this.#report, file, part)),
      ...Array.from({ length: answers }, (_, answer) => answerId(this.#report, file, answer)),
    ];
  }
}

/** The id every producer gives follows from one hash and the name: most files have no more, and none is hashed twice. */
function isToldById({ hashes, size }: FileContent): boolean {
  return size === null && Object.keys(hashes).length === 1;
}
