import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import { backupDirectory } from './backup.ts';
import { exportItemLines } from './export-items.ts';
import { importItemLines } from './import-items.ts';
import type { CacheService } from './port.ts';
import { restoreDirectory } from './restore.ts';
import { cacheStats } from './stats.ts';
import { verifyDirectory } from './verify.ts';

export interface CacheParts {
  readonly clock: Clock;
  /** Closes whatever else in this process has the directory open; called before a restore takes it alone. */
  readonly letGo?: () => Promise<void>;
}

/** The cache of one data directory. */
export function createCache(database: Database, parts: CacheParts): CacheService {
  const now = (): number => Math.floor(parts.clock.now() / 1000);
  return {
    stats: () => cacheStats(database),
    importItems: (chunks, onLines, signal) => importItemLines(database, chunks, onLines, signal, now),
    exportItems: () => exportItemLines(database),
    backup: (target, onProgress, signal) => backupDirectory(database, target, onProgress, signal, now()),
    restore: (source) => restoreDirectory(database, source, now(), parts.letGo),
    verify: (onProgress) => verifyDirectory(database, onProgress),
  };
}
