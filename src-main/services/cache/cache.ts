import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import { BACKUP_LINKS, removeAbandoned, RESTORE_COPY } from './abandoned.ts';
import { exportItemLines } from './export-items.ts';
import { importItemLines } from './import-items.ts';
import type { PurgeService } from '../life/port.ts';
import type { CacheService } from './port.ts';
import { cacheStats } from './stats.ts';
import { verifyDirectory } from './verify.ts';

export interface CacheParts {
  readonly clock: Clock;
  /** Closes whatever else in this process has the directory open; called before a restore takes it alone. */
  readonly letGo?: () => Promise<void>;
  /** The maximum size; absent: there is none. */
  readonly life?: Pick<PurgeService, 'room' | 'size'>;
}

const UNLIMITED: Pick<PurgeService, 'room' | 'size'> = {
  room: async (count) => count,
  size: async () => ({ bytes: 0, cap: Number.MAX_SAFE_INTEGER, isFull: false }),
};

/** The cache of one data directory. What backups and restores left there that were killed is removed. */
export function createCache(database: Database, parts: CacheParts): CacheService {
  const now = (): number => Math.floor(parts.clock.now() / 1000);
  removeAbandoned(join(database.directory, BACKUP_LINKS));
  removeAbandoned(join(database.directory, RESTORE_COPY));
  return {
    stats: () => cacheStats(database, parts.life ?? UNLIMITED),
    importItems: (chunks, onLines, signal) =>
      importItemLines(database, chunks, onLines, signal, now, parts.life ?? UNLIMITED),
    exportItems: () => exportItemLines(database),
    // Loaded when asked for: both read a manifest, and its schema would slow every short command.
    async backup(target, onProgress, signal) {
      const { backupDirectory } = await import('./backup.ts');
      return backupDirectory(database, target, onProgress, signal, now());
    },
    async restore(source) {
      const { restoreDirectory } = await import('./restore.ts');
      return restoreDirectory(database, source, now(), parts.letGo);
    },
    verify: (onProgress) => verifyDirectory(database, onProgress),
  };
}
