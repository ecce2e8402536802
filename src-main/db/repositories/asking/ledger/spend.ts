import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';

/** Windows that begin at a fixed moment; the minute slides. */
export type FixedWindow = Exclude<QuotaWindow, 'minute'>;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** First millisecond of the UTC hour, day and month a moment lies in. */
export function windowStarts(at: number): Readonly<Record<FixedWindow, number>> {
  const date = new Date(at);
  return {
    hour: Math.floor(at / HOUR_MS) * HOUR_MS,
    day: Math.floor(at / DAY_MS) * DAY_MS,
    month: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1),
  };
}

/** First millisecond after the UTC window a moment lies in. */
export function windowEnd(window: FixedWindow, at: number): number {
  if (window === 'month') {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
  return windowStarts(at)[window] + (window === 'hour' ? HOUR_MS : DAY_MS);
}

/** Adds calls to one window of the ledger; a correction may be negative, the sum never is. */
export function addSpend(db: WritableDb, source: number, window: FixedWindow, start: number, calls: number): void {
  const { changes } = prepared(
    db,
    'UPDATE spend SET spent = max(0, spent + ?) WHERE source = +? AND window = +? AND start = +?',
  ).run(calls, source, window, start);
  if (changes === 0) {
    prepared(db, 'INSERT INTO spend (source, window, start, spent) VALUES (?, ?, ?, max(0, ?))').run(
      source,
      window,
      start,
      calls,
    );
  }
}

/** Adds calls to the hour, day and month of a moment. */
export function addSpendAt(db: WritableDb, source: number, at: number, calls: number): void {
  for (const [window, start] of Object.entries(windowStarts(at))) {
    addSpend(db, source, window as FixedWindow, start, calls);
  }
}

/**
 * Calls spent and reserved in the window a moment lies in. A call that was reserved before the window began and is still
 * on its way may reach the source inside it, so it counts here too.
 */
export function spentIn(db: ReadableDb, source: number, window: FixedWindow, at: number): number {
  const start = windowStarts(at)[window];
  const own = prepared<{ spent: number }>(
    db,
    'SELECT spent FROM spend WHERE source = +? AND window = +? AND start = +?',
  ).get(source, window, start);
  const crossing = prepared<{ billed: number | null }>(
    db,
    `SELECT sum(billed) AS billed FROM requests
     WHERE settled_at IS NULL AND +source = ? AND counted_at < ? AND frees_at > ?`,
  ).get(source, start, at);
  return (own?.spent ?? 0) + (crossing?.billed ?? 0);
}

/** Counts a call that began in one window and was heard in another in both: the source saw it in either. */
export function addCrossing(db: WritableDb, source: number, from: number, to: number, calls: number): void {
  const began = windowStarts(from);
  for (const [window, start] of Object.entries(windowStarts(to))) {
    if (start > began[window as FixedWindow]) {
      addSpend(db, source, window as FixedWindow, start, calls);
    }
  }
}

/** Calls that count in the sliding minute now. */
export function spentInMinute(db: ReadableDb, source: number, now: number): number {
  return (
    prepared<{ spent: number | null }>(
      db,
      'SELECT sum(billed) AS spent FROM requests WHERE source = +? AND frees_at > +?',
    ).get(source, now)?.spent ?? 0
  );
}
