import type { Settings } from '#shared/settings/schema.ts';
import type { Timer } from '../../jobs/outbound/port.ts';
import { CHANGE } from '../../db/change-kinds.ts';
import type { Database } from '../../db/port.ts';
import type { Purge } from './purge/purge.ts';
import type { Room } from './room/room.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days without upkeep after which the clock is doubted: what a wrong one makes old cannot be got back. */
const DOUBTED_DAYS = 31;
/** So long such a clock has to go on. */
const DOUBTED_MS = HOUR_MS - 60_000;

/**
 * What the outbound owner does for the life of items: once a UTC day it takes old history and roll-ups out, removes what nobody asked
 * for (unless that is never) and writes down the size; while answers come in it keeps the size inside its maximum. A day
 * that was begun and interrupted is begun again, and one that comes after a month or more is believed an hour later.
 * Returns the end of it, which waits for the present step.
 */
export function startLifeKeeping(parts: {
  readonly database: Database;
  readonly settings: { get(): Promise<Settings> };
  readonly purge: Purge;
  readonly room: Room;
  readonly timer: Timer;
  readonly onFault: (error: unknown) => void;
}): () => Promise<void> {
  const { database, timer, room } = parts;
  const stopping = new AbortController();
  let work: Promise<void> = Promise.resolve();
  let isSizing = false;
  let doubted: { readonly day: number; readonly since: number } | null = null;
  let disarm = (): void => undefined;

  const inTurn = (step: () => Promise<void>): void => {
    work = work.then(async () => {
      if (!stopping.signal.aborted) {
        await step();
      }
    });
    work = work.catch((error: unknown) => {
      if (!stopping.signal.aborted) {
        parts.onFault(error);
      }
    });
  };
  const look = (): void => {
    inTurn(() => daily());
    disarm = timer.after(HOUR_MS, look);
  };
  const stopListening = database.onChange(({ kinds }) => {
    // One look at a time: it costs little, and what comes meanwhile is seen by the next.
    if (kinds.includes(CHANGE.item) && !isSizing) {
      isSizing = true;
      inTurn(async () => {
        isSizing = false;
        await room.keep(stopping.signal);
      });
    }
  });
  look();
  return async () => {
    stopping.abort();
    disarm();
    stopListening();
    await work;
  };

  async function daily(): Promise<void> {
    const { signal } = stopping;
    await database.write('mergeAsked', undefined, 'bulk', signal);
    const now = timer.now();
    const day = Math.floor(now / DAY_MS);
    const keptDay = await database.read('lifeKeptDay', undefined);
    if (keptDay === day || (keptDay !== null && isDoubted(day, keptDay))) {
      return;
    }
    const settings = await parts.settings.get();
    await database.write(
      'pruneHistory',
      { before: Math.floor(now / 1000) - settings.historyDays * 86_400 },
      'bulk',
      signal,
    );
    await pruneUsage(settings, now, signal);
    await parts.purge.purge(settings, () => undefined, signal);
    const { bytes } = await room.size();
    await database.write('setLifeKeptDay', { day, at: Math.floor(now / 1000), bytes }, 'bulk');
  }

  /** Each level of the roll-ups is kept for its own time. */
  async function pruneUsage(settings: Settings, nowMs: number, signal: AbortSignal): Promise<void> {
    const before = (days: number): number => Math.floor(nowMs / 1000) - days * 86_400;
    const { usageMinuteDays, usageHourDays, usageDays } = settings;
    const args = { minutes: before(usageMinuteDays), hours: before(usageHourDays), days: before(usageDays) };
    await database.write('pruneMetrics', args, 'bulk', signal);
  }

  /** True while a day lies so far from the last one that a clock set ahead may have brought it. */
  function isDoubted(day: number, keptDay: number): boolean {
    if (day - keptDay <= DOUBTED_DAYS) {
      doubted = null;
      return false;
    }
    const isSame = doubted !== null && day >= doubted.day && day <= doubted.day + 1;
    doubted = isSame ? doubted : { day, since: timer.steady() };
    return doubted === null || timer.steady() - doubted.since < DOUBTED_MS;
  }
}
