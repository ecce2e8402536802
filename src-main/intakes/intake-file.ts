import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { EntrySource } from '../services/triage/port.ts';
import { decodeCells } from './parts/carried-cells.ts';
import { emptyColumns } from './parts/empty-columns.ts';
import {
  type EntryGroup,
  type IntakeMeta,
  type StoredInput,
  kindsOfMask,
  offsetInEntry,
  orderSection,
} from './intake-columns.ts';
import { PackedReader } from './packed-reader.ts';
import { readTroubles, type StoredTrouble } from './parts/trouble-log.ts';

/** Sections of digests up to this size are read whole when most of them are wanted. */
const WHOLE_DIGESTS_BYTES = 96 << 20;

/** Carried bytes read at once. */
const WINDOW_BYTES = 16 * 1024;

/**
 * An intake file opened for reading. Columns are loaded, with their checksum verified, when first asked for; digests and
 * carried cells are read in place. All synchronous, for worker threads.
 */
export class IntakeFile {
  readonly meta: IntakeMeta;
  readonly #reader: PackedReader;
  /** First entry number and first byte of each group, and one past the last. */
  readonly #entryStart: readonly number[];
  readonly #byteStart: readonly number[];
  #columns: readonly string[] | null = null;
  #emptyColumns: readonly number[] | null = null;
  #inputs: readonly StoredInput[] | null = null;
  #firstOcc: Uint32Array | null = null;
  #occEntry: Uint32Array | null = null;
  #occLine: Uint32Array | null = null;
  #occColumn: Uint32Array | null | undefined;
  #carriedAt: Float64Array | null | undefined;
  /** Occurrences of every entry: those of entry e are `occurrence[start[e]]` to `occurrence[start[e + 1] - 1]`, in source order. */
  #start: Uint32Array | null = null;
  #occurrence: Uint32Array | null = null;
  #digests: Uint8Array | null = null;
  #window: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array(0) };

  constructor(path: string) {
    this.#reader = new PackedReader(path, 'intake');
    // The header's checksum held, so this is what the builder wrote.
    this.meta = this.#reader.header.meta as unknown as IntakeMeta;
    this.#entryStart = runningSums(this.meta.groups.map((group) => group.count));
    this.#byteStart = runningSums(this.meta.groups.map((group) => group.count * group.stride));
  }

  get path(): string {
    return this.#reader.path;
  }

  /** Names of the carried columns. */
  get columns(): readonly string[] {
    this.#columns ??= readJson(this.#reader, 'columns') as string[];
    return this.#columns;
  }

  /** Places of the carried columns in which no row has anything. */
  get emptyColumns(): readonly number[] {
    this.#emptyColumns ??= emptyColumns(this);
    return this.#emptyColumns;
  }

  get inputs(): readonly StoredInput[] {
    this.#inputs ??= readJson(this.#reader, 'inputs') as StoredInput[];
    return this.#inputs;
  }

  get entries(): number {
    return this.meta.entries;
  }

  get groups(): readonly EntryGroup[] {
    return this.meta.groups;
  }

  /** Number of each entry's first occurrence. */
  get firstOcc(): Uint32Array {
    this.#firstOcc ??= this.#reader.section('firstOcc', 'u32');
    return this.#firstOcc;
  }

  /** The entry of each occurrence. */
  get occEntry(): Uint32Array {
    this.#occEntry ??= this.#reader.section('occEntry', 'u32');
    return this.#occEntry;
  }

