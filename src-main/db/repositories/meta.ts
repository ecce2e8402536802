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

export const metaReads = { databaseMeta } as const;
export const metaWrites = { setMetaValue } as const;
