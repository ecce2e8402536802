import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import { HEADER_BYTES, headerBytes, PARTS, readHeader, recordsOf, type RunHeader, sumsOf } from './run-header.ts';
import { refAt, type RecordLayout } from './sort-records.ts';

/** Records whose first `depth` key bytes are equal, in no order. Valid until the next one is asked for. */
export interface Partition {
  readonly data: Uint8Array;
  readonly count: number;
  readonly depth: number;
}

export interface RunOptions {
  /** Key bytes that are equal in all records. */
  readonly depth?: number;
  /** A partition larger than this is parted once more by its next byte. */
  readonly mostBytes?: number;
  /** Records held in memory before they become a run on disk. */
  readonly runRecords?: number;
}

interface Run extends RunHeader {
  /** Where its first record lies in the file. */
  readonly offset: number;
}

const RUN_RECORDS = 1 << 19;
const FIRST_ROOM = 1 << 10;
const MOST_BYTES = 160 << 20;

/**
 * Records of one fixed size on their way to being sorted, in bounded memory whatever their number: they are parted by their
 * first key byte, run by run into one file, and come back partition by partition in ascending order of that byte. Few
 * records never touch the disk. `flush` makes a place to resume from; `length` names it.
 */
export class KeyRuns {
  readonly layout: RecordLayout;
  readonly #path: string;
  readonly #depth: number;
  readonly #mostBytes: number;
  readonly #runRecords: number;
  readonly #words: number;
  readonly #runs: Run[] = [];
  #file: number | null = null;
  #length = 0;
  #onDisk = 0;
  #buffered = 0;
  #buffer: Uint32Array;
  #bytes: Uint8Array;

  constructor(path: string, layout: RecordLayout, options: RunOptions = {}) {
    this.layout = layout;
    this.#path = path;
    this.#depth = options.depth ?? 0;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    this.#runRecords = options.runRecords ?? RUN_RECORDS;
    this.#words = layout.stride / 4;
    this.#buffer = new Uint32Array(FIRST_ROOM * this.#words);
    this.#bytes = new Uint8Array(this.#buffer.buffer);
  }

  /** Goes on with a file of runs, of which the first `length` bytes count. Throws UNREADABLE when they are not whole. */
  static resume(path: string, layout: RecordLayout, length: number, options: RunOptions = {}): KeyRuns {
    const runs = new KeyRuns(path, layout, options);
    try {
      runs.#reopen(length);
      return runs;
    } catch (error) {
      runs.close();
      throw error;
    }
  }

  /** Records taken. */
  get count(): number {
    return this.#onDisk + this.#buffered;
  }

  /** Bytes of the file that `resume` needs. */
  get length(): number {
    return this.#length;
  }

  /** Whether the memory for the next run is used up: call `flush`. */
  get isFull(): boolean {
    return this.#buffered >= this.#runRecords;
  }

  /** Whether so many records more would use up the memory for the next run. */
  isFullWith(more: number): boolean {
    return this.#buffered + more >= this.#runRecords;
  }

  /** Takes a record: its key bytes from `at` on, and its reference where the layout has one. */
  append(key: Uint8Array, at: number, ref: number): void {
    const from = this.#grow() * 4;
    const bytes = this.#bytes;
    const { key: width, stride } = this.layout;
    for (let byte = 0; byte < width; byte += 1) {
      bytes[from + byte] = key[at + byte] as number;
    }
    if (stride > width) {
      this.#buffer[(from + width) >>> 2] = ref;
    }
  }

  /** The same for keys that lie at a multiple of 4 bytes, from word `at` on. */
  appendWords(key: Uint32Array, at: number, ref: number): void {
    const from = this.#grow();
    const buffer = this.#buffer;
    const width = this.layout.key >>> 2;
    for (let word = 0; word < width; word += 1) {
      buffer[from + word] = key[at + word] as number;
    }
    if (this.#words > width) {
      buffer[from + width] = ref;
    }
  }

