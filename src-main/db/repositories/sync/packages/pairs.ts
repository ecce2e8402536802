import type { IndicatorType } from '#shared/domain/indicator.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { toKnown, toPulled, type StoredKnown, type StoredPulled } from '../indicators/stored.ts';
import type { IndicatorPair } from '../types.ts';

/** What an indicator is named by where it has no id. */
export interface IndicatorName {
  readonly type: IndicatorType;
  readonly summary: string;
  readonly owner: string;
}

/** A known indicator that the present run did not pull. */
export interface AbsentIndicator extends IndicatorName {
  readonly id: number;
  readonly sent: boolean;
}

const PULLED = 'SELECT * FROM sync_pulled WHERE job_id = +? AND id > ? ORDER BY id LIMIT ?';
/** What neither matches nor was sent is of no matter until it is pulled again. */
const KNOWN = `SELECT * FROM sync_indicators WHERE job_id = +? AND id > ? AND (wanted = 1 OR sent = 1) ORDER BY id LIMIT ?`;

/**
 * Both sides of the indicators after id `after`, in order of id, at most `limit` and none only after the last. With
 * `pulledOnly` those the present run pulled; else also the known ones it did not, as far as they match or are sent.
 */
function syncPairs(
  db: ReadableDb,
  args: { readonly jobId: number; readonly after: number; readonly limit: number; readonly pulledOnly: boolean },
): IndicatorPair[] {
  const { jobId, after, limit } = args;
  const pulled = new Map(
    prepared<StoredPulled>(db, PULLED)
      .all(jobId, after, limit)
      .map((row) => [row.id, toPulled(row)]),
  );
  const known = new Map(
    (args.pulledOnly ? [] : prepared<StoredKnown>(db, KNOWN).all(jobId, after, limit)).map((row) => [
      row.id,
      toKnown(row),
    ]),
  );
  const byId = prepared<StoredKnown>(db, 'SELECT * FROM sync_indicators WHERE job_id = +? AND id = +?');
  // Within the first `limit` ids of both, neither side can have one that its own page left out.
  const ids = [...new Set([...pulled.keys(), ...known.keys()])].toSorted((a, b) => a - b).slice(0, limit);
  return ids.map((id) => {
    const row = known.has(id) ? undefined : byId.get(jobId, id);
    return { id, pulled: pulled.get(id) ?? null, known: known.get(id) ?? (row === undefined ? null : toKnown(row)) };
  });
}

/** Known indicators after id `after` that match or are sent and that the present run did not pull, in order of id. */
function syncAbsent(
  db: ReadableDb,
  args: { readonly jobId: number; readonly after: number; readonly limit: number },
): AbsentIndicator[] {
  return prepared<Omit<AbsentIndicator, 'sent'> & { readonly sent: number }>(
    db,
    `SELECT id, type, summary, owner, sent FROM sync_indicators known
     WHERE job_id = +? AND id > ? AND (wanted = 1 OR sent = 1) AND NOT EXISTS
       (SELECT 1 FROM sync_pulled pulled WHERE pulled.job_id = known.job_id AND pulled.id = known.id)
     ORDER BY id LIMIT ?`,
  )
    .all(args.jobId, args.after, args.limit)
    .map((row) => ({ ...row, sent: row.sent === 1 }));
}

/** Ids of known indicators with these names, upper and lower case alike, that match or are sent. */
function syncIndicatorIdsNamed(
  db: ReadableDb,
  args: { readonly jobId: number; readonly names: readonly IndicatorName[] },
): number[] {
  const asked = new Set(args.names.map(keyOf));
  const ids: number[] = [];
  if (asked.size > 0) {
    const rows = prepared<IndicatorName & { readonly id: number }>(
      db,
      `SELECT id, type, summary, owner FROM sync_indicators WHERE job_id = +? AND (wanted = 1 OR sent = 1) ORDER BY id`,
    );
    for (const row of rows.iterate(args.jobId)) {
      if (asked.has(keyOf(row))) {
        ids.push(row.id);
      }
    }
  }
  return ids;
}

/** Owners of what is sent, with how many of it. */
function syncSentOwners(
  db: ReadableDb,
  args: { readonly jobId: number },
): { readonly owner: string; readonly sent: number }[] {
  return prepared<{ owner: string; sent: number }>(
    db,
    'SELECT owner, count(*) AS sent FROM sync_indicators WHERE job_id = +? AND sent = 1 GROUP BY owner ORDER BY owner',
  ).all(args.jobId);
}

function keyOf({ type, summary, owner }: IndicatorName): string {
  return `${type}\n${summary.toLowerCase()}\n${owner.toLowerCase()}`;
}

export const pairReads = { syncPairs, syncAbsent, syncIndicatorIdsNamed, syncSentOwners } as const;
