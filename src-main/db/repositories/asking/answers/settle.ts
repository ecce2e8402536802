import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import type { SettleArgs, SettledItem, SettledRow } from '../../queue-types.ts';
import { AWAITS, outcomeCode, purposeCode } from '../codes.ts';
import { gatherGroups, type GroupCounts } from '../queue/groups.ts';
import { createHeardItems } from './heard-items.ts';
import { slackOf } from '../ledger/ledger-clock.ts';
import { filesOf } from './known-files.ts';
import { countSettled } from '../ledger/settled-metrics.ts';
import { createRowRemover, type RowRemover } from '../queue/rows.ts';
import { addCrossing, addSpendAt } from '../ledger/spend.ts';
import { groupOf, type WantedRow } from '../claim/wants.ts';

/** Items written before the clock is looked at. */
const LOOK_EVERY = 32;
const RECHECK = purposeCode('recheck');
const RESCAN = purposeCode('rescan');

interface StoredRequest {
  readonly source: number;
  readonly digest_bytes: number;
  readonly hashes: number;
  readonly counted_at: number;
  readonly minute_ms: number;
  readonly settled_at: number | null;
  readonly outcome: number | null;
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
  const complete = rescansWithAllDetails(db, args);
  yield* writeItems(db, args);
  const request = prepared<StoredRequest>(
    db,
    `SELECT source, digest_bytes, length(digests) / max(1, digest_bytes) AS hashes, counted_at, minute_ms, settled_at,
       outcome, frees_at, billed FROM requests WHERE id = +?`,
  ).get(args.requestId);
  if (request === undefined) {
    // The data were replaced meanwhile: the answers are true all the same, the rest is not of these data.
    return { changed: 0 };
  }
  const changed = settleRows(db, args, complete);
  record(db, args, request);
  countSettled(db, args, request);
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

/**
 * Rows of rescans whose details are known from before and whose status stays: they need no single call. Looked up before
 * the answers are written over what it is judged by.
 */
function rescansWithAllDetails(db: WritableDb, args: SettleArgs): ReadonlySet<number> {
  const find = prepared<{ purpose: number; source: number }>(
    db,
    'SELECT purpose, source FROM queue WHERE id = +? AND request_id = +?',
  );
  const complete = new Set<number>();
  for (const { queueId, next, items } of args.rows) {
    const row = next === 'details' ? find.get(queueId, args.requestId) : undefined;
    if (row?.purpose === RESCAN && items.length > 0 && items.every((item) => hasDetails(db, item))) {
      complete.add(queueId);
    }
  }
  return complete;
}

/** True when every stored item of this source and these digests already says the same, with the source's First Seen. */
function hasDetails(db: WritableDb, item: SettledItem): boolean {
  const find = prepared<{ status: number; noAnswer: number | null; firstSeen: number | null }>(
    db,
    `SELECT status, no_answer AS noAnswer, first_seen AS firstSeen FROM items WHERE file_id = +? AND source = +?`,
  );
  const files = Object.values(item.digests).flatMap((hex) => filesOf(db, Buffer.from(hex, 'hex')));
  const stored = files.map(([fileId]) => find.get(fileId, item.source)).filter((found) => found !== undefined);
  return (
    stored.length > 0 &&
    stored.every(
      ({ status, noAnswer, firstSeen }) => status === item.status && noAnswer === item.noAnswer && firstSeen !== null,
    )
  );
}

function settleRows(db: WritableDb, args: SettleArgs, complete: ReadonlySet<number>): number {
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
      const isComplete = complete.has(settled.queueId);
      settleRow(db, row, isComplete ? { ...settled, next: 'done' } : settled, remover, counts);
      changed += 1;
    }
  }
  counts.save(db, args.now);
  return changed;
}

function settleRow(db: WritableDb, row: OnItsWay, settled: SettledRow, remover: RowRemover, counts: GroupCounts): void {
  if (row.cancelled === 1) {
    // Heard, and asked no more: without an answer that is kept it left the queue as if it had not been asked.
    const isUnanswered = settled.next === 'retry' || settled.next === 'elsewhere';
    counts.add(groupOf(row), isUnanswered ? 'dropped' : 'done', 1);
    remover.remove(row);
    return;
  }
  if (settled.next === 'details' || settled.next === 'elsewhere') {
    awaitMore(db, row, settled, settled.next, remover, counts);
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
       losses = 0, force = CASE WHEN ? THEN 0 ELSE force END,
       awaits = CASE WHEN ? THEN 0 ELSE awaits END WHERE id = +?`,
  ).run(
    purpose,
    settled.notBefore,
    settled.reason,
    settled.countAttempt ? 1 : 0,
    isRecheck ? 1 : 0,
    isRecheck ? 1 : 0,
    row.id,
  );
  counts.add({ ...groupOf(row), purpose }, 'waiting', 1);
  if (isRecheck) {
    prepared(db, 'UPDATE queue_also SET purpose = max(purpose, ?) WHERE queue_id = +?').run(RECHECK, row.id);
    remover.wakeStages(row.digest);
  }
}

/** The row waits for the single call, with tries of its own. It is counted as done when that was heard. */
function awaitMore(
  db: WritableDb,
  row: OnItsWay,
  settled: SettledRow,
  more: keyof typeof AWAITS,
  remover: RowRemover,
  counts: GroupCounts,
): void {
  prepared(
    db,
    `UPDATE queue SET request_id = NULL, single = 1, awaits = ?, not_before = ?, reason = ?, attempts = 0, losses = 0
     WHERE id = +?`,
  ).run(AWAITS[more], settled.notBefore, settled.reason, row.id);
  counts.add(groupOf(row), 'waiting', 1);
  if (more === 'details') {
    // The source has said what it thinks of the file: nobody waits for its details.
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
