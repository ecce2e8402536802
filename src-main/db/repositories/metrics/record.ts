import { METRIC, type MetricKind } from '../../change-kinds.ts';
import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

export interface MetricEvent {
  readonly kind: MetricKind;
  /** Seconds since the epoch. */
  readonly at: number;
  /** A whole number; 1 when it is left out. */
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

/** Appends several events of one source at once: an INSERT costs more than its rows. */
export function recordMetrics(db: WritableDb, source: number, events: readonly Omit<MetricEvent, 'source'>[]): void {
  if (events.length > 0) {
    prepared(
      db,
      `INSERT INTO metric_events (at, kind, source, amount, detail) VALUES ${events.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
    ).run(events.flatMap(({ at, kind, amount, detail }) => [at, METRIC[kind], source, amount ?? 1, detail ?? null]));
  }
}
