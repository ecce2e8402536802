import { SET_MARK_CODE, type ItemEvidence, type ListSide, type SetMark } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode } from '#shared/domain/status.ts';
import { noAnswerOfCode } from '../../db/codes.ts';
import type { ReadableDb } from '../../db/handles.ts';
import {
  entriesByKey,
  filesByKey,
  itemsOfFile,
  type EntryRow,
  type FileRow,
  type ItemRow,
} from '../../db/repositories/evidence.ts';
import { digestOfBytes, keyOf, type Digest } from './digest-keys.ts';
import type { KnownSets, SetHit } from './set-lookup.ts';

/** A file as stored, with what ties each of its digests to it. */
export interface KnownFile {
  readonly id: number;
  readonly digests: readonly Digest[];
  /** files.links. */
  readonly links: number;
}

/** An entry of the team's list that is in force. */
export interface KnownEntry {
  readonly id: number;
  readonly side: ListSide;
  readonly addedAt: number;
  readonly digests: readonly Digest[];
}

/** What is known about one digest, straight from the database and the known sets. */
export interface Lookup {
  files(digest: Digest): readonly KnownFile[];
  items(fileId: number): readonly ItemEvidence[];
  entries(digest: Digest): readonly KnownEntry[];
  sets(digest: Digest): readonly SetHit[];
}

/** Times are kept in 32 bits; what lies outside is drawn to the nearest end. */
const LAST_TIME = 0xff_ff_ff_fe;

export function createLookup(db: ReadableDb, sets: KnownSets, now: number): Lookup {
  return {
    files: (digest) =>
      filesByKey(db, keyOf(digest.bytes))
        .filter((row) => holds(row, digest))
        .map(fileOf),
    items: (fileId) =>
      itemsOfFile(db, fileId)
        .map(itemOf)
        .filter((item) => item !== null),
    entries: (digest) =>
      entriesByKey(db, keyOf(digest.bytes), now)
        .filter((row) => holds(row, digest))
        .map(entryOf),
    sets: (digest) => sets.holding(digest),
  };
}

const PLACE: Readonly<Record<DigestKind, 1 | 2 | 3>> = { md5: 1, sha1: 2, sha256: 3 };

function holds(row: FileRow | readonly [number, number, ...(Uint8Array | null | number)[]], digest: Digest): boolean {
  const stored = row.length === 5 ? (row as FileRow)[PLACE[digest.kind]] : (row as EntryRow)[digestPlace(digest.kind)];
  return stored !== null && Buffer.compare(stored, digest.bytes) === 0;
}

function digestPlace(kind: DigestKind): 2 | 3 | 4 {
  return (PLACE[kind] + 1) as 2 | 3 | 4;
}

export function fileOf(row: FileRow): KnownFile {
  return { id: row[0], digests: digestsOf(row[1], row[2], row[3]), links: row[4] };
}

export function entryOf(row: EntryRow): KnownEntry {
  return {
    id: row[0],
    side: row[1] === STATUS_CODE.malicious ? 'malicious' : 'non-malicious',
    addedAt: clampTime(row[5]) ?? 0,
    digests: digestsOf(row[2], row[3], row[4]),
  };
}

function digestsOf(md5: Uint8Array | null, sha1: Uint8Array | null, sha256: Uint8Array | null): readonly Digest[] {
  const digests: Digest[] = [];
  if (sha256 !== null) {
    digests.push(digestOfBytes('sha256', sha256));
  }
  if (sha1 !== null) {
    digests.push(digestOfBytes('sha1', sha1));
  }
  if (md5 !== null) {
    digests.push(digestOfBytes('md5', md5));
  }
  return digests;
}

/** The item of a row; null for a source this version does not know, whose meaning it cannot tell. */
export function itemOf(row: ItemRow): ItemEvidence | null {
  const source = sourceOfCode(row[1]);
  if (source === null) {
    return null;
  }
  return {
    source,
    status: statusOfCode(row[2]),
    noAnswer: noAnswerOfCode(row[3]),
    score: row[4],
    scannedAt: clampTime(row[5]),
  };
}

export function markOfCode(code: number): SetMark {
  const found = (Object.keys(SET_MARK_CODE) as SetMark[]).find((mark) => SET_MARK_CODE[mark] === code);
  // An unknown mark is read as the one that claims least.
  return found ?? 'known';
}

/** Seconds since the epoch within what verdict columns can hold. */
export function clampTime(time: number | null): number | null {
  return time === null ? null : Math.min(Math.max(time, 0), LAST_TIME);
}
