import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import { DIGEST_KINDS, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { digestKey } from '../../../codes.ts';
import type { ReadableDb } from '../../../handles.ts';
import { filesByKey, type EntryRow, type FileRow } from '../../evidence.ts';
import { kindOfBytes } from '../codes.ts';

const COLUMN: Readonly<Record<DigestKind, 1 | 2 | 3>> = { md5: 1, sha1: 2, sha256: 3 };

/** Files a digest stands for; more than one when it is ambiguous. */
export function filesOf(db: ReadableDb, digest: Uint8Array): readonly FileRow[] {
  const column = COLUMN[kindOfBytes(digest.length)];
  const found = filesByKey(db, digestKey(digest));
  // Most digests are of no known file.
  return found.length === 0 ? found : found.filter((file) => isSame(file[column], digest));
}

/** The file's digest of a kind, or null. */
export function digestOf(file: FileRow, kind: DigestKind): Uint8Array | null {
  return file[COLUMN[kind]];
}

/** All digests of a file. */
export function digestsOf(file: FileRow): readonly Uint8Array[] {
  return DIGEST_KINDS.map((kind) => digestOf(file, kind)).filter((digest) => digest !== null);
}

/** A digest and all others of the files it stands for. */
export function aliasesOf(digest: Uint8Array, files: readonly FileRow[]): readonly Uint8Array[] {
  const others = files.flatMap((file) =>
    DIGEST_KINDS.map((kind) => digestOf(file, kind)).filter((other) => other !== null && !isSame(other, digest)),
  ) as Uint8Array[];
  return [digest, ...others];
}

/** The file's strongest digest of these kinds; null when it has none. The hash of an empty file stands for no other one. */
export function strongestTaken(file: FileRow, takes: readonly DigestKind[]): Uint8Array | null {
  for (const kind of [...DIGEST_KINDS].reverse()) {
    const digest = takes.includes(kind) ? digestOf(file, kind) : null;
    // A source may have tied it to another file: it is asked about for no one.
    if (digest !== null && !isEmptyFile(digest)) {
      return digest;
    }
  }
  return null;
}

const EMPTY_DIGESTS = DIGEST_KINDS.map((kind) => Buffer.from(EMPTY_FILE[kind], 'hex'));

/** The hash of an empty file, which sources are not asked about. */
export function isEmptyFile(digest: Uint8Array): boolean {
  return EMPTY_DIGESTS.some((empty) => isSame(empty, digest));
}

/** True when an entry of the list names the digest. */
export function isOnEntry(entry: EntryRow, digest: Uint8Array): boolean {
  const [, , md5, sha1, sha256] = entry;
  return isSame({ md5, sha1, sha256 }[kindOfBytes(digest.length)], digest);
}

export function isSame(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && Buffer.compare(a, b) === 0;
}

/** One digest as the set of a file of which nothing else is known. */
export function asSet(digest: Uint8Array): DigestSet {
  const hex = Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex') as HexDigest;
  return { [kindOfBytes(digest.length)]: hex };
}
