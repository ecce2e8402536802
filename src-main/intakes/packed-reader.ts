import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import {
  PACKED_HEADER_ROOM,
  PACKED_MAGIC,
  PACKED_PREAMBLE,
  PACKED_TRAILER,
  PACKED_VERSION,
  type PackedHeader,
  type PackedSection,
  type SectionType,
} from './packed-layout.ts';

interface ArrayOf {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly bytes: Uint8Array;
}

/** Bytes read at once when a section is checked without being kept. */
const VERIFY_BYTES = 1 << 20;

/**
 * Reads one packed file. Opening looks at magic, version, header checksum, section bounds and trailer; a section's own
 * checksum is verified when it is loaded whole. Damage is an AppError DB_DAMAGED that names file and section, a file that
 * cannot be opened is UNREADABLE.
 */
export class PackedReader {
  readonly path: string;
  readonly header: PackedHeader;
  readonly #file: number;
  readonly #sections: ReadonlyMap<string, PackedSection>;
  #closed = false;

  constructor(path: string, kind?: PackedHeader['kind']) {
    this.path = path;
    this.#file = openFile(path);
    try {
      this.header = readHeader(this.#file, path);
      if (kind !== undefined && this.header.kind !== kind) {
        throw damaged(path, `it holds ${this.header.kind}, not ${kind}`);
      }
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    this.#sections = new Map(this.header.sections.map((section) => [section.name, section]));
  }

  has(name: string): boolean {
    return this.#sections.has(name);
  }

  /** Bytes of a section, 0 when the file has none of that name. */
  bytesIn(name: string): number {
    return this.#sections.get(name)?.bytes ?? 0;
  }

  /**
   * A whole section as a typed array of its own, in one aligned read. Its checksum is verified unless `check` is false.
   * Asking for another type than was written is damage.
   */
  section<T extends SectionType>(name: string, type: T, check = true): ArrayOf[T] {
    const section = this.#find(name);
    if (section.type !== type) {
      throw damaged(this.path, `section ${name} holds ${section.type}, not ${type}`);
    }
    const bytes = new Uint8Array(section.bytes);
    this.#fill(section, 0, bytes);
    if (check && crc32(bytes) !== section.crc32) {
      throw damaged(this.path, `the checksum of section ${name} does not match`);
    }
    return asArray(bytes, type) as ArrayOf[T];
  }

  /** Part of a section, unverified: `count` bytes from byte `from`. Fills and returns `into` when given (it sets the count then). */
  readBytes(name: string, from: number, count: number, into?: Uint8Array): Uint8Array {
    const section = this.#find(name);
    const target = into === undefined ? new Uint8Array(count) : into.subarray(0, count);
    if (from < 0 || from + count > section.bytes) {
      throw new RangeError(`bytes ${from} to ${from + count} lie outside section ${name} of ${this.path}`);
    }
    this.#fill(section, from, target);
    return target;
  }

  /** Checks every section's checksum, a MiB at a time. Throws DB_DAMAGED naming the first that does not match. */
  verify(): void {
    const buffer = new Uint8Array(VERIFY_BYTES);
    for (const section of this.header.sections) {
      let checksum = 0;
      for (let at = 0; at < section.bytes; at += buffer.length) {
        const part = buffer.subarray(0, Math.min(buffer.length, section.bytes - at));
        this.#fill(section, at, part);
        checksum = crc32(part, checksum);
      }
      if (checksum !== section.crc32) {
        throw damaged(this.path, `the checksum of section ${section.name} does not match`);
      }
    }
  }

  /** The error that says this file is damaged, for what only its reader can notice. */
  damage(detail: string): AppError {
    return damaged(this.path, detail);
  }

  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.#file);
    }
  }

  #find(name: string): PackedSection {
    const section = this.#sections.get(name);
    if (section === undefined) {
      throw damaged(this.path, `section ${name} is missing`);
    }
    return section;
  }

  #fill(section: PackedSection, from: number, target: Uint8Array): void {
    let done = 0;
    while (done < target.length) {
      const read = readSync(this.#file, target, done, target.length - done, section.offset + from + done);
      if (read === 0) {
        throw damaged(this.path, `section ${section.name} ends too early`);
      }
      done += read;
    }
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new AppError('UNREADABLE', `The file ${path} cannot be opened: ${messageOf(error)}.`, { cause: error });
  }
}

function readHeader(file: number, path: string): PackedHeader {
  const size = fstatSync(file).size;
  const preamble = Buffer.alloc(PACKED_PREAMBLE);
  if (size < PACKED_HEADER_ROOM + PACKED_TRAILER.length || readSync(file, preamble, 0, PACKED_PREAMBLE, 0) < 64) {
    throw damaged(path, 'it is too short');
  }
  if (preamble.toString('latin1', 0, 8) !== PACKED_MAGIC) {
    throw damaged(path, 'it does not start as one');
  }
  const version = preamble.readUInt32LE(8);
  if (version > PACKED_VERSION) {
    throw new AppError('DB_FROM_FUTURE', `The file ${path} was written by a newer version of Assay. Update Assay.`);
  }
  const length = preamble.readUInt32LE(12);
  if (length > PACKED_HEADER_ROOM - PACKED_PREAMBLE) {
    throw damaged(path, 'its header is too long');
  }
  const text = Buffer.alloc(length);
  if (readSync(file, text, 0, length, PACKED_PREAMBLE) < length || crc32(text) !== preamble.readUInt32LE(16)) {
    throw damaged(path, 'the checksum of its header does not match');
  }
  const trailer = Buffer.alloc(PACKED_TRAILER.length);
  readSync(file, trailer, 0, trailer.length, size - trailer.length);
  if (trailer.toString('latin1') !== PACKED_TRAILER) {
    throw damaged(path, 'its end is missing');
  }
  // The checksum held: the header is what a writer of this program wrote.
  const header = JSON.parse(text.toString('utf8')) as PackedHeader;
  for (const section of header.sections) {
    if (section.offset + section.bytes > size - PACKED_TRAILER.length) {
      throw damaged(path, `section ${section.name} lies beyond its end`);
    }
  }
  return header;
}

function asArray(bytes: Uint8Array, type: SectionType): ArrayOf[SectionType] {
  const { buffer, byteLength } = bytes;
  switch (type) {
    case 'u16':
      return new Uint16Array(buffer, 0, byteLength / 2);
    case 'u32':
      return new Uint32Array(buffer, 0, byteLength / 4);
    case 'f64':
      return new Float64Array(buffer, 0, byteLength / 8);
    default:
      return bytes;
  }
}

function damaged(path: string, detail: string): AppError {
  return new AppError('DB_DAMAGED', `The packed file ${path} is damaged: ${detail}.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
