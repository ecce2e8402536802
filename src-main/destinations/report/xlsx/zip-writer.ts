import { createHash } from 'node:crypto';
import { Readable, pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';

interface WrittenPart {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Sizes and places are written with 32 bits, which every reader of workbooks understands. */
const MOST_BYTES = 0xffff_ffff;
const NAMES_ARE_UTF8 = 0x0800;
const SIZES_FOLLOW = 0x0008;
const DEFLATED = 8;
const STORED = 0;
const VERSION = 20;

/**
 * Writes a zip file from front to back (APPNOTE.TXT 6.3.10), part by part, in bounded memory. `seconds` dates all parts, in
 * UTC, so that the same contents give the same file.
 */
export class ZipWriter {
  readonly #parts: WrittenPart[] = [];
  readonly #time: number;
  readonly #date: number;
  #offset = 0;

  constructor(seconds: number) {
    const at = new Date(seconds * 1000);
    this.#time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
    this.#date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  }

  /** A part that is packed while it is made. Returns the SHA-256 of its bytes. */
  async *packed(name: string, texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array, string> {
    const offset = this.#offset;
    const flags = NAMES_ARE_UTF8 | SIZES_FOLLOW;
    const header = { name: Buffer.from(name), flags, method: DEFLATED, crc: 0, packed: 0, size: 0, offset };
    yield this.#count(this.#local(header));
    const hash = createHash('sha256');
    let crc = 0;
    let size = 0;
    const bytes = async function* (): AsyncGenerator<Buffer> {
      for await (const text of texts) {
        const chunk = Buffer.from(text, 'utf8');
        hash.update(chunk);
        crc = crc32(chunk, crc);
        size += chunk.length;
        yield chunk;
      }
    };
    const deflate = createDeflateRaw({ level: 6 });
    // An error of the source ends the loop below with that error; there is nothing else to do with it.
    pipeline(Readable.from(bytes(), { objectMode: false }), deflate, () => undefined);
    const before = this.#offset;
    for await (const chunk of deflate as AsyncIterable<Buffer>) {
      yield this.#count(chunk);
    }
    const part = { ...header, crc, packed: this.#offset - before, size };
    ensureFits(size);
    this.#parts.push(part);
    yield this.#count(descriptor(part));
    return hash.digest('hex');
  }

  /** A small part as it is. */
  stored(name: string, text: string): Uint8Array {
    const bytes = Buffer.from(text, 'utf8');
    const { length } = bytes;
    const part = {
      name: Buffer.from(name),
      flags: NAMES_ARE_UTF8,
      method: STORED,
      crc: crc32(bytes),
      packed: length,
      size: length,
      offset: this.#offset,
    };
    this.#parts.push(part);
    return this.#count(Buffer.concat([this.#local(part), bytes]));
  }

  /** The directory, behind the last part. */
  end(): Uint8Array {
    const from = this.#offset;
    const directory = Buffer.concat(this.#parts.map((part) => this.#central(part)));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(from, 16);
    return this.#count(Buffer.concat([directory, end]));
  }

  #count(bytes: Buffer): Uint8Array {
    this.#offset += bytes.length;
    ensureFits(this.#offset);
    return bytes;
  }

  #local(part: WrittenPart): Buffer {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    this.#common(header, 4, part);
    return Buffer.concat([header, part.name]);
  }

  #central(part: WrittenPart): Buffer {
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(VERSION, 4);
    this.#common(header, 6, part);
    header.writeUInt32LE(part.offset, 42);
    return Buffer.concat([header, part.name]);
  }

  #common(header: Buffer, at: number, { name, flags, method, crc, packed, size }: WrittenPart): void {
    header.writeUInt16LE(VERSION, at);
    header.writeUInt16LE(flags, at + 2);
    header.writeUInt16LE(method, at + 4);
    header.writeUInt16LE(this.#time, at + 6);
    header.writeUInt16LE(this.#date, at + 8);
    header.writeUInt32LE(crc, at + 10);
    header.writeUInt32LE(packed, at + 14);
    header.writeUInt32LE(size, at + 18);
    header.writeUInt16LE(name.length, at + 22);
  }
}

function descriptor({ crc, packed, size }: WrittenPart): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function ensureFits(bytes: number): void {
  if (bytes > MOST_BYTES) {
    throw new AppError('UNSUPPORTED', 'The report does not fit into one workbook of 4 GiB. Choose fewer rows, or CSV.');
  }
}
