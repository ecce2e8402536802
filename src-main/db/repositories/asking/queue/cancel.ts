import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Slice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import type { QueuePartArgs } from '../../queue-types.ts';
import { gatherGroups, pausedLookup, type GroupCounts, type GroupKey } from './groups.ts';
import { isInPart, partKey, partSql, valuesOf } from './queue-part.ts';
import { createRowRemover, type RowRemover } from './rows.ts';
import { groupOf, handOver, otherWants, type WantedRow } from '../claim/wants.ts';

const PAGE = 256;

interface CancelRow extends WantedRow {
  readonly digest: Uint8Array;
}

/** What one transaction of a cancel works with. */
interface Cancelling {
  readonly db: WritableDb;
  readonly part: GroupKey;
  readonly counts: GroupCounts;
  readonly remover: RowRemover;
  readonly isPaused: (key: GroupKey) => boolean;
  readonly slice: Slice;
}

/**
 * Takes a part of the queue out, unasked. What another intake waits for too stays for that one. What is on its way is
 * heard and kept, but never asked again. Returns the rows that waited in the part.
 */
export function* cancelQueue(db: WritableDb, args: QueuePartArgs & { readonly at: number }): Sliced<number> {
  return yield* cancelRows(db, args, true);
}

function* cancelRows(db: WritableDb, args: QueuePartArgs & { readonly at: number }, passesOn: boolean): Sliced<number> {
  const part = partKey(args);
  let removed = 0;
  let isOver = false;
  cancelOnTheirWay(db, part, args.at);
  while (!isOver) {
    const work = startWork(db, part);
    let rows: number;
    do {
      rows = cancelPage(work, passesOn);
      removed += rows;
    } while (rows > 0 && !work.slice.isOver());
    work.counts.save(db, args.at);
    isOver = rows === 0;
    if (!isOver) {
      yield;
    }
  }
  while (dropOthers(db, part) > 0) {
    yield;
  }
  appendChange(db, 'queue', args.source ?? 0);
  return removed;
}

/**
 * Takes out all an intake waits for, also where others wait for it too: its hashes are asked about by no door. Returns
 * the rows that waited.
 */
export function* dropWantedBy(db: WritableDb, intakeId: number, at: number): Sliced<number> {
  const shared = prepared<CancelRow>(
    db,
    `SELECT q.id, q.source, q.purpose, q.intake_id, q.request_id, q.digest
     FROM queue_also a JOIN queue q ON q.id = a.queue_id
     WHERE a.intake_id = +? AND q.request_id IS NULL LIMIT ${PAGE}`,
  );
  let removed = 0;
  for (let isOver = false; !isOver;) {
    const work = startWork(db, partKey({ intakeId }));
    const rows = shared.all(intakeId);
    for (const row of rows) {
      remove(work, row);
    }
    work.counts.save(db, at);
    removed += rows.length;
    isOver = rows.length === 0;
    if (!isOver) {
      yield;
    }
  }
  return removed + (yield* cancelRows(db, { intakeId, at }, false));
}

/**
 * The end of an intake's part, in the caller's transaction and after `cancelQueue`: what came since is cancelled too, what
 * is on its way belongs to nobody in particular, groups and pauses go.
 */
export function forgetQueueOf(db: WritableDb, intakeId: number, at: number): void {
  const rest = cancelQueue(db, { intakeId, at });
  while (rest.next().done !== true) {
    // Few rows, if any: they fit into this transaction.
  }
  prepared(db, 'UPDATE queue SET intake_id = 0 WHERE request_id IS NOT NULL AND intake_id = +?').run(intakeId);
  prepared(db, 'DELETE FROM queue_groups WHERE intake_id = ?').run(intakeId);
  prepared(db, 'DELETE FROM queue_pauses WHERE intake_id = ?').run(intakeId);
}

function startWork(db: WritableDb, part: GroupKey): Cancelling {
  return {
    db,
    part,
    counts: gatherGroups(),
    remover: createRowRemover(db),
    isPaused: pausedLookup(db),
    slice: startSlice(),
  };
}

/** Cancels the next rows of the first group that has any. Returns how many. */
function cancelPage(work: Cancelling, passesOn: boolean): number {
  const { db, part } = work;
  const groups = prepared<GroupKey>(
    db,
    `SELECT source, purpose, intake_id AS intakeId FROM queue_groups
     WHERE ${partSql('source', 'purpose', 'intake_id')}`,
  ).all(...valuesOf(part));
  const page = prepared<CancelRow>(
    db,
    `SELECT id, source, purpose, intake_id, request_id, digest FROM queue
     WHERE source = +? AND purpose = +? AND intake_id = +? AND request_id IS NULL LIMIT ${PAGE}`,
  );
  for (const group of groups) {
    const rows = page.all(group.source, group.purpose, group.intakeId);
    for (const row of rows) {
      if (passesOn && passOn(work, row)) {
        work.counts.add(groupOf(row), 'dropped', 1);
      } else {
        remove(work, row);
      }
    }
    if (rows.length > 0) {
      return rows.length;
    }
  }
  return 0;
}

function remove(work: Cancelling, row: CancelRow): void {
  work.remover.remove(row);
  work.counts.add(groupOf(row), 'waiting', -1);
  work.counts.add(groupOf(row), 'dropped', 1);
}

/** Gives the row to the most urgent of those who wait for it and are not cancelled; false when there is none. */
function passOn(work: Cancelling, row: WantedRow): boolean {
  const { db, part, isPaused, counts } = work;
  const rank = (want: { purpose: number; intakeId: number }): number =>
    want.purpose + (isPaused({ source: row.source, ...want }) ? 100 : 0);
  const [next] = otherWants(db, row.id)
    .filter((want) => !isInPart(part, { source: row.source, ...want }))
    .sort((a, b) => rank(a) - rank(b));
  if (next === undefined) {
    return false;
  }
  handOver(db, row, next, counts);
  return true;
}

function cancelOnTheirWay(db: WritableDb, part: GroupKey, at: number): void {
  const work = startWork(db, part);
  const rows = prepared<CancelRow>(
    db,
    `SELECT id, source, purpose, intake_id, request_id, digest FROM queue
     WHERE request_id IS NOT NULL AND cancelled = 0 AND ${partSql('source', 'purpose', 'intake_id')}`,
  ).all(...valuesOf(part));
  for (const row of rows) {
    if (!passOn(work, row)) {
      prepared(db, 'UPDATE queue SET cancelled = 1 WHERE id = +?').run(row.id);
      prepared(db, 'DELETE FROM queue_also WHERE queue_id = +?').run(row.id);
    }
  }
  work.counts.save(db, at);
}

/** Those of the part who wait for rows that are counted with others. Returns how many. */
function dropOthers(db: WritableDb, part: GroupKey): number {
  return prepared(
    db,
    `DELETE FROM queue_also WHERE (intake_id, queue_id) IN (
       SELECT a.intake_id, a.queue_id FROM queue_also a JOIN queue q ON q.id = a.queue_id
       WHERE ${partSql('q.source', 'a.purpose', 'a.intake_id')} LIMIT 2000)`,
  ).run(...valuesOf(part)).changes;
}
