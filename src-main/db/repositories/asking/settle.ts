import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { appendChange } from '../changes.ts';
import { recordMetric } from '../metrics.ts';
import type { SettleArgs, SettledRow } from '../queue-types.ts';
import { outcomeCode, purposeCode } from './codes.ts';
import { gatherGroups, type GroupCounts } from './groups.ts';
import { createHeardItems } from './heard-items.ts';
import { slackOf } from './ledger-clock.ts';
import { createRowRemover, type RowRemover } from './rows.ts';
import { addCrossing, addSpendAt } from './spend.ts';
import { groupOf, type WantedRow } from './wants.ts';

/** Items written before the clock is looked at. */
const LOOK_EVERY = 32;
const RECHECK = purposeCode('recheck');

interface StoredRequest {
  readonly source: number;
  readonly digest_bytes: number;
  readonly hashes: number;
  readonly counted_at: number;
  readonly minute_ms: number;
  readonly settled_at: number | null;
  readonly frees_at: number;
  readonly billed: number;
}

interface OnItsWay extends WantedRow {
  readonly digest: Uint8Array;
  readonly cancelled: number;
}

/**
 * Keeps what a request came to: its items, then in one transaction its queue rows, the record and the ledger. Usually all
 * of it is one transaction. Where writing the items takes long they are committed in stretches before: whoever dies in
 * between has answers, and a request that still counts as spent. Returns the number of queue rows that were changed;
 * rows that no longer belong to this request are left alone.
 */
export function* settleRequest(db: WritableDb, args: SettleArgs): Sliced<{ readonly changed: number }> {
  yield* writeItems(db, args);
  const request = prepared<StoredRequest>(
    db,
    `SELECT source, digest_bytes, length(digests) / max(1, digest_bytes) AS hashes, counted_at, minute_ms, settled_at,
       frees_at, billed FROM requests WHERE id = +?`,
  ).get(args.requestId);
  if (request === undefined) {
    // The data were replaced meanwhile: the answers are true all the same, the rest is not of these data.
    return { changed: 0 };
  }
  const changed = settleRows(db, args);
  record(db, args, request);
  recordMetric(db, {
    kind: 'requestSettled',
    at: Math.floor(args.now / 1000),
    source: request.source,
    detail: args.outcome,
  });
  if (args.billed > 0 && request.hashes > 0) {
    recordMetric(db, {
      kind: 'pairsSent',
      at: Math.floor(args.now / 1000),
      source: request.source,
      amount: request.hashes,
    });
  }
  appendChange(db, 'queue', request.source);
  return { changed };
}

function* writeItems(db: WritableDb, args: SettleArgs): Sliced<void> {
  const items = args.rows.flatMap((row) => row.items);
  let next = 0;
  while (next < items.length) {
    const slice = startSlice();
    const heard = createHeardItems(db, args.now);
    do {
      for (const item of items.slice(next, next + LOOK_EVERY)) {
        heard.put(item);
      }
      next += LOOK_EVERY;
    } while (next < items.length && !slice.isOver());
    heard.finish();
    if (next < items.length) {
      yield;
    }
  }
}

function settleRows(db: WritableDb, args: SettleArgs): number {
  const counts = gatherGroups();
  const remover = createRowRemover(db);
  const find = prepared<OnItsWay>(
    db,
    `SELECT id, source, purpose, intake_id, request_id, digest, cancelled FROM queue
     WHERE id = +? AND request_id = +?`,
  );
  let changed = 0;
  for (const settled of args.rows) {
    const row = find.get(settled.queueId, args.requestId);
    if (row !== undefined) {
      settleRow(db, row, settled, remover, counts);
      changed += 1;
    }
  }
  counts.save(db, args.now);
  return changed;
}

function settleRow(db: WritableDb, row: OnItsWay, settled: SettledRow, remover: RowRemover, counts: GroupCounts): void {
  if (row.cancelled === 1) {
    // Heard, and asked no more: without an answer it left the queue as if it had not been asked.
    counts.add(groupOf(row), settled.next === 'retry' ? 'dropped' : 'done', 1);
    remover.remove(row);
    return;
  }
  if (settled.next !== 'retry') {
    counts.add(groupOf(row), 'done', 1);
  }
  if (settled.next === 'done') {
    remover.remove(row);
    return;
  }
  const isRecheck = settled.next === 'recheck';
  const purpose = isRecheck ? RECHECK : row.purpose;
  prepared(
    db,
    `UPDATE queue SET request_id = NULL, purpose = ?, not_before = ?, reason = ?, attempts = attempts + ?,
       losses = 0, force = CASE WHEN ? THEN 0 ELSE force END WHERE id = +?`,
  ).run(purpose, settled.notBefore, settled.reason, settled.countAttempt ? 1 : 0, isRecheck ? 1 : 0, row.id);
  counts.add({ ...groupOf(row), purpose }, 'waiting', 1);
  if (isRecheck) {
    prepared(db, 'UPDATE queue_also SET purpose = max(purpose, ?) WHERE queue_id = +?').run(RECHECK, row.id);
    remover.wakeStages(row.digest);
  }
}

function record(db: WritableDb, args: SettleArgs, request: StoredRequest): void {
  const outcomes = new Uint8Array(request.hashes).fill(outcomeCode(args.outcome));
  args.rows.slice(0, request.hashes).forEach((row, index) => {
    outcomes[index] = outcomeCode(row.outcome);
  });
  // By either clock: one that was set back meanwhile may be set forward again before anybody looks.
  const heardAt = Math.max(args.now, request.counted_at + Math.ceil(args.elapsedMs));
  const freesAt = heardAt + request.minute_ms + slackOf(request.minute_ms);
  const isLate = request.settled_at !== null;
  prepared(
    db,
    `UPDATE requests SET settled_at = ?, frees_at = ?, outcome = ?, http_status = ?, elapsed_ms = ?, billed = ?,
       message = ?, outcomes = ? WHERE id = +?`,
  ).run(
    args.now,
    // Taken for lost and heard of after all: it stays spent as it was, and the source saw it as late as now.
    isLate ? Math.max(request.frees_at, freesAt) : freesAt,
    outcomeCode(args.outcome),
    args.httpStatus,
    args.elapsedMs,
    isLate ? request.billed : args.billed,
    args.message,
    outcomes,
    args.requestId,
  );
  if (!isLate) {
    if (args.billed !== request.billed) {
      addSpendAt(db, request.source, request.counted_at, args.billed - request.billed);
    }
    addCrossing(db, request.source, request.counted_at, args.now, args.billed);
  }
}
