import type { Outcome } from '#shared/domain/outcome.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { Sliced } from '../../../slices.ts';
import type { RequestRow } from '../../queue-types.ts';
import { kindOfBytes, outcomeOfCode, purposeOfCode } from '../codes.ts';
import { windowStarts } from './spend.ts';

const PRUNED_AT_ONCE = 1000;
const DAY_MS = 86_400_000;
/** Spent windows are kept this long after they began: a month and what may be asked about the one before. */
const SPEND_KEPT_MS = 93 * DAY_MS;

interface StoredRow {
  readonly id: number;
  readonly source: number;
  readonly purpose: number;
  readonly digest_bytes: number;
  readonly hashes: number;
  readonly single: number;
  readonly reserved_at: number;
  readonly settled_at: number | null;
  readonly outcome: number | null;
  readonly http_status: number | null;
  readonly elapsed_ms: number | null;
  readonly billed: number;
  readonly message: string | null;
}

const COLUMNS = `id, source, purpose, digest_bytes, length(digests) / max(1, digest_bytes) AS hashes, single, reserved_at,
  settled_at, outcome, http_status, elapsed_ms, billed, message`;

/** The record of what left the machine, newest first; of one source, or of all with null. */
export function requestsPage(
  db: ReadableDb,
  args: { readonly source: number | null; readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: RequestRow[] } {
  const where = args.source === null ? '' : 'WHERE source = +?';
  const values = args.source === null ? [] : [args.source];
  const total = prepared<{ n: number }>(db, `SELECT count(*) AS n FROM requests ${where}`).get(...values)?.n ?? 0;
  const rows = prepared<StoredRow>(db, `SELECT ${COLUMNS} FROM requests ${where} ORDER BY id DESC LIMIT ? OFFSET ?`);
  return { total, rows: rows.all(...values, args.limit, args.offset).map(toRow) };
}

/** Requests that were reserved and not heard of yet, of any process. */
export function requestsOnTheirWay(db: ReadableDb, _args: Record<string, never> = {}): number {
  return prepared<number>(db, 'SELECT count(*) FROM requests INDEXED BY requests_open WHERE settled_at IS NULL')
    .pluck(true)
    .get() as number;
}

/** What one request asked about, in hex, and what came of each; empty when it is no longer kept. */
export function requestHashes(
  db: ReadableDb,
  args: { readonly requestId: number },
): { readonly hash: string; readonly outcome: Outcome | null }[] {
  const row = prepared<{ digest_bytes: number; digests: Buffer; outcomes: Uint8Array | null; outcome: number | null }>(
    db,
    'SELECT digest_bytes, digests, outcomes, outcome FROM requests WHERE id = +?',
  ).get(args.requestId);
  if (row === undefined || row.digest_bytes === 0) {
    return [];
  }
  return Array.from({ length: row.digests.length / row.digest_bytes }, (_, at) => ({
    hash: row.digests.subarray(at * row.digest_bytes, (at + 1) * row.digest_bytes).toString('hex'),
    outcome: outcomeOfCode(row.outcomes?.[at] ?? row.outcome),
  }));
}

/**
 * Drops requests that were made before a moment (milliseconds) and the sums of windows long over. What is on its way,
 * what counts in a minute, and what belongs to the month of `now` stays. Returns how many requests went.
 */
export function* pruneRequests(
  db: WritableDb,
  args: { readonly before: number; readonly now?: number | undefined },
): Sliced<number> {
  const now = args.now ?? Date.now();
  const before = Math.min(args.before, windowStarts(now).month);
  const page = prepared<{ id: number; reserved_at: number; settled_at: number | null; frees_at: number }>(
    db,
    `SELECT id, reserved_at, settled_at, frees_at FROM requests WHERE id > ? ORDER BY id LIMIT ${PRUNED_AT_ONCE}`,
  );
  const remove = prepared(db, 'DELETE FROM requests WHERE id = +?');
  let pruned = 0;
  let last = 0;
  for (;;) {
    const rows = page.all(last);
    for (const row of rows) {
      if (row.reserved_at < before && row.settled_at !== null && row.frees_at <= now) {
        remove.run(row.id);
        pruned += 1;
      }
    }
    last = rows.at(-1)?.id ?? last;
    // Rows lie in the order they were made; a clock that was set back mixes a few, which go with a later run.
    if (rows.length < PRUNED_AT_ONCE || (rows.at(-1)?.reserved_at ?? 0) >= before) {
      break;
    }
    yield;
  }
  // The last windows stay however old they seem: by a clock that is set back again they are the running ones.
  prepared(
    db,
    `DELETE FROM spend WHERE start < ? AND start < (SELECT newer.start FROM spend newer
       WHERE newer.source = spend.source AND newer.window = spend.window ORDER BY newer.start DESC LIMIT 1 OFFSET 2)`,
  ).run(now - SPEND_KEPT_MS);
  return pruned;
}

/** About what a request takes beside its digests and what came of them, with its places in the indexes; bytes. */
const REQUEST_BYTES = 120;

/**
 * About how many bytes of the record belong to requests of each UTC day that `pruneRequests` may drop, oldest first. `at`
 * is now, milliseconds.
 */
export function oldRequestDays(
  db: ReadableDb,
  args: { readonly at: number },
): { readonly day: number; readonly bytes: number }[] {
  return prepared<{ day: number; bytes: number }>(
    db,
    `SELECT reserved_at / ${DAY_MS} AS day,
       sum(length(digests) + coalesce(length(outcomes), 0) + coalesce(length(message), 0) + ${REQUEST_BYTES}) AS bytes
     FROM requests WHERE reserved_at < ? AND settled_at IS NOT NULL GROUP BY day ORDER BY day`,
  ).all(windowStarts(args.at).month);
}

function toRow(row: StoredRow): RequestRow {
  return {
    id: row.id,
    source: row.source,
    purpose: purposeOfCode(row.purpose),
    kind: row.digest_bytes === 0 ? 'sha256' : kindOfBytes(row.digest_bytes),
    hashes: row.digest_bytes === 0 ? 0 : row.hashes,
    single: row.single === 1,
    reservedAt: row.reserved_at,
    settledAt: row.settled_at,
    outcome: outcomeOfCode(row.outcome),
    httpStatus: row.http_status,
    elapsedMs: row.elapsed_ms,
    billed: row.billed,
    message: row.message,
  };
}
