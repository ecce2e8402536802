import { sep } from 'node:path';
import type { Found } from '../walk-folder.ts';
import { pathName } from './path-name.ts';

const SEPARATOR = Buffer.from(sep);
const FIRST_ENTRIES = 256;

/**
 * What a walk found, packed: about 20 bytes for each file beside its own name, so that folders with millions of files
 * stay in bounds. Entries are numbered in the order of the walk.
 */
export class FoundList {
  readonly #folders: Buffer[] = [];
  readonly #others = new Map<number, Exclude<Found, { kind: 'file' }>>();
  #sizes = new Float64Array(FIRST_ENTRIES);
  #folderOf = new Uint32Array(FIRST_ENTRIES);
  #nameEnds = new Float64Array(FIRST_ENTRIES);
  #names = Buffer.alloc(FIRST_ENTRIES * 16);
  #count = 0;
  #bytes = 0;
  #isCut = false;

  /** Entries, files and others. */
  get count(): number {
    return this.#count;
  }

  /** Regular files. */
  get files(): number {
    return this.#count - this.#others.size;
  }

  /** Bytes of all files, as the walk saw them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The walk was cancelled: there is more than what is listed. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** What is no file to read, and why, in the order of the walk. */
  get others(): Iterable<Exclude<Found, { kind: 'file' }>> {
    return this.#others.values();
  }

  /** Says that there is more than what was added. */
  cut(): void {
    this.#isCut = true;
  }

  /** Adds the next thing of the walk. */
  add(found: Found): void {
    const index = this.#count;
    this.#count += 1;
    this.#grow();
    const start = this.#nameStart(index);
    if (found.kind !== 'file') {
      this.#others.set(index, found);
      this.#nameEnds[index] = start;
      return;
    }
    const cut = found.path.lastIndexOf(SEPARATOR) + 1;
    this.#folderOf[index] = this.#folderNumber(found.path.subarray(0, cut));
    this.#nameEnds[index] = this.#appendName(start, found.path.subarray(cut));
    this.#sizes[index] = found.size;
    this.#bytes += found.size;
  }

  /** The path of the file with this number. */
  pathOf(index: number): Buffer {
    const name = this.#names.subarray(this.#nameStart(index), this.#nameEnds[index]);
    const folder = this.#folders[this.#folderOf[index] ?? 0] ?? Buffer.alloc(0);
    return Buffer.concat([folder, name]);
  }

  /** Its size in bytes as the walk saw it. */
  sizeOf(index: number): number {
    return this.#sizes[index] ?? 0;
  }

  /** Its path as it is shown. */
  nameOf(index: number): string {
    return pathName(this.pathOf(index));
  }

  /** The files, smallest first; those of one size in the order of the walk. */
  smallestFirst(): Uint32Array {
    const order = new Uint32Array(this.files);
    let filled = 0;
    for (let index = 0; index < this.#count; index += 1) {
      if (!this.#others.has(index)) {
        order[filled] = index;
        filled += 1;
      }
    }
    const sizes = this.#sizes;
    return order.sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
  }

  #nameStart(index: number): number {
    return index === 0 ? 0 : (this.#nameEnds[index - 1] ?? 0);
  }

  #folderNumber(folder: Buffer): number {
    const last = this.#folders.at(-1);
    if (last === undefined || !last.equals(folder)) {
      this.#folders.push(Buffer.from(folder));
    }
    return this.#folders.length - 1;
  }

  #appendName(start: number, name: Buffer): number {
    const end = start + name.length;
    if (end > this.#names.length) {
      const larger = Buffer.alloc(Math.max(end, this.#names.length * 2));
      this.#names.copy(larger, 0, 0, start);
      this.#names = larger;
    }
    name.copy(this.#names, start);
    return end;
  }

  #grow(): void {
    const room = this.#sizes.length;
    if (this.#count <= room) {
      return;
    }
    const sizes = new Float64Array(room * 2);
    const folderOf = new Uint32Array(room * 2);
    const nameEnds = new Float64Array(room * 2);
    sizes.set(this.#sizes);
    folderOf.set(this.#folderOf);
    nameEnds.set(this.#nameEnds);
    this.#sizes = sizes;
    this.#folderOf = folderOf;
    this.#nameEnds = nameEnds;
  }
}
