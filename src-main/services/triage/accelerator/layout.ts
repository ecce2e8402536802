import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DigestKind } from '#shared/domain/hash.ts';

/**
 * Sections of an accelerator (packed kind `accelerator`, version 1): the files of one database at one moment, by ordinal
 * (their place in order of id), so that a sorted list can be merged with them instead of searched one by one. Derived:
 * the database is always right.
 *
 * | section    | type  | content |
 * | KIND       | bytes | all digests of a kind, sorted; equal ones where several files hold one |
 * | KIND.file  | u32   | ordinal of the file of each digest |
 * | KIND.crc   | u32   | CRC-32 of every 4,096 digests |
 * | fileId     | u32   | files.id, ascending |
 * | kinds      | u8    | DIGEST_BIT values of the file's digests |
 * | itemAt     | u32   | files + 1 places: the items of file i are itemAt[i] to itemAt[i + 1] |
 * | itemClass  | u16   | place in `classes` |
 * | itemTime   | u32   | seconds since the epoch, 0xffffffff for none |
 * | classes    | bytes | JSON: source, status, noAnswer and score of each class |
 */
export const ACCELERATOR_VERSION = 1;
export const ACCELERATOR_FOLDER = 'accelerators';

export interface AcceleratorMeta {
  readonly databaseId: string;
  /** Everything up to this change is in; later changes are looked up in the database. */
  readonly seq: number;
  /** Kind and id of that change, to tell a database that lost its end in a power cut and went on differently. */
  readonly lastChange: string;
  readonly files: number;
}

export const fileSection = (kind: DigestKind): string => `${kind}.file`;
export const checksumSection = (kind: DigestKind): string => `${kind}.crc`;

export function acceleratorName(databaseId: string, seq: number): string {
  return `${databaseId}-${seq}.acol`;
}

/** The newest change any accelerator of this database claims to hold, by name alone; null when there is none. */
export function newestSeq(directory: string, databaseId: string): number | null {
  const folder = join(directory, ACCELERATOR_FOLDER);
  const seqs = existsSync(folder) ? readdirSync(folder).map((name) => seqOfName(name, databaseId) ?? -1) : [];
  const newest = Math.max(-1, ...seqs);
  return newest === -1 ? null : newest;
}

/** The change number in an accelerator's name for this database, or null for any other file. */
export function seqOfName(name: string, databaseId: string): number | null {
  const found = name.startsWith(`${databaseId}-`) ? /^(\d+)\.acol$/.exec(name.slice(databaseId.length + 1)) : null;
  return found === null ? null : Number(found[1]);
}
