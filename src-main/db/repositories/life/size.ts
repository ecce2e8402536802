import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { metaValue, setMetaValue } from '../meta.ts';
import { recordMetric } from '../metrics/record.ts';

/** How much of the database file is in use, and what will be added to it by what waits in the queue. */
export interface UsedBytes {
  /** Used pages, the kept reports among them. */
  readonly bytes: number;
  /** Questions that wait or are on their way: their answers are still to come. */
  readonly waiting: number;
}

const FULL_SINCE = 'full_since';
const KEPT_DAY = 'life_kept_day';

/** One pragma after the other, and one row a group of the queue. */
function usedBytes(db: ReadableDb): UsedBytes {
  const pragma = (name: string): number => db.pragma(name, { simple: true }) as number;
  const pages = pragma('page_count') - pragma('freelist_count');
  const waiting = prepared<number>(db, 'SELECT coalesce(sum(waiting), 0) FROM queue_groups').pluck(true).get() ?? 0;
  return { bytes: pages * pragma('page_size'), waiting };
}

/** Since when items are not made for want of room, seconds since the epoch; null while there is room. */
function fullSince(db: ReadableDb): number | null {
  const value = Number(metaValue(db, FULL_SINCE) ?? 0);
  return value === 0 ? null : value;
}

/** Notes that items are not made since a moment, or that they are again. What is noted already stays. */
function setFullSince(db: WritableDb, args: { readonly at: number | null }): void {
  if ((fullSince(db) === null) !== (args.at === null)) {
    setMetaValue(db, { key: FULL_SINCE, value: String(args.at ?? 0) });
  }
}

/** The UTC day, since the epoch, whose upkeep is done; null before the first. */
function lifeKeptDay(db: ReadableDb): number | null {
  const value = metaValue(db, KEPT_DAY);
  return value === null ? null : Number(value);
}

/** Notes that the upkeep of a day is done, and the size (as the maximum counts it) it left. */
function setLifeKeptDay(
  db: WritableDb,
  args: { readonly day: number; readonly at: number; readonly bytes: number },
): void {
  setMetaValue(db, { key: KEPT_DAY, value: String(args.day) });
  recordMetric(db, { kind: 'databaseBytes', at: args.at, amount: args.bytes });
}

export const sizeReads = { fullSince, lifeKeptDay, usedBytes } as const;
export const sizeWrites = { setFullSince, setLifeKeptDay } as const;