  /** Writes what is in memory as a run and makes it durable. */
  flush(): void {
    if (this.#buffered === 0) {
      return;
    }
    this.#file ??= openSync(this.#path, 'w+', 0o600);
    const { counts, data } = this.#parted();
    const sums = sumsOf(counts, data, this.layout.stride);
    writeAll(this.#file, headerBytes({ counts, sums }, this.layout.stride), this.#length);
    writeAll(this.#file, data, this.#length + HEADER_BYTES);
    fdatasyncSync(this.#file);
    this.#runs.push({ offset: this.#length + HEADER_BYTES, counts, sums });
    this.#length += HEADER_BYTES + data.length;
    this.#onDisk += this.#buffered;
    this.#buffered = 0;
  }

  /** All records, partition by partition in ascending order. Nothing can be appended afterwards. */
  *partitions(): Generator<Partition> {
    const rest = this.#parted();
    const starts = this.#runs.map(() => 0);
    let restStart = 0;
    let buffer = new Uint8Array(0);
    for (let part = 0; part < PARTS; part += 1) {
      const inMemory = rest.counts[part] as number;
      const count = this.#runs.reduce((sum, run) => sum + (run.counts[part] as number), inMemory);
      const bytes = count * this.layout.stride;
      const pieces = this.#pieces(
        part,
        starts,
        rest.data.subarray(restStart, restStart + inMemory * this.layout.stride),
      );
      restStart += inMemory * this.layout.stride;
      if (bytes > this.#mostBytes) {
        yield* this.#partAgain(pieces);
      } else if (count > 0) {
        buffer = buffer.length < bytes ? new Uint8Array(bytes) : buffer;
        let filled = 0;
        for (const piece of pieces) {
          buffer.set(piece, filled);
          filled += piece.length;
        }
        yield { data: buffer, count, depth: this.#depth + 1 };
      }
      this.#runs.forEach((run, index) => {
        starts[index] = (starts[index] as number) + (run.counts[part] as number) * this.layout.stride;
      });
    }
  }

  /** Closes and removes the file. */
  discard(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }

  /** Closes the file and leaves it. */
  close(): void {
    if (this.#file !== null) {
      closeSync(this.#file);
      this.#file = null;
    }
    this.#buffer = new Uint32Array(0);
    this.#bytes = new Uint8Array(0);
    this.#buffered = 0;
  }

  /** Counts one more record in and returns its first word. */
  #grow(): number {
    const from = this.#buffered * this.#words;
    if (from + this.#words > this.#buffer.length) {
      const larger = new Uint32Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#bytes = new Uint8Array(larger.buffer);
    }
    this.#buffered += 1;
    return from;
  }

  /** The records in memory, parted by the byte that counts. */
  #parted(): { readonly counts: Uint32Array; readonly data: Uint8Array } {
    const words = this.#words;
    const { stride } = this.layout;
    const counts = new Uint32Array(PARTS);
    for (let at = this.#depth, end = this.#buffered * stride; at < end; at += stride) {
      const part = this.#bytes[at] as number;
      counts[part] = (counts[part] as number) + 1;
    }
    const next = new Uint32Array(PARTS);
    for (let part = 1; part < PARTS; part += 1) {
      next[part] = (next[part - 1] as number) + (counts[part - 1] as number);
    }
    const data = new Uint32Array(this.#buffered * words);
    for (let record = 0; record < this.#buffered; record += 1) {
      const part = this.#bytes[record * stride + this.#depth] as number;
      const place = next[part] as number;
      next[part] = place + 1;
      for (let word = 0; word < words; word += 1) {
        data[place * words + word] = this.#buffer[record * words + word] as number;
      }
    }
    return { counts, data: new Uint8Array(data.buffer) };
  }

  *#pieces(part: number, starts: readonly number[], rest: Uint8Array): Generator<Uint8Array> {
    const { stride } = this.layout;
    const most = Math.floor(this.#mostBytes / stride) * stride;
    for (const [index, run] of this.#runs.entries()) {
      const bytes = (run.counts[part] as number) * stride;
      let sum = 0;
      for (let done = 0; done < bytes; done += most) {
        const piece = new Uint8Array(Math.min(most, bytes - done));
        readAll(this.#file, piece, run.offset + (starts[index] as number) + done, this.#path);
        sum = crc32(piece, sum);
        if (done + piece.length === bytes && sum !== run.sums[part]) {
          throw unusable(this.#path);
        }
        yield piece;
      }
    }
    if (rest.length > 0) {
      yield rest;
    }
  }

  /** Many records share their first bytes: they are parted by the next one, or, where no key byte is left, are one key. */
  *#partAgain(pieces: Iterable<Uint8Array>): Generator<Partition> {
    const depth = this.#depth + 1;
    const { key, stride } = this.layout;
    if (depth === key) {
      yield onePerReference(pieces, this.layout);
      return;
    }
    const deeper = new KeyRuns(`${this.#path}.${depth}`, this.layout, { depth, mostBytes: this.#mostBytes });
    try {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += stride) {
          deeper.append(piece, at, stride > key ? refAt(piece, at, this.layout) : 0);
          if (deeper.isFull) {
            deeper.flush();
          }
        }
      }
      yield* deeper.partitions();
    } finally {
      deeper.discard();
    }
  }

  #reopen(length: number): void {
    const file = openSync(this.#path, 'r+');
    this.#file = file;
    if (fstatSync(file).size < length) {
      throw unusable(this.#path);
    }
    const bytes = new Uint8Array(HEADER_BYTES);
    while (this.#length < length) {
      readAll(file, bytes, this.#length, this.#path);
      const header = readHeader(bytes, this.layout.stride);
      const count = header === null ? 0 : recordsOf(header.counts);
      const end = this.#length + HEADER_BYTES + count * this.layout.stride;
      if (header === null || end > length) {
        throw unusable(this.#path);
      }
      this.#runs.push({ ...header, offset: this.#length + HEADER_BYTES });
      this.#length = end;
      this.#onDisk += count;
    }
    ftruncateSync(file, length);
  }
}

/** Records of one and the same key: each reference once. */
function onePerReference(pieces: Iterable<Uint8Array>, layout: RecordLayout): Partition {
  const { key, stride } = layout;
  const kept = new Map<number, Uint8Array>();
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += stride) {
      const ref = stride > key ? refAt(piece, at, layout) : 0;
      if (!kept.has(ref)) {
        kept.set(ref, piece.slice(at, at + stride));
      }
    }
  }
  return { data: Buffer.concat([...kept.values()]), count: kept.size, depth: key };
}

function unusable(path: string): AppError {
  return new AppError(
    'UNREADABLE',
    `The unfinished work in ${path} is not whole. Import the file again, from the start.`,
  );
}

function readAll(file: number | null, into: Uint8Array, position: number, path: string): void {
  let done = 0;
  while (done < into.length) {
    const read = file === null ? 0 : readSync(file, into, done, into.length - done, position + done);
    if (read === 0) {
      throw unusable(path);
    }
    done += read;
  }
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}
