import type { FileEntry } from '@zip.js/zip.js';
import { startsUpTo } from '../../bytes/starts-up-to.ts';
import { MemberFault, type ByteSource } from '../port.ts';

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
/** Read with the header at once: the header's names and a small member as a whole. */
const READ_BYTES = 64 * 1024;

/** Where the packed bytes of a member lie, and those of them that were read already. */
export interface PackedPlace {
  readonly at: number;
  readonly size: number;
  /** All of them when the member is small, else none. */
  readonly bytes: Uint8Array | null;
}

/**
 * Where members lie in an archive. Bytes belong to one member: an archive in which many members unpack the same bytes is
 * made to fill disks.
 */
export class Places {
  readonly #source: ByteSource;
  /** Starts and ends of the members asked for so far, in the order of the archive. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Throws a `MemberFault` when there is no member at its place, or when another one has the same bytes. */
  async locate(entry: FileEntry): Promise<PackedPlace> {
    const start = entry.offset;
    const size = entry.compressedSize;
    const wanted = HEADER_BYTES + entry.rawFilename.length + entry.rawExtraField.length + size;
    const head = Buffer.from(await this.#source.read(start, Math.min(READ_BYTES, wanted + HEADER_BYTES)));
    if (head.length < HEADER_BYTES || head.readUInt32LE(0) !== HEADER_SIGNATURE) {
      throw new MemberFault('damaged', 'it is not at the place the list of members names');
    }
    const at = start + HEADER_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28);
    if (at + size > this.#source.size) {
      throw new MemberFault('damaged', 'its data would lie outside the archive');
    }
    this.#claim(start, at + size);
    const from = at - start;
    return { at, size, bytes: from + size <= head.length ? head.subarray(from, from + size) : null };
  }

  #claim(start: number, end: number): void {
    const index = startsUpTo(this.#starts, start);
    const isFree = (this.#ends[index - 1] ?? 0) <= start && end <= (this.#starts[index] ?? end);
    if (!isFree) {
      throw new MemberFault('damaged', 'it shares its bytes with another member');
    }
    this.#starts.splice(index, 0, start);
    this.#ends.splice(index, 0, end);
  }
}
