import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { CHANGE } from '../../../db/change-kinds.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { changedIds, changeText, highestFileId } from '../../../db/repositories/evidence.ts';
import { lastSeq, oldestSeq } from '../../../db/repositories/changes.ts';
import { databaseMeta } from '../../../db/repositories/meta.ts';
import { PackedReader } from '../../../intakes/packed-reader.ts';
import { ItemClasses } from '../bulk/item-classes.ts';
import { SortedSection } from '../bulk/sorted-section.ts';
import {
  ACCELERATOR_FOLDER,
  ACCELERATOR_VERSION,
  checksumSection,
  fileSection,
  seqOfName,
  type AcceleratorMeta,
} from './layout.ts';

/** The files of an accelerator by ordinal. */
export interface AcceleratorTable {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly itemAt: Uint32Array;
  readonly itemClass: Uint16Array;
  readonly itemTime: Uint32Array;
  readonly classes: ItemClasses;
}

/** An opened accelerator that fits the database it was asked for. */
export interface Accelerator {
  readonly path: string;
  readonly seq: number;
  readonly files: number;
  table(): AcceleratorTable;
  digests(kind: DigestKind): SortedSection;
  /** Ordinal of the file of each digest of a kind. */
  filesOf(kind: DigestKind): Uint32Array;
  /** The ordinal of a file, or -1. */
  ordinalOf(fileId: number): number;
  close(): void;
}

/** More changed files than this are not worth merging; the accelerator counts as too far behind to be used. */
export const MOST_BEHIND = 200_000;
/** An accelerator further behind than this many changes, or this share of its files, should be built anew. */
const REBUILD_CHANGES = 50_000;
const REBUILD_SHARE = 0.05;
/** Below this many files searching is quick enough. */
const WORTH_FILES = 2_000;

const FILE_CHANGES = [CHANGE.item, CHANGE.file];

/**
 * The newest accelerator that can be used with the database as it is now, or null: none, damaged, from another time
 * line, or so far behind that the changes since are gone.
 */
export function newestAccelerator(db: ReadableDb, directory: string): Accelerator | null {
  const { id } = databaseMeta(db);
  for (const { name } of candidates(directory, id)) {
    try {
      const accelerator = openAccelerator(join(directory, ACCELERATOR_FOLDER, name));
      if (accelerator !== null && fits(db, accelerator, id)) {
        return accelerator.value;
      }
      accelerator?.value.close();
    } catch (error) {
      // A damaged or half removed one is as good as none; building anew replaces it.
      if (!isAppError(error)) {
        throw error;
      }
      if (error.code === 'DB_DAMAGED') {
        removeAccelerator(join(directory, ACCELERATOR_FOLDER, name));
      }
    }
  }
  return null;
}

/** Takes a damaged one away, so that its name no longer stands for one that serves. */
export function removeAccelerator(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another process has it open; whoever reads it next finds the damage again.
  }
}

/** Whether building one now would pay: none fits, or the best one is far behind. */
export function acceleratorWanted(db: ReadableDb, directory: string, files: number = highestFileId(db)): boolean {
  if (files < WORTH_FILES) {
    return false;
  }
  const accelerator = newestAccelerator(db, directory);
  if (accelerator === null) {
    return true;
  }
  const behind = lastSeq(db) - accelerator.seq;
  const limit = Math.min(REBUILD_CHANGES, Math.max(1, accelerator.files * REBUILD_SHARE));
  const wanted = behind > limit && changedFiles(db, accelerator.seq, Math.ceil(limit) + 1).length > limit;
  accelerator.close();
  return wanted;
}

/** Ids of files whose row or items changed after `seq`, at most `limit` of them. */
export function changedFiles(db: ReadableDb, seq: number, limit: number): readonly number[] {
  return changedIds(db, { since: seq, kinds: FILE_CHANGES, limit });
}

function candidates(directory: string, databaseId: string): { readonly name: string; readonly seq: number }[] {
  const folder = join(directory, ACCELERATOR_FOLDER);
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .flatMap((name) => {
      const seq = seqOfName(name, databaseId);
      return seq === null ? [] : [{ name, seq }];
    })
    .sort((a, b) => b.seq - a.seq);
}

function fits(db: ReadableDb, { value, meta }: OpenedAccelerator, databaseId: string): boolean {
  const last = lastSeq(db);
  if (meta.databaseId !== databaseId || value.seq > last) {
    return false;
  }
  const oldest = oldestSeq(db);
  if (last > value.seq && (oldest === null || oldest > value.seq + 1)) {
    return false;
  }
  const told = changeText(db, value.seq);
  return told === null || told === meta.lastChange;
}

interface OpenedAccelerator {
  readonly value: Accelerator;
  readonly meta: AcceleratorMeta;
}

function openAccelerator(path: string): OpenedAccelerator | null {
  const reader = new PackedReader(path, 'accelerator');
  if (reader.header.version !== ACCELERATOR_VERSION) {
    reader.close();
    return null;
  }
  const meta = reader.header.meta as unknown as AcceleratorMeta;
  const sections = new Map<DigestKind, SortedSection>();
  let fileIds: Uint32Array | null = null;
  const value: Accelerator = {
    path,
    seq: meta.seq,
    files: meta.files,
    table: () => ({
      count: meta.files,
      kinds: reader.section('kinds', 'u8'),
      itemAt: reader.section('itemAt', 'u32'),
      itemClass: reader.section('itemClass', 'u16'),
      itemTime: reader.section('itemTime', 'u32'),
      classes: ItemClasses.of(JSON.parse(Buffer.from(reader.section('classes', 'bytes')).toString('utf8'))),
    }),
    digests: (kind) => {
      let section = sections.get(kind);
      if (section === undefined) {
        const checksums = reader.section(checksumSection(kind), 'u32');
        section = new SortedSection(reader, kind, DIGEST_BYTES[kind], checksums);
        sections.set(kind, section);
      }
      return section;
    },
    filesOf: (kind) => reader.section(fileSection(kind), 'u32'),
    ordinalOf: (fileId) => {
      fileIds ??= reader.section('fileId', 'u32');
      return binarySearch(fileIds, fileId);
    },
    close: () => reader.close(),
  };
  return { value, meta };
}

function binarySearch(sorted: Uint32Array, wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] as number;
    if (found === wanted) {
      return middle;
    }
    if (found < wanted) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}
