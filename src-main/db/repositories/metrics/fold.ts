import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { METRIC_LEVELS, startOfLevel, type MetricLevel } from './levels.ts';

/** Events read at a time: a few milliseconds with their three levels. */
const PAGE = 256;

interface StoredEvent {
  readonly id: number;
  readonly at: number;
  readonly kind: number;
  readonly source: number;
  readonly amount: number;
  readonly detail: string | null;
}

/** What was gathered for one interval of one series. */
interface Gathered {
  readonly level: MetricLevel;
  readonly series: number;
  readonly start: number;
  n: number;
  sum: number;
  least: number;
  most: number;
  last: number;
  lastAt: number;
}

/**
 * Adds recorded events to their minutes, hours and days and deletes them, both in one transaction for each stretch: an
 * event is always in one of the two, whoever folds and whenever that ends. Of several events of one second the one that
 * was recorded last is the last. Returns how many were folded. `sliceMs` is for tests: the length of a stretch.
 */
function* foldMetrics(db: WritableDb, args?: { readonly sliceMs: number }): Sliced<number> {
  const series = new Map<string, number>();
  const slice = startSlice(args?.sliceMs);
  let folded = 0;
  for (;;) {
    const count = foldPage(db, series);
    folded += count;
    if (count < PAGE) {
      return folded;
    }
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
}

/** True when an event waits to be folded. */
function hasMetricEvents(db: ReadableDb): boolean {
  return prepared<number>(db, 'SELECT EXISTS (SELECT 1 FROM metric_events)').pluck(true).get() === 1;
}

function foldPage(db: WritableDb, series: Map<string, number>): number {
  const events = prepared<StoredEvent>(
    db,
    `SELECT id, at, kind, source, amount, detail FROM metric_events ORDER BY id LIMIT ${PAGE}`,
  ).all();
  const last = events.at(-1);
  if (last === undefined) {
    return 0;
  }
  for (const interval of gather(db, events, series)) {
    put(db, interval);
  }
  // The page begins with the lowest number, so that these are the ones just read.
  prepared(db, 'DELETE FROM metric_events WHERE id <= ?').run(last.id);
  return events.length;
}

function gather(db: WritableDb, events: readonly StoredEvent[], series: Map<string, number>): Iterable<Gathered> {
  const intervals = new Map<string, Gathered>();
  for (const event of events) {
    const id = seriesOf(db, event, series);
    for (const level of METRIC_LEVELS) {
      const start = startOfLevel(level, event.at);
      const key = `${level} ${id} ${start}`;
      const before = intervals.get(key);
      if (before === undefined) {
        const { amount } = event;
        const first = { n: 1, sum: amount, least: amount, most: amount, last: amount, lastAt: event.at };
        intervals.set(key, { level, series: id, start, ...first });
      } else {
        add(before, event);
      }
    }
  }
  return intervals.values();
}

function add(into: Gathered, { at, amount }: StoredEvent): void {
  into.n += 1;
  into.sum += amount;
  into.least = Math.min(into.least, amount);
  into.most = Math.max(into.most, amount);
  if (at >= into.lastAt) {
    into.last = amount;
    into.lastAt = at;
  }
}

function put(db: WritableDb, { level, series, start, n, sum, least, most, last, lastAt }: Gathered): void {
  prepared(
    db,
    `INSERT INTO metric_rollups (level, series, start, n, sum, least, most, last, last_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (level, series, start) DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum,
       least = min(least, excluded.least), most = max(most, excluded.most),
       last = iif(excluded.last_at >= last_at, excluded.last, last), last_at = max(last_at, excluded.last_at)`,
  ).run(level, series, start, n, sum, least, most, last, lastAt);
}

function seriesOf(db: WritableDb, { kind, source, detail }: StoredEvent, known: Map<string, number>): number {
  const name = detail ?? '';
  const key = `${kind} ${source} ${name}`;
  let id = known.get(key);
  if (id === undefined) {
    id = prepared<number>(db, 'SELECT id FROM metric_series WHERE kind = +? AND source = +? AND detail = +?')
      .pluck(true)
      .get(kind, source, name);
    id ??= Number(
      prepared(db, 'INSERT INTO metric_series (kind, source, detail) VALUES (?, ?, ?)').run(kind, source, name)
        .lastInsertRowid,
    );
    known.set(key, id);
  }
  return id;
}

export const foldReads = { hasMetricEvents } as const;
export const foldWrites = { foldMetrics } as const;
