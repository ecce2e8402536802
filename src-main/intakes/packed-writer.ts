import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
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

const ALIGNMENT = 64;
/** Small writes are gathered up to this many bytes before they reach the file. */
const BUFFER_BYTES = 1 << 20;

export type PackedArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Writes one packed file, section after section, under a temporary name beside `path`. Nothing appears at `path` before
 * `finish`, which syncs, renames and syncs the folder. `abort` (or a crash) leaves only the temporary name.
 */
export class PackedWriter {
  readonly path: string;
  readonly #temporary: string;
  readonly #file: number;
  readonly #sections: PackedSection[] = [];
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #position = PACKED_HEADER_ROOM;
  #open: { readonly name: string; readonly type: SectionType; readonly offset: number } | null = null;
  #checksum = 0;
  #done = false;

  constructor(path: string) {
    this.path = path;
    // Several threads of one process may judge the same list at once: no two share a name.
    this.#temporary = `${path}.${randomUUID()}.tmp`;
    this.#file = openSync(this.#temporary, 'w+', 0o600);
  }

  /** Starts a section; the one before must have ended. Names are unique within a file. */
  begin(name: string, type: SectionType): void {
    if (this.#open !== null || this.#sections.some((section) => section.name === name)) {
      throw new TypeError(`section ${name} cannot start now`);
    }
    this.#pad();
    this.#open = { name, type, offset: this.#position };
    this.#checksum = 0;
  }

  /** Appends to the open section. The array may be reused as soon as this returns. */
  write(array: PackedArray): void {
    const bytes = bytesOf(array);
    this.#checksum = crc32(bytes, this.#checksum);
    this.#put(bytes);
  }

  end(): void {
    const open = this.#open;
    if (open === null) {
      throw new TypeError('no section is open');
    }
    this.#sections.push({ ...open, bytes: this.#position - open.offset, crc32: this.#checksum });
    this.#open = null;
  }

  /** A whole section at once. */
  section(name: string, type: SectionType, array: PackedArray): void {
    this.begin(name, type);
    this.write(array);
    this.end();
  }

  /** Reads from a section that has ended: fills `into` from byte `from` on, for what is derived from it. */
  readBack(name: string, from: number, into: Uint8Array): void {
    const section = this.#sections.find((one) => one.name === name);
    if (section === undefined || from < 0 || from + into.length > section.bytes) {
      throw new RangeError(`bytes ${from} to ${from + into.length} lie outside section ${name}`);
    }
    if (section.offset + from + into.length > this.#position - this.#buffered) {
      this.#flush();
    }
    let done = 0;
    while (done < into.length) {
      const read = readSync(this.#file, into, done, into.length - done, section.offset + from + done);
      if (read === 0) {
        throw new RangeError(`section ${name} ends too early`);
      }
      done += read;
    }
  }

  /** Closes the file, makes it durable and gives it its name. Returns its size in bytes. */
  finish(header: Omit<PackedHeader, 'sections'>): number {
    if (this.#open !== null) {
      throw new TypeError(`section ${this.#open.name} is still open`);
    }
    this.#pad();
    this.#put(Buffer.from(PACKED_TRAILER, 'latin1'));
    this.#flush();
    writeAll(this.#file, this.#preamble(header), 0);
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#done = true;
    renameSync(this.#temporary, this.path);
    syncFolder(dirname(this.path));
    return this.#position;
  }

  /** Removes what was written so far. Does nothing after `finish`. */
  abort(): void {
    if (!this.#done) {
      this.#done = true;
      closeSync(this.#file);
      rmSync(this.#temporary, { force: true });
    }
  }

  #preamble(header: Omit<PackedHeader, 'sections'>): Uint8Array {
    const text = Buffer.from(JSON.stringify({ ...header, sections: this.#sections } satisfies PackedHeader), 'utf8');
    if (PACKED_PREAMBLE + text.length > PACKED_HEADER_ROOM) {
      throw new RangeError(`the header of ${this.path} needs ${text.length} bytes; there is room for 64 KiB`);
    }
    const preamble = Buffer.alloc(PACKED_PREAMBLE + text.length);
    preamble.write(PACKED_MAGIC, 0, 'latin1');
    preamble.writeUInt32LE(PACKED_VERSION, 8);
    preamble.writeUInt32LE(text.length, 12);
    preamble.writeUInt32LE(crc32(text), 16);
    preamble.set(text, PACKED_PREAMBLE);
    return preamble;
  }

  #pad(): void {
    const rest = this.#position % ALIGNMENT;
    if (rest !== 0) {
      this.#put(new Uint8Array(ALIGNMENT - rest));
    }
  }

  #put(bytes: Uint8Array): void {
    if (this.#buffered + bytes.length > BUFFER_BYTES) {
      this.#flush();
    }
    if (bytes.length >= BUFFER_BYTES) {
      writeAll(this.#file, bytes, this.#position);
    } else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
    this.#position += bytes.length;
  }

  #flush(): void {
    if (this.#buffered > 0) {
      writeAll(this.#file, this.#buffer.subarray(0, this.#buffered), this.#position - this.#buffered);
      this.#buffered = 0;
    }
  }
}

/** Makes a rename or removal inside a folder durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') {
    return;
  }
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function bytesOf(array: PackedArray): Uint8Array {
  return array instanceof Uint8Array ? array : new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}
