import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

/** Gauges are looked at each minute; what lies further apart is two stretches, and nothing is known between them. */
export const PRESENCE_GAP_SECONDS = 150;

/**
 * Notes that gauges were looked at now (seconds since the epoch): goes on with the stretch before, or begins one. By a
 * clock that was set back it is inside a stretch already, or fills a gap between two; stretches never overlap. True when one
 * began.
 */
export function notePresence(db: WritableDb, args: { readonly now: number }): boolean {
  const { now } = args;
  const before = prepared<{ start: number; until: number }>(
    db,
    'SELECT start, until FROM metric_presence WHERE start <= ? ORDER BY start DESC LIMIT 1',
  ).get(now);
  if (before === undefined || now - before.until > PRESENCE_GAP_SECONDS) {
    prepared(db, 'INSERT INTO metric_presence (start, until) VALUES (?, ?)').run(now, now);
    return true;
  }
  if (before.until < now) {
    prepared(db, 'UPDATE metric_presence SET until = ? WHERE start = +?').run(now, before.start);
  }
  return false;
}
