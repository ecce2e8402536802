import type { Database } from '../../../db/port.ts';
import type { AgedItem, AgedRule } from '../../../db/repositories/life/aged.ts';
import type { IntakeService } from '../../intake/port.ts';
import { freeRequests } from './free-requests.ts';
import { freeUsage } from './free-usage.ts';
import { readKeptKeys, type KeptKeys } from '../purge/kept-keys.ts';
import { removeFiles } from '../purge/remove-files.ts';
import { walk } from '../purge/walk.ts';

type Kind = 'reports' | 'unknown';

/** Of the maximum size the record of past months' requests, and minutes of the board, have so much each before unknown items have to go for them. */
const RECORD_SHARE = 1 / 16;
/** About what is freed with a row beside its report, bytes. */
const ROW_BYTES = { reports: 24, unknown: 160 } as const;
/** Later than any day. */
const ANY_DAY = Number.MAX_SAFE_INTEGER;

interface Freeing {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The maximum size, bytes. */
  readonly cap: number;
  /** Bytes that are still too many; measured. */
  readonly over: () => Promise<number>;
}

/**
 * Removes kept reports, then unknown items, those first that were least recently asked for, until there are no bytes too
 * many. The record of requests before the running month gives way last, but for what is over its share of the maximum
 * size: that goes before any item, so that a long record never empties the cache, and so does what the reputation board keeps by
 * the minute over such a share. Deleted rows leave pages half full, so that it is measured and not computed. False when all that may go went.
 */
export async function freeRoom(freeing: Freeing, signal: AbortSignal): Promise<boolean> {
  if ((await freeing.over()) <= 0) {
    return true;
  }
  await freeing.database.write('mergeAsked', undefined, 'bulk', signal);
  const kept = await readKeptKeys(freeing.database, freeing.intakes, signal);
  return (
    (await freeByDays(freeing, 'reports', kept, signal)) ||
    (await freeRequests(freeing, freeing.cap * RECORD_SHARE, signal)) ||
    (await freeUsage(freeing, freeing.cap * RECORD_SHARE, signal)) ||
    (await freeByDays(freeing, 'unknown', kept, signal)) ||
    (await freeRequests(freeing, 0, signal))
  );
}

async function freeByDays(freeing: Freeing, kind: Kind, kept: KeptKeys, signal: AbortSignal): Promise<boolean> {
  const days = await bytesByDay(freeing, kind, kept, signal);
  for (let from = 0; from < days.length;) {
    const upTo = groupEnd(days, from, await freeing.over());
    // A group that is one day alone may be left half way: within a day all are as old.
    const isOneDay = upTo === from;
    if (await removeUpTo(freeing, { kind, upTo: days[upTo]?.day ?? ANY_DAY }, kept, isOneDay, signal)) {
      return true;
    }
    from = upTo + 1;
  }
  return false;
}

/** Days in order with about what goes with them. */
async function bytesByDay(
  { database, nowMs }: Freeing,
  kind: Kind,
  kept: KeptKeys,
  signal: AbortSignal,
): Promise<readonly { readonly day: number; readonly bytes: number }[]> {
  const bytes = new Map<number, number>();
  for await (const { files } of walk(database, { kind, upTo: ANY_DAY }, kept, seconds(nowMs), signal)) {
    for (const item of files.flatMap((file) => file.items)) {
      bytes.set(item.day, (bytes.get(item.day) ?? 0) + bytesOf(kind, item));
    }
  }
  return [...bytes].map(([day, sum]) => ({ day, bytes: sum })).sort((a, b) => a.day - b.day);
}

function bytesOf(kind: Kind, item: AgedItem): number {
  return ROW_BYTES[kind] + (item.reportBytes ?? 0);
}

/** The last day of a group: all days that are needed whole, or else the first one. */
function groupEnd(days: readonly { readonly bytes: number }[], from: number, need: number): number {
  let [end, sum] = [from, days[from]?.bytes ?? 0];
  while (end + 1 < days.length && sum + (days[end + 1]?.bytes ?? 0) <= need) {
    end += 1;
    sum += days[end]?.bytes ?? 0;
  }
  return end;
}

/** True as soon as there are no bytes too many. */
async function removeUpTo(
  { database, nowMs, over }: Freeing,
  rule: AgedRule,
  kept: KeptKeys,
  mayStop: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const now = seconds(nowMs);
  for await (const { files } of walk(database, rule, kept, now, signal)) {
    if (files.length > 0) {
      await removeFiles(database, { rule, files, kept, now }, signal);
      if (mayStop && (await over()) <= 0) {
        return true;
      }
    }
  }
  return (await over()) <= 0;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
