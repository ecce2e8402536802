import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, openReadable } from './open.ts';
import { databaseMeta } from './repositories/meta.ts';

/**
 * Whether a directory is stamped for simulated sources, without opening it for anything else. False for one that is not
 * there, and for one that cannot be read: whoever opens it then is told why.
 */
export function isStampedDirectory(directory: string): boolean {
  const file = join(directory, DATABASE_FILE);
  if (!existsSync(file)) {
    return false;
  }
  try {
    const db = openReadable(file);
    try {
      return databaseMeta(db).simulated;
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}
