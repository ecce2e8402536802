import type { DigestSet } from '#shared/domain/hash.ts';
import type { WritableDb } from '../../handles.ts';
import { filesOf, isEmptyFile } from '../asking/answers/known-files.ts';
import { contradict, kindsIn } from '../file-identity.ts';
import { annotationIdOf, digestsOfAnnotation } from './rows.ts';
import { addDigest, tellChanged } from './store.ts';

/**
 * Lets the digests of a file, learned just now, stand on what is written on one of them, so that every list that holds any
 * of them shows it. Not where several annotations meet, where digests contradict, or where the annotated digest stands for
 * other files too. `fileId` is the file's own row; null when it has none yet.
 */
export function spreadAnnotation(db: WritableDb, digests: DigestSet, fileId: number | null): void {
  const kinds = kindsIn(digests);
  const found = kinds.map((kind) => ({ kind, id: annotationIdOf(db, bytesOf(digests, kind)) }));
  const [id, another] = new Set(found.map((one) => one.id).filter((one) => one !== null));
  if (id === undefined || another !== undefined) {
    return;
  }
  const standing = digestsOfAnnotation(db, id);
  const isOnlyThis = found
    .filter((one) => one.id !== null)
    .map(({ kind }) => bytesOf(digests, kind))
    .every((digest) => !isEmptyFile(digest) && filesOf(db, digest).every(([file]) => file === fileId));
  if (contradict(standing, digests) || !isOnlyThis) {
    return;
  }
  const missing = kinds.filter((kind) => standing[kind] === undefined);
  for (const kind of missing) {
    addDigest(db, digests[kind] as string, id);
  }
  if (missing.length > 0) {
    tellChanged(db, [id]);
  }
}

function bytesOf(digests: DigestSet, kind: keyof DigestSet): Buffer {
  return Buffer.from(digests[kind] as string, 'hex');
}
