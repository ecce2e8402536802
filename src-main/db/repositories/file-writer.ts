import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { CHANGE } from '../change-kinds.ts';
import { digestKeyOfHex, linkClass, linksOf, withLink, type LinkClass } from '../codes.ts';
import type { WritableDb } from '../handles.ts';
import { insertMany } from '../many-rows.ts';
import { prepared } from '../prepared.ts';
import { hasAnnotations } from './annotations/rows.ts';
import { spreadAnnotation } from './annotations/spread.ts';
import { COUNT_DIGESTS, COUNT_FILES, type CounterDeltas } from './counters.ts';
import { candidateFiles, identify, kindsIn, type FileRow } from './file-identity.ts';
import { mergeItems } from './life/merge.ts';
import type { LifeRecorder } from './life/recorder.ts';
import { nextFileId, noteFileGone } from './life/file-ids.ts';

export interface Placed {
  readonly id: number;
  readonly isNew: boolean;
  readonly isChanged: boolean;
}

/** Writes `files`, `digest_keys` and `changes` for one transaction. New rows are collected; `flush` writes them. */
export interface FileWriter {
  /**
   * The row the digests belong to, made, completed or merged as needed. `isNew`: made by this writer,
   * and nothing was merged into it.
   * `beforeMerge` runs before items of existing rows are moved.
   */
  place(digests: DigestSet, beforeMerge?: () => void): Placed;
  /** Makes a row for digests that stand on none yet, by the word of the caller. Returns its id. */
  make(digests: DigestSet): number;
  /** Tells the feed that what is known about this file changed. */
  changed(kind: 'item' | 'file', id: number): void;
  flush(): void;
}

export function createFileWriter(
  db: WritableDb,
  link: LinkClass,
  counts: CounterDeltas,
  life: LifeRecorder,
): FileWriter {
  const files = insertMany(db, 'files (id, md5, sha1, sha256, links)', 5);
  const keys = insertMany(db, 'digest_keys (key, file_id)', 2);
  const newKeys: { key: number; id: number }[] = [];
  const changes = insertMany(db, 'changes (kind, id)', 2);
  const waiting = new Set<number>();
  const firstId = nextFileId(db);
  const isAnnotated = hasAnnotations(db);

  let nextId = firstId;
  const mergedInto = new Set<number>();
  const isOwn = (id: number): boolean => id >= firstId && !mergedInto.has(id);
  let last: { readonly digests: DigestSet; readonly id: number } | null = null;

  function flush(): void {
    files.flush();
    // Neighbours in the index share pages: in order, each page is visited once.
    for (const { key, id } of newKeys.sort((a, b) => a.key - b.key)) {
      keys.add(key, id);
    }
    newKeys.length = 0;
    keys.flush();
    changes.flush();
    waiting.clear();
  }

  function insert(digests: DigestSet): number {
    const id = nextId;
    nextId += 1;
    const kinds = kindsIn(digests);
    files.add(id, bytesOf(digests.md5), bytesOf(digests.sha1), bytesOf(digests.sha256), linksOf(kinds, link));
    const own = new Set(kinds.map((kind) => digestKeyOfHex(digests[kind] as string)));
    for (const key of own) {
      newKeys.push({ key, id });
      waiting.add(key);
    }
    counts.add(COUNT_FILES, 1);
    counts.add(COUNT_DIGESTS, kinds.length);
    if (isAnnotated && kinds.length > 1) {
      spreadAnnotation(db, digests, null);
    }
    return id;
  }

  return {
    flush,
    make: insert,
    changed(kind, id) {
      changes.add(CHANGE[kind], id);
    },
    place(digests, beforeMerge) {
      if (last !== null && isSameSet(last.digests, digests)) {
        return { id: last.id, isNew: isOwn(last.id), isChanged: false };
      }
      const placed = placeAnew(digests, beforeMerge);
      last = { digests, id: placed.id };
      return placed;
    },
  };

  function placeAnew(digests: DigestSet, beforeMerge?: () => void): Placed {
    if (waiting.size > 0 && kindsIn(digests).some((kind) => waiting.has(digestKeyOfHex(digests[kind] as string)))) {
      flush();
    }
    const identity = identify(digests, candidateFiles(db, digests));
    if (identity.kind === 'new') {
      return { id: insert(digests), isNew: true, isChanged: false };
    }
    const { target, others } = identity;
    const union = Object.assign({}, ...others.map((file) => file.digests), digests, target.digests) as DigestSet;
    if (others.length > 0) {
      beforeMerge?.();
      mergedInto.add(target.id);
    }
    for (const other of others) {
      mergeInto(db, target.id, other, counts, life);
      changes.add(CHANGE.file, other.id);
    }
    const isChanged = complete(db, target, union, digests, link, counts) || others.length > 0;
    if (isChanged) {
      changes.add(CHANGE.file, target.id);
      if (isAnnotated) {
        spreadAnnotation(db, union, target.id);
      }
    }
    return { id: target.id, isNew: isOwn(target.id), isChanged };
  }
}

/** Moves all that is known about `other` to the target and removes the row. */
function mergeInto(db: WritableDb, target: number, other: FileRow, counts: CounterDeltas, life: LifeRecorder): void {
  mergeItems(db, target, other.id, counts, life);
  for (const kind of kindsIn(other.digests)) {
    prepared(db, 'DELETE FROM digest_keys WHERE key = +? AND file_id = +?').run(
      digestKeyOfHex(other.digests[kind] as string),
      other.id,
    );
    counts.add(COUNT_DIGESTS, -1);
  }
  prepared(db, 'DELETE FROM files WHERE id = +?').run(other.id);
  noteFileGone(db, other.id);
  counts.add(COUNT_FILES, -1);
}

/** Fills in the digests the target lacks; true when the row changed. */
function complete(
  db: WritableDb,
  target: FileRow,
  union: DigestSet,
  given: DigestSet,
  link: LinkClass,
  counts: CounterDeltas,
): boolean {
  const missing = kindsIn(union).filter((kind) => target.digests[kind] === undefined);
  let links = target.links;
  for (const kind of missing) {
    links = withLink(links, kind, link);
  }
  if (link === 'computed') {
    // Assay read the bytes: what only a source said about these digests is now certain.
    for (const kind of kindsIn(given)) {
      links = withLink(links, kind, linkClass(linksOf(kindsIn(given), link), kind));
    }
  }
  if (missing.length === 0 && links === target.links) {
    return false;
  }
  prepared(db, 'UPDATE files SET md5 = ?, sha1 = ?, sha256 = ?, links = ? WHERE id = +?').run(
    bytesOf(union.md5),
    bytesOf(union.sha1),
    bytesOf(union.sha256),
    links,
    target.id,
  );
  for (const kind of missing) {
    prepared(db, 'INSERT OR IGNORE INTO digest_keys (key, file_id) VALUES (?, ?)').run(
      digestKeyOfHex(union[kind] as string),
      target.id,
    );
    counts.add(COUNT_DIGESTS, 1);
  }
  return true;
}

function isSameSet(a: DigestSet, b: DigestSet): boolean {
  return a.sha256 === b.sha256 && a.sha1 === b.sha1 && a.md5 === b.md5;
}

function bytesOf(hex: HexDigest | undefined): Buffer | null {
  return hex === undefined ? null : Buffer.from(hex, 'hex');
}
