import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import { backupDirectory } from './backup.ts';
import { exportItemLines } from './export-items.ts';
import { importItemLines } from './import-items.ts';
import type { CacheService } from './port.ts';
import { restoreDirectory } from './restore.ts';
import { cacheStats } from './stats.ts';
import { verifyDirectory } from './verify.ts';

/** The cache of one data directory. */
export function createCache(database: Database, parts: { readonly clock: Clock }): CacheService {
  const now = (): number => Math.floor(parts.clock.now() / 1000);
  return {
    stats: () => cacheStats(database),
    importItems: (chunks, onLines, signal) => importItemLines(database, chunks, onLines, signal, now),
    exportItems: () => exportItemLines(database),
    backup: (target, onProgress, signal) => backupDirectory(database, target, onProgress, signal, now()),
    restore: (source) => restoreDirectory(database, source, now()),
    verify: (onProgress) => verifyDirectory(database, onProgress),
  };
}
