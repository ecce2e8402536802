import { Reader } from '@zip.js/zip.js';
import { MemberFault, type ByteSource } from '../port.ts';

/** Longer stretches are only asked for to hold the whole list of members, which no archive within the bounds needs. */
const LONGEST_READ = 128 * 1024 * 1024;

/** A byte source as zip.js reads it. Throws a `MemberFault` for a list of members that would not fit in memory. */
export class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(at: number, length: number): Promise<Uint8Array> {
    // Places come from the archive: they may lie before its start or behind its end.
    const wanted = at < 0 ? 0 : Math.max(0, Math.min(length, this.size - at));
    if (wanted > LONGEST_READ) {
      throw new MemberFault('limit', 'its list of members takes more than 128 MiB');
    }
    return wanted === 0 ? new Uint8Array(0) : this.#source.read(at, wanted);
  }
}
