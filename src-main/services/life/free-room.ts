import type { Database } from '../../db/port.ts';
import type { AgedItem, AgedRule } from '../../db/repositories/life/aged.ts';
import type { IntakeService } from '../intake/port.ts';
import { readKeptKeys, type KeptKeys } from './kept-keys.ts';
import { removeFiles } from './remove-files.ts';
import { walk } from './walk.ts';

/** What goes first. */
const ORDER = ['reports', 'unknown'] as const;
/** About what is freed with a row beside its report, bytes. */
const ROW_BYTES = { reports: 24, unknown: 160 } as const;
/** Later than any day. */
const ANY_DAY = Number.MAX_SAFE_INTEGER;

interface Freeing {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Bytes that are still too many; measured. */
  readonly over: () => Promise<number>;
}

/**
 * Removes kept reports, then unknown items, those first that were least recently asked for, until there are no bytes too
 * many. Deleted rows leave pages half full, so that it is measured and not computed. False when all that may go went.
 */
export async function freeRoom(freeing: Freeing, signal: AbortSignal): Promise<boolean> {
  if ((await freeing.over()) <= 0) {
    return true;
  }
  await freeing.database.write('mergeAsked', undefined, 'bulk', signal);
  const kept = await readKeptKeys(freeing.database, freeing.intakes, signal);
  for (const kind of ORDER) {
    if (await freeByDays(freeing, kind, kept, signal)) {
      return true;
    }
  }
  return false;
}

async function freeByDays(
  freeing: Freeing,
  kind: (typeof ORDER)[number],
  kept: KeptKeys,
  signal: AbortSignal,
): Promise<boolean> {
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
  { database, now }: Freeing,
  kind: (typeof ORDER)[number],
  kept: KeptKeys,
  signal: AbortSignal,
): Promise<readonly { readonly day: number; readonly bytes: number }[]> {
  const bytes = new Map<number, number>();
  for await (const { files } of walk(database, { kind, upTo: ANY_DAY }, kept, now, signal)) {
    for (const item of files.flatMap((file) => file.items)) {
      bytes.set(item.day, (bytes.get(item.day) ?? 0) + bytesOf(kind, item));
    }
  }
  return [...bytes].map(([day, sum]) => ({ day, bytes: sum })).sort((a, b) => a.day - b.day);
}

function bytesOf(kind: (typeof ORDER)[number], item: AgedItem): number {
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
  { database, now, over }: Freeing,
  rule: AgedRule,
  kept: KeptKeys,
  mayStop: boolean,
  signal: AbortSignal,
): Promise<boolean> {
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