  /** The entries as judging takes them. Blocks share one buffer: each is valid until the next read. */
  source(): EntrySource {
    let buffer = new Uint8Array(0);
    return {
      length: this.entries,
      groups: this.groups,
      read: (group, from, count) => {
        const stride = this.groups[group]?.stride ?? 0;
        const bytes = count * stride;
        if (buffer.length < bytes) {
          buffer = new Uint8Array(bytes);
        }
        const start = (this.#byteStart[group] ?? 0) + from * stride;
        return this.#reader.readBytes('digests', start, bytes, buffer);
      },
    };
  }

  /** Number of the group an entry lies in. */
  groupOf(entry: number): number {
    let group = 0;
    while (entry >= (this.#entryStart[group + 1] ?? Infinity)) {
      group += 1;
    }
    return group;
  }

  /** First entry of a group; for the number of groups, the number of entries. */
  firstEntryOf(group: number): number {
    return this.#entryStart[group] ?? this.entries;
  }

  /** The entry's digests as bytes, strongest first; a view that may be shared. */
  entryBytes(entry: number): Uint8Array {
    const group = this.groupOf(entry);
    const stride = this.groups[group]?.stride ?? 0;
    const from = (this.#byteStart[group] ?? 0) + (entry - this.firstEntryOf(group)) * stride;
    return this.#digests === null
      ? this.#reader.readBytes('digests', from, stride)
      : this.#digests.subarray(from, from + stride);
  }

  /** Reads all digests at once when they are not too many: for exports, which want most of them. */
  holdDigests(): void {
    if (this.#digests === null && this.#reader.bytesIn('digests') <= WHOLE_DIGESTS_BYTES) {
      this.#digests = this.#reader.section('digests', 'bytes');
    }
  }

  /** Gives back what `holdDigests` took. */
  releaseDigests(): void {
    this.#digests = null;
  }

  digestsOf(entry: number): DigestSet {
    return digestSetOf(this.groups[this.groupOf(entry)]?.mask ?? 0, this.entryBytes(entry));
  }

  /** How often the entry occurs. */
  occurrenceCount(entry: number): number {
    const start = this.#starts();
    return (start[entry + 1] as number) - (start[entry] as number);
  }

  /** The entry's occurrences, in source order, at most `limit`. */
  occurrencesOf(entry: number, limit: number): Uint32Array {
    const start = this.#starts();
    const from = start[entry] as number;
    return this.#occurrences().subarray(from, Math.min(from + limit, start[entry + 1] as number));
  }

  lineOf(occurrence: number): number {
    this.#occLine ??= this.#reader.section('occLine', 'u32');
    return this.#occLine[occurrence] as number;
  }

  /** 1-based column, or null where columns mean nothing. */
  columnOf(occurrence: number): number | null {
    if (this.#occColumn === undefined) {
      this.#occColumn = this.#reader.has('occColumn') ? this.#reader.section('occColumn', 'u32') : null;
    }
    const column = this.#occColumn?.[occurrence] ?? 0;
    return column === 0 ? null : column;
  }

  /** Name of the input, or of the file inside a dropped folder. */
  fileOf(occurrence: number): string {
    const input = this.inputs[this.inputOf(occurrence)];
    if (input === undefined) {
      return '';
    }
    return input.fileColumn === null
      ? input.view.name
      : (this.carriedOf(occurrence)[input.fileColumn] ?? input.view.name);
  }

  /** Place of the input an occurrence came from: those of one input follow one another. */
  inputOf(occurrence: number): number {
    let low = 0;
    let high = this.inputs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.inputs[middle] as StoredInput).firstOccurrence <= occurrence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Where the entry occurs first, without loading columns. */
  firstPlace(entry: number): { readonly file: string; readonly line: number } {
    const first = this.#firstOcc?.[entry] ?? readU32(this.#reader.readBytes('firstOcc', entry * 4, 4));
    const line = this.#occLine?.[first] ?? readU32(this.#reader.readBytes('occLine', first * 4, 4));
    return { file: this.fileOf(first), line };
  }

  /** The carried cells of one occurrence, one per column. */
  carriedOf(occurrence: number): string[] {
    const at = this.carriedAt;
    if (at === null || this.columns.length === 0) {
      return this.columns.map(() => '');
    }
    const from = at[occurrence] as number;
    return decodeCells(this.#carriedWindow(from, at[occurrence + 1] as number), this.columns.length);
  }

  /** Byte offsets of the carried cells of each occurrence; null when nothing was carried. */
  get carriedAt(): Float64Array | null {
    if (this.#carriedAt === undefined) {
      this.#carriedAt = this.#reader.has('carriedAt') ? this.#reader.section('carriedAt', 'f64') : null;
    }
    return this.#carriedAt;
  }

  /** Carried bytes from..to, for searching; fills and returns the start of `into`. */
  carriedBytes(from: number, to: number, into: Uint8Array): Uint8Array {
    return this.#reader.readBytes('carried', from, to - from, into);
  }

  /** Records that are not among the hashes, in source order. */
  troubles(offset: number, limit: number): StoredTrouble[] {
    return readTroubles(this.#reader, offset, limit);
  }

  /** The lowest entry that holds this digest, or null. Reads a few dozen digests, not the file. */
  find(kind: DigestKind, digest: Uint8Array): number | null {
    for (let group = 0; group < this.groups.length; group += 1) {
      for (const place of this.#placesIn(group, kind, digest)) {
        return this.firstEntryOf(group) + place;
      }
    }
    return null;
  }

  /** All entries that hold this digest. */
  findAll(kind: DigestKind, digest: Uint8Array): number[] {
    return this.groups.flatMap((_, group) =>
      Array.from(this.#placesIn(group, kind, digest), (place) => this.firstEntryOf(group) + place),
    );
  }

  /** Checks every checksum. Throws DB_DAMAGED. */
  verify(): void {
    this.#reader.verify();
  }

  close(): void {
    this.#reader.close();
  }

  /** Places in a group that hold the digest, in the order of its digests. */
  *#placesIn(group: number, kind: DigestKind, digest: Uint8Array): Generator<number> {
    const { mask, count, stride } = this.groups[group] as EntryGroup;
    const offset = offsetInEntry(mask, kind);
    if (offset < 0) {
      return;
    }
    const order = offset === 0 ? null : orderSection(group, kind);
    const base = this.#byteStart[group] ?? 0;
    const found = new Uint8Array(DIGEST_BYTES[kind]);
    const placeAt = (index: number): number =>
      order === null ? index : readU32(this.#reader.readBytes(order, index * 4, 4));
    const compareAt = (place: number): number => {
      this.#reader.readBytes('digests', base + place * stride + offset, found.length, found);
      return Buffer.compare(found, digest);
    };
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAt(placeAt(middle)) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (; low < count; low += 1) {
      const place = placeAt(low);
      if (compareAt(place) !== 0) {
        return;
      }
      yield place;
    }
  }

  /** Carried bytes from..to; a little more is read at once, because neighbours are mostly asked for next. */
  #carriedWindow(from: number, to: number): Uint8Array {
    const held = this.#window;
    if (from < held.from || to > held.from + held.bytes.length) {
      const size = Math.max(to - from, Math.min(WINDOW_BYTES, this.#reader.bytesIn('carried') - from));
      this.#window = { from, bytes: this.#reader.readBytes('carried', from, size) };
    }
    const start = from - this.#window.from;
    return this.#window.bytes.subarray(start, start + to - from);
  }

  /** Made by one counting pass when first needed; the occurrences by another, which most looks can do without. */
  #starts(): Uint32Array {
    if (this.#start === null) {
      const start = new Uint32Array(this.entries + 1);
      for (const entry of this.occEntry) {
        start[entry + 1] = (start[entry + 1] as number) + 1;
      }
      for (let entry = 0; entry < this.entries; entry += 1) {
        start[entry + 1] = (start[entry + 1] as number) + (start[entry] as number);
      }
      this.#start = start;
    }
    return this.#start;
  }

  #occurrences(): Uint32Array {
    if (this.#occurrence === null) {
      const { occEntry } = this;
      const next = this.#starts().slice();
      const occurrence = new Uint32Array(occEntry.length);
      for (let number = 0; number < occEntry.length; number += 1) {
        const entry = occEntry[number] as number;
        occurrence[next[entry] as number] = number;
        next[entry] = (next[entry] as number) + 1;
      }
      this.#occurrence = occurrence;
    }
    return this.#occurrence;
  }
}

/** Splits an entry's bytes into its digests in hex. */
export function digestSetOf(mask: number, bytes: Uint8Array): DigestSet {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  const set: { [K in DigestKind]?: HexDigest } = {};
  let at = 0;
  for (const kind of kindsOfMask(mask)) {
    const end = at + DIGEST_BYTES[kind] * 2;
    set[kind] = hex.slice(at, end) as HexDigest;
    at = end;
  }
  return set;
}

function readJson(reader: PackedReader, name: string): unknown {
  return JSON.parse(Buffer.from(reader.section(name, 'bytes')).toString('utf8'));
}

function readU32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function runningSums(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) {
    sums.push((sums.at(-1) ?? 0) + value);
  }
  return sums;
}
