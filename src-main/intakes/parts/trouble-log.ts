import { appendFileSync, closeSync, openSync, readSync, rmSync } from 'node:fs';
import type { PackedReader } from '../packed-reader.ts';
import type { PackedWriter } from '../packed-writer.ts';

/** A record that is not among the hashes, with its place. `input` is the number of the input it came from. */
export interface StoredTrouble {
  readonly input: number;
  /** Only where the place is a file inside a dropped folder. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly kind: 'rejected' | 'without-hash';
  readonly reason: string;
  readonly excerpt: string;
}

/** Every so many troubles the byte offset of one is kept, so that a page is found without reading all before it. */
const TROUBLES_PER_MARK = 256;
const SPILL_CHARACTERS = 256 * 1024;
/** Longest excerpt kept of one record, in characters. */
const EXCERPT_CHARACTERS = 200;

/** Collects troubles in a temporary file, however many there are, and writes them as a section. */
export class TroubleLog {
  readonly #path: string;
  readonly #marks: number[] = [];
  #pending: string[] = [];
  #pendingCharacters = 0;
  #bytes = 0;
  #count = 0;
  #spilled = false;

  constructor(path: string) {
    this.#path = path;
  }

  get count(): number {
    return this.#count;
  }

  add(trouble: StoredTrouble): void {
    const text = `${JSON.stringify({ ...trouble, excerpt: shorten(trouble.excerpt) })}\n`;
    if (this.#count % TROUBLES_PER_MARK === 0) {
      this.#marks.push(this.#bytes);
    }
    this.#count += 1;
    this.#bytes += Buffer.byteLength(text);
    this.#pending.push(text);
    this.#pendingCharacters += text.length;
    if (this.#pendingCharacters > SPILL_CHARACTERS) {
      appendFileSync(this.#path, this.#pending.join(''), { mode: 0o600 });
      this.#spilled = true;
      this.#pending = [];
      this.#pendingCharacters = 0;
    }
  }

  /** Writes the sections `troubles` and `troublesAt`, then removes the temporary file. */
  writeTo(writer: PackedWriter): void {
    writer.begin('troubles', 'bytes');
    if (this.#spilled) {
      copyFile(this.#path, writer);
    }
    writer.write(Buffer.from(this.#pending.join(''), 'utf8'));
    writer.end();
    writer.section('troublesAt', 'f64', Float64Array.from(this.#marks));
    this.discard();
  }

  discard(): void {
    if (this.#spilled) {
      rmSync(this.#path, { force: true });
      this.#spilled = false;
    }
  }
}

/** Troubles `offset` to `offset + limit`, in source order. */
export function readTroubles(reader: PackedReader, offset: number, limit: number): StoredTrouble[] {
  const marks = reader.section('troublesAt', 'f64');
  const mark = Math.floor(offset / TROUBLES_PER_MARK);
  const from = marks[mark];
  if (from === undefined || limit <= 0) {
    return [];
  }
  const endMark = Math.floor((offset + limit - 1) / TROUBLES_PER_MARK) + 1;
  const to = marks[endMark] ?? reader.bytesIn('troubles');
  const lines = Buffer.from(reader.readBytes('troubles', from, to - from))
    .toString('utf8')
    .split('\n');
  const skip = offset - mark * TROUBLES_PER_MARK;
  return lines
    .slice(skip, skip + limit)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StoredTrouble);
}

function copyFile(path: string, writer: PackedWriter): void {
  const buffer = new Uint8Array(SPILL_CHARACTERS);
  const file = openSync(path, 'r');
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      writer.write(buffer.subarray(0, size));
    }
  } finally {
    closeSync(file);
  }
}

function shorten(text: string): string {
  return text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text;
}
