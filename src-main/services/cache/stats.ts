import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheStats } from '#shared/contract/app.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { Database } from '../../db/port.ts';
import type { PurgeService } from '../life/port.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';

/** What the data directory holds and how large it is. */
export async function cacheStats(database: Database, life: Pick<PurgeService, 'size'>): Promise<CacheStats> {
  const [tables, databaseBytes, intakeBytes, size] = await Promise.all([
    database.read('tableStats', undefined),
    fileBytes([database.file, `${database.file}-wal`]),
    folderBytes(join(database.directory, DATA_FOLDERS.intakes)),
    life.size(),
  ]);
  const itemsByStatus: Record<string, number> = {};
  const itemsBySource: Record<string, number> = {};
  let items = 0;
  for (const { source, status, count } of tables.items) {
    const statusName = statusOfCode(status);
    const sourceName = sourceOfCode(source) ?? `source ${source}`;
    itemsByStatus[statusName] = (itemsByStatus[statusName] ?? 0) + count;
    itemsBySource[sourceName] = (itemsBySource[sourceName] ?? 0) + count;
    items += count;
  }
  return { ...tables, items, itemsByStatus, itemsBySource, databaseBytes, intakeBytes, size };
}

async function fileBytes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return fileBytes(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
}

/** 0 for a file that is not there: files come and go while others work. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}
