import type { Purpose } from '#shared/domain/outcome.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { QueueGroup, QueuePartArgs } from '../../queue-types.ts';
import { purposeOfCode } from '../codes.ts';
import { firstDue } from '../claim/due-rows.ts';
import { ANY, type GroupKey } from './groups.ts';
import { partKey, partSql, valuesOf } from './queue-part.ts';

interface StoredGroup {
  readonly source: number;
  readonly purpose: number;
  readonly intake_id: number;
  readonly waiting: number;
  readonly done: number;
  readonly dropped: number;
  readonly paused: number;
  readonly started_at: number;
}

/** A hash in the queue of one source. Times in milliseconds since the epoch. */
export interface QueuedHash {
  readonly source: number;
  readonly purpose: Purpose;
  readonly notBefore: number;
  readonly reason: string | null;
  readonly onItsWay: boolean;
}

/** Every group that ever had a row, also when nothing of it waits any more; of forgotten intakes none. */
export function queueGroups(db: ReadableDb, _args: Record<string, never> = {}): QueueGroup[] {
  const onTheWay = new Map(
    prepared<GroupKey & { readonly n: number }>(
      db,
      `SELECT source, purpose, intake_id AS intakeId, count(*) AS n FROM queue
       WHERE request_id IS NOT NULL GROUP BY source, purpose, intake_id`,
    )
      .all()
      .map((row) => [nameOf(row), row.n]),
  );
  return prepared<StoredGroup>(db, 'SELECT * FROM queue_groups ORDER BY source, purpose, intake_id')
    .all()
    .map((row) => {
      const key = { source: row.source, purpose: row.purpose, intakeId: row.intake_id };
      const first = row.waiting > 0 ? firstDue(db, key) : null;
      return {
        source: row.source,
        purpose: purposeOfCode(row.purpose),
        intakeId: row.intake_id,
        waiting: row.waiting,
        onTheWay: onTheWay.get(nameOf(key)) ?? 0,
        dueAt: first?.at ?? null,
        parked: first?.parked === true,
        done: row.done,
        dropped: row.dropped,
        paused: row.paused === 1,
        startedAt: row.started_at,
      };
    });
}

function nameOf({ source, purpose, intakeId }: GroupKey): string {
  return `${source}:${purpose}:${intakeId}`;
}

/** Rows of a part that wait or are on their way, those included that are counted with another intake. */
export function queueDepth(
  db: ReadableDb,
  args: QueuePartArgs,
): { readonly waiting: number; readonly onTheWay: number } {
  const part = partKey(args);
  const values = valuesOf(part);
  const waiting = count(
    db,
    `SELECT coalesce(sum(waiting), 0) AS n FROM queue_groups WHERE ${partSql('source', 'purpose', 'intake_id')}`,
    values,
  );
  const onTheWay = count(
    db,
    `SELECT count(*) AS n FROM queue WHERE request_id IS NOT NULL AND ${partSql('source', 'purpose', 'intake_id')}`,
    values,
  );
  if (part.source === ANY && part.purpose === ANY && part.intakeId === ANY) {
    // Everything is counted with somebody: nobody else's rows are to be added.
    return { waiting, onTheWay };
  }
  const others = prepared<{ on_the_way: number; n: number }>(
    db,
    `SELECT on_the_way, count(*) AS n FROM (
       SELECT DISTINCT q.id, q.request_id IS NOT NULL AS on_the_way FROM queue_also a JOIN queue q ON q.id = a.queue_id
       WHERE ${partSql('q.source', 'a.purpose', 'a.intake_id')} AND NOT (${partSql('q.source', 'q.purpose', 'q.intake_id')})
     ) GROUP BY on_the_way`,
  ).all(...values, ...values);
  return {
    waiting: waiting + (others.find((row) => row.on_the_way === 0)?.n ?? 0),
    onTheWay: onTheWay + (others.find((row) => row.on_the_way === 1)?.n ?? 0),
  };
}

/** What of these digests, of any kind, is in the queue, in the order of the digests. */
export function queueOf(db: ReadableDb, args: { readonly digests: readonly Uint8Array[] }): QueuedHash[] {
  const find = prepared<{
    source: number;
    purpose: number;
    not_before: number;
    reason: string | null;
    request_id: number | null;
  }>(db, 'SELECT source, purpose, not_before, reason, request_id FROM queue WHERE digest = +? ORDER BY source');
  return args.digests
    .flatMap((digest) => find.all(digest))
    .map((row) => ({
      source: row.source,
      purpose: purposeOfCode(row.purpose),
      notBefore: row.not_before,
      reason: row.reason,
      onItsWay: row.request_id !== null,
    }));
}

function count(db: ReadableDb, sql: string, values: readonly number[]): number {
  return prepared<{ n: number }>(db, sql).get(...values)?.n ?? 0;
}
