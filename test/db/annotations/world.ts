import { onTestFinished } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { AnnotationWritten } from '#main/db/repositories/annotations/write.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import { item } from '../made-items.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

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
      await database.write('importItems', { items: digests.map((file) => item(file)), at: 1 }, 'bulk');
    },
  };
}
