import { onTestFinished } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createCache } from '#main/services/cache/cache.ts';
import type { CacheService, ItemImportResult } from '#main/services/cache/port.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';

export const NOW = 1_790_000_000;
export const never = new AbortController().signal;

export interface OpenCache {
  readonly directory: string;
  readonly database: Database;
  readonly cache: CacheService;
}

/** The real cache on a real database in a folder of its own, closed and removed when the test ends. */
export async function openCache(directory: string = temporaryDirectory()): Promise<OpenCache> {
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  return { directory, database, cache: createCache(database, { clock: { now: () => NOW * 1000 } }) };
}

export async function* chunksOf(text: string, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

export function importLines(cache: CacheService, lines: readonly unknown[], size?: number): Promise<ItemImportResult> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return cache.importItems(chunksOf(text, size), () => undefined, never);
}

export async function exported(cache: CacheService): Promise<unknown[]> {
  let text = '';
  for await (const part of cache.exportItems()) {
    text += part;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
