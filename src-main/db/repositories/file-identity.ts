import { DIGEST_KINDS, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { digestKeyOfHex } from '../codes.ts';
import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

/** A row of `files` with its digests in hex. */
export interface FileRow {
  readonly id: number;
  readonly digests: DigestSet;
  readonly links: number;
}

interface StoredFile {
  readonly id: number;
  readonly md5: Buffer | null;
  readonly sha1: Buffer | null;
  readonly sha256: Buffer | null;
  readonly links: number;
}

/** What a set of digests belongs to among the known files. */
export type Identity =
  | { readonly kind: 'new' }
  /** One row, or several to be made one under the lowest id. */
  | { readonly kind: 'same'; readonly target: FileRow; readonly others: readonly FileRow[] };

export function kindsIn(digests: DigestSet): DigestKind[] {
  return DIGEST_KINDS.filter((kind) => digests[kind] !== undefined);
}

/** Both name the same kind with different values: they cannot be one file. */
export function contradict(a: DigestSet, b: DigestSet): boolean {
  return DIGEST_KINDS.some((kind) => a[kind] !== undefined && b[kind] !== undefined && a[kind] !== b[kind]);
}

/** Rows that hold at least one of the digests, by id. */
export function candidateFiles(db: ReadableDb, digests: DigestSet): FileRow[] {
  const found = new Map<number, FileRow>();
  for (const kind of kindsIn(digests)) {
    for (const id of idsByKey(db, digestKeyOfHex(digests[kind] as string))) {
      const file = found.get(id) ?? fileById(db, id);
      // The key is only six bytes: the full digest decides.
      if (file !== null && file.digests[kind] === digests[kind]) {
        found.set(id, file);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

export function fileById(db: ReadableDb, id: number): FileRow | null {
  const row = prepared<StoredFile>(db, 'SELECT id, md5, sha1, sha256, links FROM files WHERE id = +?').get(id);
  return row === undefined ? null : toFileRow(row);
}

export function toFileRow(row: StoredFile): FileRow {
  const digests: { [K in DigestKind]?: HexDigest } = {};
  for (const kind of DIGEST_KINDS) {
    const bytes = row[kind];
    if (bytes !== null) {
      digests[kind] = bytes.toString('hex') as HexDigest;
    }
  }
  return { id: row.id, digests, links: row.links };
}

/**
 * Which row digests said to be one file belong to. Where all candidates agree they are one file. As soon as any two
 * contradict, nothing is merged: the digests join the row whose strongest digest is theirs, else they get a row of their
 * own, and the shared digest stands on each of them (ambiguous).
 */
export function identify(digests: DigestSet, candidates: readonly FileRow[]): Identity {
  const [first, ...others] = candidates;
  if (first === undefined) {
    return { kind: 'new' };
  }
  if (agree([digests, ...candidates.map((file) => file.digests)])) {
    return { kind: 'same', target: first, others };
  }
  const own = strongest(digests);
  const target = candidates.find(
    (file) => !contradict(file.digests, digests) && own !== undefined && strongest(file.digests) === own,
  );
  return target === undefined ? { kind: 'new' } : { kind: 'same', target, others: [] };
}

function idsByKey(db: ReadableDb, key: number): readonly number[] {
  const rows = prepared<{ file_id: number }>(db, 'SELECT file_id FROM digest_keys WHERE key = +?').all(key);
  return rows.map((row) => row.file_id);
}

function agree(sets: readonly DigestSet[]): boolean {
  const merged: { [K in DigestKind]?: HexDigest } = {};
  for (const set of sets) {
    if (contradict(merged, set)) {
      return false;
    }
    Object.assign(merged, set);
  }
  return true;
}

function strongest(digests: DigestSet): string | undefined {
  return digests.sha256 ?? digests.sha1 ?? digests.md5;
}
