import { dirname, join } from 'node:path';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { InputFileView } from '#shared/contract/intake.ts';
import type { DigestSlots, RecordSink } from '../formats/record-sink.ts';
import type { EntrySource } from '../services/triage/port.ts';
import { CellEncoder, placeColumns } from './parts/carried-cells.ts';
import { DigestColumn } from './digest-column.ts';
import { GrowingBytes, GrowingColumn } from './parts/growing-column.ts';
import {
  INTAKE_FILE_VERSION,
  type EntryGroup,
  type EntryLink,
  type IntakeMeta,
  type StoredInput,
  kindsOfMask,
  offsetInEntry,
  orderSection,
  strideOfMask,
} from './intake-columns.ts';
import { memoryEntries } from './memory-entries.ts';
import { PackedWriter } from './packed-writer.ts';
import { distinctBlocks, isFirst, sortDigests, type SortedDigests } from './sort-digests.ts';
import { TroubleLog } from './parts/trouble-log.ts';

/** What one input brought in. */
export interface InputCounts {
  /** Records with at least one digest. */
  hashed: number;
  /** How many of these are a further hash of the record before. */
  another: number;
  without: number;
  rejected: number;
  otherLines: number;
  readonly notDigests: Record<string, number>;
  /** Where reading stopped and why. */
  fault: string | null;
}

/** The sink of one input. */
export interface InputSink extends RecordSink {
  readonly counts: InputCounts;
  /** Like `reject` or `without`, for a whole file. */
  rejectFile(file: string, reason: string, kind: 'rejected' | 'without-hash'): void;
}

export interface BuiltIntake extends IntakeMeta {
  /** Size of the file. */
  readonly bytes: number;
  readonly columns: readonly string[];
}

interface Group {
  readonly code: number;
  readonly mask: number;
  readonly link: EntryLink;
  readonly column: DigestColumn;
}

/**
 * Packs records into one intake file. Digests, lines and groups are held in memory (about 40 bytes per record of a list
 * with one digest per line); carried cells and troubles go straight to disk. Nothing appears at `path` before `finish`.
 */
export class IntakeBuilder {
  readonly #writer: PackedWriter;
  readonly #troubles: TroubleLog;
  readonly #groups: (Group | undefined)[] = [];
  readonly #groupOf = new GrowingBytes();
  readonly #lines = new GrowingColumn();
  readonly #places = new GrowingColumn();
  readonly #carriedLengths = new GrowingColumn();
  readonly #columns: string[] = [];
  readonly #cells = new CellEncoder();
  readonly #firstOccurrences: number[] = [];
  readonly #fileColumns: (number | null)[] = [];
  #carriedOpen = false;

  constructor(path: string) {
    this.#writer = new PackedWriter(path);
    this.#troubles = new TroubleLog(join(dirname(path), 'troubles.tmp'));
  }

