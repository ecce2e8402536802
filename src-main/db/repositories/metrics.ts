import { METRIC, type MetricKind } from '../change-kinds.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

export interface MetricEvent {
  readonly kind: MetricKind;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly amount?: number;
  /** Code of the source it concerns, 0 for none. */
  readonly source?: number;
  readonly detail?: string;
}

/** Appends one event; call it in the transaction of what it counts. */
export function recordMetric(db: WritableDb, event: MetricEvent): void {
  prepared(db, 'INSERT INTO metric_events (at, kind, source, amount, detail) VALUES (?, ?, ?, ?, ?)').run(
    event.at,
    METRIC[event.kind],
    event.source ?? 0,
    event.amount ?? 1,
    event.detail ?? null,
  );
}

/** Sum of the amounts of one kind from `from` (inclusive) to `to` (exclusive), seconds since the epoch. */
function metricTotal(
  db: ReadableDb,
  args: { readonly kind: MetricKind; readonly from: number; readonly to: number },
): number {
  return (
    prepared<{ total: number | null }>(
      db,
      'SELECT sum(amount) AS total FROM metric_events WHERE at >= ? AND at < ? AND kind = ?',
    ).get(args.from, args.to, METRIC[args.kind])?.total ?? 0
  );
}

export const metricsReads = { metricTotal } as const;
export const metricsWrites = { recordMetric } as const;
