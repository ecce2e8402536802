import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { AnnotationWritten } from '#main/db/repositories/annotations/write.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const hex = (kind: string, seed: unknown): HexDigest =>
  createHash(kind).update(String(seed)).digest('hex') as HexDigest;
export const md5 = (seed: unknown): HexDigest => hex('md5', seed);
export const sha1 = (seed: unknown): HexDigest => hex('sha1', seed);
export const sha256 = (seed: unknown): HexDigest => hex('sha256', seed);

/** What a source said, with the digests it named. */
export function item(digests: DigestSet): ItemRecord {
  return {
    digests,
    source: 5,
    status: 4,
    noAnswer: null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    scannedAt: 100,
  };
}

export interface World {
  readonly database: Database;
  write(files: readonly DigestSet[], edit: Edit, by?: string): Promise<AnnotationWritten>;
  /** Note and tags as shown for a digest set. */
  of(file: DigestSet): Promise<{ note: string; tags: readonly string[] }>;
  undo(changeId: number | null): Promise<{ restored: number; kept: number } | null>;
  learn(...digests: DigestSet[]): Promise<void>;
}

interface Edit {
  readonly note?: string;
  readonly noteBefore?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly clearTags?: boolean;
}

export async function openWorld(directory = temporaryDirectory()): Promise<World> {
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  return {
    database,
    write: (files, edit, by = 'ana') =>
      database.write('writeAnnotations', {
        files,
        edit: { add: [], remove: [], ...edit },
        by,
        at: 1_000,
        changeId: null,
      }),
    async of(file) {
      const [found] = await database.read('annotationsOfFiles', { files: [file], now: 1_000 });
      return { note: found?.note ?? '', tags: found?.tags ?? [] };
    },
    undo: (changeId) => database.write('undoAnnotations', { changeId: changeId ?? 0, now: 1_000 }),
    async learn(...digests) {
      await database.write('importItems', { items: digests.map(item), at: 1 }, 'bulk');
    },
  };
}
