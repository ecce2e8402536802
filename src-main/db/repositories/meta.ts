import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

/** What the database says about itself. */
export interface DatabaseMeta {
  /** Random, made with the database; derived files name it. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Version of Assay that made it. */
  readonly createdBy: string;
  /** Stamped once it has held answers of simulated sources. */
  readonly simulated: boolean;
}

/** One value of `meta`, or null. */
export function metaValue(db: ReadableDb, key: string): string | null {
  return prepared<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?').get(key)?.value ?? null;
}

/** Sets one value of `meta`. */
export function setMetaValue(db: WritableDb, args: { readonly key: string; readonly value: string }): void {
  prepared(
    db,
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(args.key, args.value);
}

export function databaseMeta(db: ReadableDb): DatabaseMeta {
  return {
    id: metaValue(db, 'database_id') ?? '',
    createdAt: Number(metaValue(db, 'created_at') ?? 0),
    createdBy: metaValue(db, 'created_by') ?? '',
    simulated: metaValue(db, 'simulated') === '1',
  };
}

/**
 * Stamps the database for simulated sources, once and for all. True when it is stamped afterwards: it was already, or it
 * holds nothing yet that anybody put into it.
 */
export function stampSimulated(db: WritableDb): boolean {
  if (databaseMeta(db).simulated) {
    return true;
  }
  const holds = prepared<{ any: number }>(
    db,
    `SELECT EXISTS (SELECT 1 FROM files) OR EXISTS (SELECT 1 FROM items) OR EXISTS (SELECT 1 FROM intakes)
         OR EXISTS (SELECT 1 FROM hash_list) OR EXISTS (SELECT 1 FROM known_sets)
         OR EXISTS (SELECT 1 FROM requests) AS any`,
  ).get();
  if (holds?.any !== 0) {
    return false;
  }
  setMetaValue(db, { key: 'simulated', value: '1' });
  return true;
}

export const metaReads = {
  databaseMeta,
  valueOfMeta: (db: ReadableDb, args: { readonly key: string }): string | null => metaValue(db, args.key),
} as const;
export const metaWrites = { setMetaValue, stampSimulated } as const;
