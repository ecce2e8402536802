import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { PanelData } from '#shared/contract/usage.ts';
import type { PanelId, Split } from '#shared/domain/usage/panels.ts';
import type { ReadableDb } from '#main/db/handles.ts';
import { addTo } from './books.ts';
import { asked, type Comparison, when } from './compare.ts';
import { readDatabase } from './read-database.ts';
import type { QuarterWorld } from './quarter.ts';

const MINUTE = 60;

/** Looks at gauges that agreed with what they count, and those that could not be compared as something was asked meanwhile. */
export interface Looks {
  compared: number;
  skipped: number;
}

/**
 * Compares what gauges say of a minute in which nothing happens with counts of the tables, and with the books for the hash
 * list.
 */
export async function lookAtGauges(world: QuarterWorld, result: Comparison, looks: Looks): Promise<void> {
  const before = readDatabase(world.plan.directory, queueBySource);
  if (!(await world.quietMinute())) {
    looks.skipped += 1;
    return;
  }
  const at = Math.floor(world.now() / 1000);
  const queue = readDatabase(world.plan.directory, queueBySource);
  const most = new Map(
    [...before.keys(), ...queue.keys()].map((source) => [
      source,
      Math.max(before.get(source) ?? 0, queue.get(source) ?? 0),
    ]),
  );
  const [items, byStatus, waiting, listed, kept] = await world.board([
    minute('total-items', 'source', at),
    minute('total-items', 'status', at),
    minute('outbound-queue', 'source', at),
    minute('hash-list', 'side', at),
    minute('hash-list-in-environment', 'side', at),
  ]);
  const name = (panel: string): string => `${panel} at ${when(at)}`;
  agree(result, name('total-items by source'), items, readDatabase(world.plan.directory, itemsBySource));
  agree(result, name('total-items by status'), byStatus, readDatabase(world.plan.directory, itemsByStatus));
  agree(result, name('outbound-queue'), waiting, most);
  agree(result, name('hash-list'), listed, new Map(Object.entries(world.books.listed(at, false))));
  agree(result, name('hash-list-in-environment'), kept, new Map(Object.entries(world.books.listed(at, true))));
  looks.compared += 1;
}

function minute(panel: PanelId, split: Split, at: number) {
  const from = at - (at % MINUTE);
  return asked(panel, split, from, from + MINUTE, MINUTE);
}

function agree(
  result: Comparison,
  name: string,
  data: PanelData | undefined,
  expected: ReadonlyMap<string, number>,
): void {
  const shown = new Map((data?.series ?? []).map(({ key, values }) => [key, values[0] ?? null]));
  for (const key of new Set([...shown.keys(), ...expected.keys()])) {
    result.compared += 1;
    const [is, should] = [shown.get(key) ?? 0, expected.get(key) ?? 0];
    if (is !== should) {
      result.wrong.add(`${name}, ${key}: the board has ${is}, expected ${should}`);
    }
  }
}

function queueBySource(db: ReadableDb): Map<string, number> {
  return bySource(db, 'SELECT source, count(*) AS n FROM queue GROUP BY source');
}

function itemsBySource(db: ReadableDb): Map<string, number> {
  return bySource(db, 'SELECT source, count(*) AS n FROM items GROUP BY source');
}

function itemsByStatus(db: ReadableDb): Map<string, number> {
  const sums = new Map<string, number>();
  const rows = db.prepare<[], { status: number; n: number }>('SELECT status, count(*) AS n FROM items GROUP BY status');
  for (const { status, n } of rows.all()) {
    addTo(sums, statusOfCode(status), n);
  }
  return sums;
}

function bySource(db: ReadableDb, sql: string): Map<string, number> {
  const rows = db.prepare<[], { source: number; n: number }>(sql).all();
  return new Map(rows.map(({ source, n }) => [sourceOfCode(source) ?? `source ${source}`, n]));
}