  /** Records with a digest so far. */
  get occurrences(): number {
    return this.#groupOf.count;
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  /**
   * Starts the next input; records reported to the returned sink belong to it until the next one starts. `computed` says
   * that Assay read the digests from the file's bytes; `fileColumn` names the carried column that holds each file's name.
   */
  startInput(
    columns: readonly string[],
    options: { readonly computed?: boolean; readonly fileColumn?: string } = {},
  ): InputSink {
    const input = this.#firstOccurrences.length;
    this.#firstOccurrences.push(this.occurrences);
    const places = placeColumns(this.#columns, columns);
    const fileColumn = options.fileColumn === undefined ? -1 : columns.indexOf(options.fileColumn);
    this.#fileColumns.push(places[fileColumn] ?? null);
    const isOrdered = places.every((place, index) => place === index);
    const counts: InputCounts = {
      hashed: 0,
      another: 0,
      without: 0,
      rejected: 0,
      otherLines: 0,
      notDigests: {},
      fault: null,
    };
    const computedBit = options.computed === true ? 8 : 0;
    return {
      counts,
      hash: (line, column, slots, carried) => {
        counts.hashed += 1;
        this.#add(line, column, slots, isOrdered ? carried : spread(carried, places), computedBit);
      },
      another: (line, column, slots, carried) => {
        counts.hashed += 1;
        counts.another += 1;
        this.#add(line, column, slots, isOrdered ? carried : spread(carried, places), computedBit);
      },
      without: (line, reason, excerpt) => {
        counts.without += 1;
        this.#troubles.add({ input, line, column: 0, kind: 'without-hash', reason, excerpt });
      },
      reject: (line, column, reason, excerpt) => {
        counts.rejected += 1;
        this.#troubles.add({ input, line, column, kind: 'rejected', reason, excerpt });
      },
      rejectFile: (file, reason, kind) => {
        counts[kind === 'rejected' ? 'rejected' : 'without'] += 1;
        this.#troubles.add({ input, file, line: 0, column: 0, kind, reason, excerpt: '' });
      },
      notDigest: (name) => {
        counts.notDigests[name] = (counts.notDigests[name] ?? 0) + 1;
      },
      otherLines: (count) => {
        counts.otherLines += count;
      },
      fault: (message) => {
        counts.fault ??= message;
      },
    };
  }

  /** The records so far, sorted and without duplicates, for a first look while reading goes on. */
  preview(): EntrySource {
    const groups: EntryGroup[] = [];
    const blocks: Uint8Array[] = [];
    for (const group of this.#ordered()) {
      const sorted = sortDigests(group.column);
      const block = new Uint8Array(sorted.distinct * group.column.stride);
      let at = 0;
      for (const part of distinctBlocks(group.column, sorted)) {
        block.set(part, at);
        at += part.length;
      }
      groups.push(groupView(group, sorted.distinct));
      blocks.push(block);
    }
    return memoryEntries(groups, blocks);
  }

  /** Sorts, removes duplicates and writes the file. `views` describe the inputs in the order they were started. */
  finish(views: readonly InputFileView[]): BuiltIntake {
    const writer = this.#writer;
    const occurrences = this.occurrences;
    if (this.#carriedOpen) {
      writer.end();
      this.#carriedLengths.writeOffsetsTo(writer, 'carriedAt', occurrences);
    }
    this.#lines.writeTo(writer, 'occLine', occurrences);
    if (this.#places.isUsed) {
      this.#places.writeTo(writer, 'occColumn', occurrences);
    }
    const meta = this.#writeEntries(occurrences);
    writer.section('columns', 'bytes', json(this.#columns));
    this.#troubles.writeTo(writer);
    const inputs = views.map((view, index): StoredInput => ({
      view,
      firstOccurrence: this.#firstOccurrences[index] ?? occurrences,
      fileColumn: this.#fileColumns[index] ?? null,
    }));
    writer.section('inputs', 'bytes', json(inputs));
    const bytes = writer.finish({ kind: 'intake', version: INTAKE_FILE_VERSION, meta: { ...meta } });
    return { ...meta, bytes, columns: this.#columns };
  }

  /** Removes what was written so far. */
  abort(): void {
    this.#troubles.discard();
    this.#writer.abort();
  }

  #add(line: number, column: number, slots: DigestSlots, carried: readonly string[], computedBit: number): void {
    const occurrence = this.#groupOf.count;
    const code = slots.mask | computedBit;
    const group = this.#groups[code] ?? this.#addGroup(code);
    const block = group.column.grow();
    let at = group.column.lastOffset;
    if ((slots.mask & 4) !== 0) {
      at = copy(slots.sha256, 32, block, at);
    }
    if ((slots.mask & 2) !== 0) {
      at = copy(slots.sha1, 20, block, at);
    }
    if ((slots.mask & 1) !== 0) {
      copy(slots.md5, 16, block, at);
    }
    this.#groupOf.push(code);
    this.#lines.set(occurrence, line);
    this.#places.set(occurrence, column);
    if (carried.length > 0) {
      this.#carry(occurrence, carried);
    }
  }

  #carry(occurrence: number, carried: readonly string[]): void {
    const cells = this.#cells.encode(carried);
    if (cells.length === 0) {
      return;
    }
    if (!this.#carriedOpen) {
      this.#carriedOpen = true;
      this.#writer.begin('carried', 'bytes');
    }
    this.#writer.write(cells);
    this.#carriedLengths.set(occurrence, cells.length);
  }

  #addGroup(code: number): Group {
    const mask = code & 7;
    if (mask === 0) {
      throw new TypeError('a record was reported as a hash without any digest');
    }
    const isSingle = (mask & (mask - 1)) === 0;
    const link: EntryLink = (code & 8) !== 0 ? 'computed' : isSingle ? 'single' : 'asserted';
    const group = { code, mask, link, column: new DigestColumn(strideOfMask(mask)) };
    this.#groups[code] = group;
    return group;
  }

  /** Strongest digests first; what ties them decides between equals. */
  #ordered(): Group[] {
    return this.#groups.filter((group) => group !== undefined).sort((a, b) => b.mask - a.mask || b.code - a.code);
  }

  #writeEntries(occurrences: number): IntakeMeta {
    const groups = this.#ordered();
    const records = this.#recordsOf(groups);
    const occEntry = new Uint32Array(occurrences);
    const firsts: Uint32Array[] = [];
    const views: EntryGroup[] = [];
    const orders: { readonly name: string; readonly order: Uint32Array }[] = [];
    let base = 0;
    this.#writer.begin('digests', 'bytes');
    groups.forEach((group, index) => {
      const sorted = sortDigests(group.column);
      for (const block of distinctBlocks(group.column, sorted)) {
        this.#writer.write(block);
      }
      const occurrenceOf = records[index] ?? null;
      const first = numberEntries(sorted, occurrenceOf, base, occEntry);
      for (const kind of kindsOfMask(group.mask).slice(1)) {
        const key = { offset: offsetInEntry(group.mask, kind), length: DIGEST_BYTES[kind] };
        const { order } = sortDigests(group.column, key);
        orders.push({
          name: orderSection(index, kind),
          order: entryOrder(order, occurrenceOf, base, occEntry, first),
        });
      }
      group.column.clear();
      firsts.push(first);
      views.push(groupView(group, sorted.distinct));
      base += sorted.distinct;
    });
    this.#writer.end();
    this.#writer.section('occEntry', 'u32', occEntry);
    this.#writer.begin('firstOcc', 'u32');
    for (const first of firsts) {
      this.#writer.write(first);
    }
    this.#writer.end();
    for (const { name, order } of orders) {
      this.#writer.section(name, 'u32', order);
    }
    return { groups: views, entries: base, occurrences, troubles: this.#troubles.count };
  }

  /** For each group the occurrence numbers of its records; none when there is one group, where they are the same. */
  #recordsOf(groups: readonly Group[]): readonly Uint32Array[] {
    if (groups.length < 2) {
      return [];
    }
    const places = new Map(groups.map((group) => [group.code, { next: 0, of: new Uint32Array(group.column.count) }]));
    for (let occurrence = 0; occurrence < this.occurrences; occurrence += 1) {
      const place = places.get(this.#groupOf.get(occurrence));
      if (place !== undefined) {
        place.of[place.next] = occurrence;
        place.next += 1;
      }
    }
    return [...places.values()].map((place) => place.of);
  }
}

/** Numbers the distinct records from `base` on; returns each entry's first occurrence. */
function numberEntries(
  sorted: SortedDigests,
  occurrenceOf: Uint32Array | null,
  base: number,
  occEntry: Uint32Array,
): Uint32Array {
  const first = new Uint32Array(sorted.distinct);
  let entry = -1;
  for (let place = 0; place < sorted.order.length; place += 1) {
    const record = sorted.order[place] as number;
    const occurrence = occurrenceOf === null ? record : (occurrenceOf[record] as number);
    if (isFirst(sorted, place)) {
      entry += 1;
      // Equal records keep their order, so the first of a run is the first in the source.
      first[entry] = occurrence;
    }
    occEntry[occurrence] = base + entry;
  }
  return first;
}

/** Entry places in the order of records sorted by another key, each entry once. */
function entryOrder(
  order: Uint32Array,
  occurrenceOf: Uint32Array | null,
  base: number,
  occEntry: Uint32Array,
  first: Uint32Array,
): Uint32Array {
  const result = new Uint32Array(first.length);
  let filled = 0;
  for (const record of order) {
    const occurrence = occurrenceOf === null ? record : (occurrenceOf[record] as number);
    const place = (occEntry[occurrence] as number) - base;
    if (first[place] === occurrence) {
      result[filled] = place;
      filled += 1;
    }
  }
  return result;
}

function groupView(group: Group, count: number): EntryGroup {
  return { mask: group.mask, link: group.link, count, stride: group.column.stride };
}

function copy(digest: Uint8Array, length: number, block: Uint8Array, from: number): number {
  let at = from;
  for (let byte = 0; byte < length; byte += 1) {
    block[at] = digest[byte] as number;
    at += 1;
  }
  return at;
}

function spread(carried: readonly string[], places: readonly number[]): string[] {
  const cells: string[] = [];
  for (let index = 0; index < carried.length; index += 1) {
    const place = places[index];
    if (place !== undefined) {
      while (cells.length < place) {
        cells.push('');
      }
      cells[place] = carried[index] as string;
    }
  }
  return cells;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
