import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

/** Totals gathered during one transaction and added to the table once, before it commits. */
export interface CounterDeltas {
  add(name: string, amount: number): void;
  /** Adds what was gathered to the table and starts again at nothing. */
  save(db: WritableDb): void;
}

export const COUNT_FILES = 'files';
export const COUNT_DIGESTS = 'digests';

/** Name of the counter of one source's items in one status, by their codes. */
export function itemCounter(source: number, status: number): string {
  return `items:${source}:${status}`;
}

/** Name of the counter of one source's items without an answer yet; they are counted as unknown, too. */
export function unaskedCounter(source: number): string {
  return `unasked:${source}`;
}

export function gatherCounts(): CounterDeltas {
  const deltas = new Map<string, number>();
  return {
    add(name, amount) {
      deltas.set(name, (deltas.get(name) ?? 0) + amount);
    },
    save(db) {
      for (const [name, amount] of deltas) {
        if (amount !== 0) {
          prepared(
            db,
            'INSERT INTO counters (name, amount) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET amount = amount + excluded.amount',
          ).run(name, amount);
        }
      }
      deltas.clear();
    },
  };
}

/** Every counter by name. */
export function allCounters(db: ReadableDb): ReadonlyMap<string, number> {
  const rows = prepared<{ name: string; amount: number }>(db, 'SELECT name, amount FROM counters').all();
  return new Map(rows.map((row) => [row.name, row.amount]));
}
