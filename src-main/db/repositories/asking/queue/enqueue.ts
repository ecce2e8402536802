import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { SLICE_MS, startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import { recordMetric } from '../../metrics/record.ts';
import type { Enqueued, EnqueueArgs } from '../../queue-types.ts';
import { purposeCode } from '../codes.ts';
import { gatherGroups, pausedLookup, startGroup, type GroupCounts, type GroupKey } from './groups.ts';
import { createItemMaker, type ItemMaker } from '../answers/made-items.ts';
import { addWant, type WantedRow } from '../claim/wants.ts';

const LOOK_EVERY = 64;
/** What is collected is written at the end of a stretch, and committing rows at random places takes as long again. */
const COLLECT_MS = SLICE_MS / 2;
const SHORTEST_SLICE_MS = 6;
const NEW = purposeCode('new');
const PERSON = purposeCode('person');
const RECHECK = purposeCode('recheck');

interface StoredRow extends WantedRow {
  readonly stage: number;
  readonly stop_on_malicious: number;
  readonly force: number;
  readonly single: number;
  readonly cancelled: number;
}

/** One transaction's view of who is queued for what. */
interface Enqueuing {
  readonly args: EnqueueArgs;
  readonly key: GroupKey;
  readonly isPaused: (key: GroupKey) => boolean;
  readonly counts: GroupCounts;
  readonly items: ItemMaker;
  /** How many new items may still be made. */
  readonly room: { left: number };
}

/**
 * Queues digests for one source, each at most once. What waits already is not queued again: it becomes as urgent as the
 * more urgent of the two, waits for both intakes, and is asked with the weaker of two conditions. It is counted as a
 * call that was not needed. A person is not kept waiting by the time a row waits for, others are. Queue lower stages
 * first. Every digest has an item from then on, unless it is ambiguous; what would need one more than `mostNew` is not
 * queued.
 */
export function* enqueue(db: WritableDb, args: EnqueueArgs): Sliced<Enqueued> {
  const bytes = DIGEST_BYTES[args.kind];
  const total = countOf(args);
  const key = { source: args.source, purpose: purposeCode(args.purpose), intakeId: args.intakeId ?? 0 };
  const room = { left: args.mostNew ?? Number.POSITIVE_INFINITY };
  const done = { queued: 0, alreadyQueued: 0, notMade: 0 };
  let next = 0;
  let flushMs = 0;
  startGroup(db, key, args.at);
  while (next < total) {
    // What the last stretch took to write at its end comes out of this one's time.
    const slice = startSlice(Math.max(SHORTEST_SLICE_MS, COLLECT_MS - flushMs));
    const counts = gatherGroups();
    const items = createItemMaker(db, args.source, Math.floor(args.at / 1000));
    const work = { args, key, isPaused: pausedLookup(db), counts, items, room };
    const before = { ...done };
    do {
      for (const end = Math.min(next + LOOK_EVERY, total); next < end; next += 1) {
        done[enqueueOne(db, work, args.digests.subarray(next * bytes, (next + 1) * bytes))] += 1;
      }
    } while (next < total && !slice.isOver());
    const flushFrom = performance.now();
    items.save();
    counts.add(key, 'waiting', done.queued - before.queued);
    counts.save(db, args.at);
    countJoined(db, args, done.alreadyQueued - before.alreadyQueued);
    appendChange(db, 'queue', args.source);
    flushMs = performance.now() - flushFrom;
    if (next < total) {
      yield;
    }
  }
  return done;
}

function countOf({ kind, digests }: EnqueueArgs): number {
  const total = digests.length / DIGEST_BYTES[kind];
  if (!Number.isInteger(total)) {
    throw new TypeError(`${digests.length} bytes are no whole number of ${kind} digests`);
  }
  return total;
}

/** Counted here and nowhere else: what a plan leaves out because it is queued does not come here. */
function countJoined(db: WritableDb, { source, at }: EnqueueArgs, amount: number): void {
  if (amount > 0) {
    recordMetric(db, { kind: 'pairsAvoided', at: Math.floor(at / 1000), source, amount, detail: 'queued' });
  }
}

/** Queues one digest, with its item, and tells what came of it. */
function enqueueOne(db: WritableDb, work: Enqueuing, digest: Uint8Array): keyof Enqueued {
  const { args, key, items, room } = work;
  const found = items.find(digest);
  const needsItem = found.kind === 'none';
  if (needsItem && room.left <= 0 && !isQueued(db, args.source, digest)) {
    return 'notMade';
  }
  const isAdded = addRow(db, work, digest);
  if (!isAdded) {
    join(db, work, digest);
  }
  if (needsItem && room.left > 0) {
    items.make(digest, found.fileId);
    room.left -= 1;
  } else if (found.kind === 'item' && key.purpose <= NEW) {
    items.askedFor(found);
  }
  return isAdded ? 'queued' : 'alreadyQueued';
}

function isQueued(db: WritableDb, source: number, digest: Uint8Array): boolean {
  return prepared(db, 'SELECT 1 FROM queue WHERE digest = +? AND source = +?').get(digest, source) !== undefined;
}

/** False when the digest is in the queue already. */
function addRow(db: WritableDb, { args, key }: Enqueuing, digest: Uint8Array): boolean {
  const { changes } = prepared(
    db,
    `INSERT INTO queue (source, digest, bytes, purpose, intake_id, stage, stop_on_malicious, force, single, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest, source) DO NOTHING`,
  ).run(
    args.source,
    digest,
    digest.length,
    key.purpose,
    key.intakeId,
    args.stage,
    args.stopOnMalicious ? 1 : 0,
    args.force ? 1 : 0,
    args.single === true ? 1 : 0,
    args.at,
  );
  return changes > 0;
}

/** Joins a row that is in the queue already. */
function join(db: WritableDb, work: Enqueuing, digest: Uint8Array): void {
  const { args, key, isPaused, counts } = work;
  const row = prepared<StoredRow>(
    db,
    `SELECT id, source, purpose, intake_id, request_id, stage, stop_on_malicious, force, single, cancelled
     FROM queue WHERE digest = +? AND source = +?`,
  ).get(digest, args.source);
  if (row === undefined) {
    return;
  }
  if (row.cancelled === 1) {
    // On its way and given up by everybody; whoever asks for it now is the only one who waits.
    prepared(
      db,
      'UPDATE queue SET cancelled = 0, purpose = ?, intake_id = ?, stop_on_malicious = ?, force = ? WHERE id = +?',
    ).run(key.purpose, key.intakeId, args.stopOnMalicious ? 1 : 0, args.force ? 1 : 0, row.id);
    return;
  }
  // Others wait for the time of a pending answer with it: until then it is an answer for them, too.
  const isRecheck = row.purpose === RECHECK && row.request_id === null;
  const isPatient = isRecheck && key.purpose !== PERSON && !args.force;
  const purpose = isPatient ? Math.max(key.purpose, RECHECK) : key.purpose;
  weaken(db, args, row, isRecheck && purpose < RECHECK);
  addWant(db, row, { purpose, intakeId: key.intakeId }, isPaused, counts);
}

/**
 * Gives the row the weaker of two conditions. One that `leavesRecheck` is asked although its pending answer is young, and
 * none of its tries has failed: rechecks count theirs differently.
 */
function weaken(db: WritableDb, args: EnqueueArgs, row: StoredRow, leavesRecheck: boolean): void {
  const isNow = args.purpose === 'person' && row.request_id === null;
  const stops = row.stop_on_malicious === 1 && args.stopOnMalicious;
  const forced = row.force === 1 || args.force || leavesRecheck;
  const stage = Math.min(row.stage, args.stage);
  // One call that tells everything is enough for those who wait for less; one that is on its way stays what it is.
  const single = row.single === 1 || (args.single === true && row.request_id === null);
  const isSame =
    stage === row.stage &&
    stops === (row.stop_on_malicious === 1) &&
    forced === (row.force === 1) &&
    single === (row.single === 1);
  if (isSame && !isNow && !leavesRecheck) {
    return;
  }
  prepared(
    db,
    `UPDATE queue SET stage = ?, stop_on_malicious = ?, force = ?, single = ?, attempts = attempts * ?,
       not_before = CASE WHEN ? OR (parked = 1 AND ? = 0) THEN 0 ELSE not_before END, parked = parked AND ? > 0
     WHERE id = +?`,
  ).run(
    stage,
    stops ? 1 : 0,
    forced ? 1 : 0,
    single ? 1 : 0,
    leavesRecheck ? 0 : 1,
    isNow ? 1 : 0,
    stage,
    stage,
    row.id,
  );
}
