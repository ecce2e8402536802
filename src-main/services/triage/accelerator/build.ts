import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DIGEST_BIT, DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { lastSeq } from '../../../db/repositories/changes.ts';
import {
  changeText,
  digestsBetween,
  highestFileId,
  itemsBetween,
  kindsBetween,
} from '../../../db/repositories/evidence.ts';
import { databaseMeta } from '../../../db/repositories/meta.ts';
import { DigestColumn } from '../../../intakes/digest-column.ts';
import { PackedWriter } from '../../../intakes/packed-writer.ts';
import { sortDigests } from '../../../intakes/sort-digests.ts';
import { BLOCK_RECORDS } from '../bulk/sorted-section.ts';
import { ItemClasses, MOST_CLASSES, timeOf } from '../bulk/item-classes.ts';
import { Stopped } from '../bulk/join.ts';
import { itemOf } from '../lookup.ts';
import { GrowingU16, GrowingU32, GrowingU8 } from './growing.ts';
import {
  ACCELERATOR_FOLDER,
  ACCELERATOR_VERSION,
  acceleratorName,
  checksumSection,
  fileSection,
  seqOfName,
  type AcceleratorMeta,
} from './layout.ts';

/** File ids covered by one statement: a few milliseconds each. */
const WINDOW = 10_000;
/** Digests of one kind held in memory at once; more are sorted in several passes over ranges of their first byte. */
const PASS_BYTES = 96 * 1024 * 1024;
const NO_FILES = new Uint32Array(0);
/** Temporary files of builders that died are removed after this long, in milliseconds. */
const ABANDONED_MS = 3_600_000;

/**
 * Writes an accelerator of the database as it is now and removes older ones. Returns its path, or null when it was
 * cancelled or the database cannot be held in one. Reads in short statements while others go on writing: what changes
 * meanwhile lies after `seq` and is looked up by whoever uses the file. Several processes may build at once.
 */
export function buildAccelerator(db: ReadableDb, directory: string, cancelled: () => boolean): string | null {
  const { id: databaseId } = databaseMeta(db);
  const seq = lastSeq(db);
  const folder = join(directory, ACCELERATOR_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, acceleratorName(databaseId, seq));
  const writer = new PackedWriter(path);
  try {
    const lastChange = changeText(db, seq) ?? '';
    const files = writeFiles(db, writer, cancelled);
    if (files === null) {
      writer.abort();
      return null;
    }
    for (const kind of DIGEST_KINDS) {
      // A kind that no file has needs no look at the files; one that came since has changed since `seq`.
      writeDigests(db, writer, kind, (files.kinds & DIGEST_BIT[kind]) === 0 ? NO_FILES : files.ids, cancelled);
    }
    const meta: AcceleratorMeta = { databaseId, seq, lastChange, files: files.ids.length };
    writer.finish({ kind: 'accelerator', version: ACCELERATOR_VERSION, meta: { ...meta } });
  } catch (error) {
    writer.abort();
    if (error instanceof Stopped) {
      return null;
    }
    throw error;
  }
  tidy(folder, databaseId, seq);
  return path;
}

/** Writes everything by file and returns the ids in order and which kinds of digests they have, or null when they or their items do not fit the layout. */
function writeFiles(
  db: ReadableDb,
  writer: PackedWriter,
  cancelled: () => boolean,
): { readonly ids: Uint32Array; readonly kinds: number } | null {
  const highest = highestFileId(db);
  if (highest > 0xff_ff_ff_fe) {
    return null;
  }
  const ids = new GrowingU32();
  const kinds = new GrowingU8();
  const itemAt = new GrowingU32();
  const itemClass = new GrowingU16();
  const itemTime = new GrowingU32();
  const classes = new ItemClasses();
  let allKinds = 0;
  for (const { from, to } of windows(highest, cancelled)) {
    const items = itemsBetween(db, from, to);
    let next = 0;
    for (const [id, bits] of kindsBetween(db, from, to)) {
      ids.push(id);
      kinds.push(bits);
      allKinds |= bits;
      itemAt.push(itemClass.length);
      // An item may be older or newer than its file row by now; then the file has changed since `seq`.
      while (next < items.length && (items[next]?.[0] ?? 0) < id) {
        next += 1;
      }
      for (; next < items.length && items[next]?.[0] === id; next += 1) {
        const row = items[next];
        const item = row === undefined ? null : itemOf(row);
        if (item !== null) {
          itemClass.push(classes.numberOf(item));
          itemTime.push(timeOf(item));
        }
      }
    }
    if (classes.list.length >= MOST_CLASSES) {
      return null;
    }
  }
  itemAt.push(itemClass.length);
  const fileIds = ids.values();
  writer.section('fileId', 'u32', fileIds);
  writer.section('kinds', 'u8', kinds.values());
  writer.section('itemAt', 'u32', itemAt.values());
  writer.section('itemClass', 'u16', itemClass.values());
  writer.section('itemTime', 'u32', itemTime.values());
  writer.section('classes', 'bytes', Buffer.from(JSON.stringify(classes.list), 'utf8'));
  return { ids: fileIds, kinds: allKinds };
}

