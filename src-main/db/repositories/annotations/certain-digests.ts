import { DIGEST_KINDS, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { digestKeyOfHex } from '../../codes.ts';
import type { ReadableDb } from '../../handles.ts';
import { digestOf, filesOf, isEmptyFile, isOnEntry } from '../asking/answers/known-files.ts';
import { entriesByKey } from '../evidence.ts';
import { kindsIn } from '../file-identity.ts';

/**
 * Digests said to be one file, completed by what this machine knows of it: digests Assay read, a source named or an entry
 * of the hash list in force holds. Of a kind with several candidates none is taken. `now` is seconds since the epoch.
 */
export function certainDigests(db: ReadableDb, digests: DigestSet, now: number): DigestSet {
  const candidates = new Map<DigestKind, Set<string>>(DIGEST_KINDS.map((kind) => [kind, new Set()]));
  for (const kind of kindsIn(digests)) {
    for (const [other, hex] of namedWith(db, digests[kind] as HexDigest, now)) {
      candidates.get(other)?.add(hex);
    }
  }
  const certain: { [K in DigestKind]?: HexDigest } = {};
  for (const kind of DIGEST_KINDS) {
    const [only, more] = candidates.get(kind) ?? [];
    if (only !== undefined && more === undefined && isOfOneFile(db, only)) {
      certain[kind] = only as HexDigest;
    }
  }
  return { ...certain, ...digests };
}

/** Whether a digest stands for one known file at the most: a shared MD5 must not tie two files together. */
function isOfOneFile(db: ReadableDb, hex: string): boolean {
  const digest = Buffer.from(hex, 'hex');
  return !isEmptyFile(digest) && filesOf(db, digest).length <= 1;
}

/** Digests that files and entries with this digest have. The hash of an empty file tells nothing about another one. */
function namedWith(db: ReadableDb, hex: HexDigest, now: number): [DigestKind, string][] {
  const digest = Buffer.from(hex, 'hex');
  if (isEmptyFile(digest)) {
    return [];
  }
  const ofFiles = filesOf(db, digest).flatMap((file) =>
    DIGEST_KINDS.map((kind) => [kind, digestOf(file, kind)] as const),
  );
  const ofEntries = entriesByKey(db, digestKeyOfHex(hex), now)
    .filter((entry) => isOnEntry(entry, digest))
    .flatMap(([, , md5, sha1, sha256]) => [
      ['md5', md5] as const,
      ['sha1', sha1] as const,
      ['sha256', sha256] as const,
    ]);
  return [...ofFiles, ...ofEntries].flatMap(([kind, bytes]): [DigestKind, string][] =>
    bytes === null ? [] : [[kind, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')]],
  );
}