/** Writes the sorted digests of one kind, then the files and checksums beside them. */
function writeDigests(
  db: ReadableDb,
  writer: PackedWriter,
  kind: DigestKind,
  fileIds: Uint32Array,
  cancelled: () => boolean,
): void {
  const width = DIGEST_BYTES[kind];
  const passes = Math.min(256, Math.max(1, Math.ceil((fileIds.length * width) / PASS_BYTES)));
  const files = new GrowingU32();
  const block = new BlockWriter(writer, width);
  writer.begin(kind, 'bytes');
  for (let pass = 0; pass < passes; pass += 1) {
    const bounds = { from: firstByte((pass * 256) / passes), below: firstByte(((pass + 1) * 256) / passes) };
    const column = new DigestColumn(width);
    const owners = new GrowingU32();
    let ordinal = 0;
    for (const ids of windows(fileIds.at(-1) ?? 0, cancelled)) {
      for (const [id, digest] of digestsBetween(db, kind, ids, { ...bounds, from: bounds.from ?? new Uint8Array(1) })) {
        while (ordinal < fileIds.length && (fileIds[ordinal] as number) < id) {
          ordinal += 1;
        }
        // A file that came since the ids were read has changed since `seq`, too.
        if (fileIds[ordinal] === id) {
          column.append(digest);
          owners.push(ordinal);
        }
      }
    }
    const { order } = sortDigests(column);
    const owner = owners.values();
    for (const record of order) {
      block.add(column, record);
      files.push(owner[record] as number);
    }
  }
  block.flush();
  writer.end();
  writer.section(fileSection(kind), 'u32', files.values());
  writer.section(checksumSection(kind), 'u32', block.checksums.values());
}

/** The one-byte bound of a range; null above the last byte. */
function firstByte(value: number): Uint8Array | null {
  const byte = Math.floor(value);
  return byte > 255 ? null : Uint8Array.of(byte);
}

function* windows(
  highest: number,
  cancelled: () => boolean,
): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < highest; from += WINDOW) {
    if (cancelled()) {
      throw new Stopped();
    }
    yield { from, to: from + WINDOW };
  }
}

/** Writes records in blocks and keeps the checksum of each. */
class BlockWriter {
  readonly checksums = new GrowingU32();
  readonly #writer: PackedWriter;
  readonly #words: Uint32Array;
  readonly #perRecord: number;
  #filled = 0;

  constructor(writer: PackedWriter, width: number) {
    this.#writer = writer;
    this.#perRecord = width / 4;
    this.#words = new Uint32Array(BLOCK_RECORDS * this.#perRecord);
  }

  add(column: DigestColumn, record: number): void {
    column.copyTo(record, this.#words, this.#filled);
    this.#filled += this.#perRecord;
    if (this.#filled === this.#words.length) {
      this.flush();
    }
  }

  flush(): void {
    if (this.#filled > 0) {
      const bytes = new Uint8Array(this.#words.buffer, 0, this.#filled * 4);
      this.checksums.push(crc32(bytes));
      this.#writer.write(bytes);
      this.#filled = 0;
    }
  }
}

/** Removes what a newer accelerator replaces, and what builders that died left behind. */
function tidy(folder: string, databaseId: string, seq: number): void {
  for (const name of readdirSync(folder)) {
    const other = seqOfName(name, databaseId);
    const path = join(folder, name);
    try {
      const isAbandoned = name.endsWith('.tmp') && Date.now() - statSync(path).mtimeMs > ABANDONED_MS;
      if (isAbandoned || (other !== null && other < seq)) {
        rmSync(path, { force: true });
      }
    } catch {
      // Another process reads, renames or removes it at this moment; the next builder tidies again.
    }
  }
}
