import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { AVOIDED_BY, type AvoidedBy } from '#shared/domain/outcome.ts';
import { NOT_ASKED } from '../../../codes.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import { recordMetric } from '../../metrics/record.ts';
import type { Claim, ClaimArgs, Dropped } from '../../queue-types.ts';
import { allSettings } from '../../settings.ts';
import { createJudge, type DueRow, type Judge } from './claim-judge.ts';
import { awaitsOfCode, kindOfBytes, purposeCode, purposeOfCode } from '../codes.ts';
import { couldNotAsk } from '../answers/could-not-ask.ts';
import { ANY_CALL, dueRows, nextDue } from './due-rows.ts';
import { gatherGroups, pausedLookup, type GroupCounts, type GroupKey } from '../queue/groups.ts';
import { createHeardItems, type HeardItems } from '../answers/heard-items.ts';
import { followClock } from '../ledger/ledger-clock.ts';
import { nextRequestId, reserve, roomOf } from '../ledger/ledger.ts';
import { rescanShareOf, turnsOf, type RescanShare, type Turn } from './rescan-share.ts';
import { createRowRemover, PARK_MS, SUSPECT_LOSSES, type RowRemover } from '../queue/rows.ts';
import { isHeld, isSwitchedOff, stateOf } from '../source-rows.ts';
import { addWant, groupOf, otherWants, type WantedRow } from './wants.ts';

/** Rows read at a time. */
const PAGE = 512;
/** Longest a claim looks for rows that may be sent; then it says to come again at once. Milliseconds. */
const LOOKING_MS = 20;

const RESCAN = purposeCode('rescan');
const NEW = purposeCode('new');
/** Beside a row that is asked with others, none that is asked alone. */
const BATCHES = [0] as const;

const NO_DIGEST_TAKEN = 'The source takes no digest this file is known by.';

/** What one claim works with and has come to. */
interface Claiming {
  readonly db: WritableDb;
  readonly args: ClaimArgs;
  readonly counts: GroupCounts;
  readonly rows: RowRemover;
  readonly judge: Judge;
  readonly share: RescanShare;
  readonly isPaused: (key: GroupKey) => boolean;
  readonly dropped: Partial<Record<keyof Dropped, number>>;
  readonly picked: DueRow[];
  /** The number the request gets, so that rows can be marked as they are picked. */
  readonly requestId: number;
  kind: DigestKind | null;
  /** Rows the request may hold. */
  most: number;
  items: HeardItems | null;
}

/**
 * Permission for one request: in one transaction looks whether the source may be asked, picks due rows of one digest
 * kind, drops what needs no call, and writes the reservation that counts as spent from then on. What was dropped is told
 * beside it. A reason not to send is told before rows are looked at.
 */
export function claimRequest(db: WritableDb, args: ClaimArgs): { readonly claim: Claim; readonly dropped: Dropped } {
  const held = heldBy(db, args.source);
  if (held !== null) {
    return { claim: { kind: 'held', why: held }, dropped: {} };
  }
  const all = waitingGroups(db, args.source);
  const isPaused = pausedLookup(db);
  const groups = all.filter((group) => !isPaused(group) && !isForNobody(group, args));
  if (groups.length === 0) {
    return { claim: all.length > 0 ? { kind: 'held', why: 'paused' } : { kind: 'empty' }, dropped: {} };
  }
  followClock(db, args);
  const room = roomOf(db, args);
  if (room.kind === 'full') {
    return { claim: { kind: 'wait', until: room.until, why: room.why }, dropped: {} };
  }
  const work: Claiming = {
    db,
    args,
    counts: gatherGroups(),
    rows: createRowRemover(db),
    judge: createJudge(db, args, isPaused),
    share: rescanShareOf(db, args),
    isPaused,
    dropped: {},
    picked: [],
    requestId: nextRequestId(db),
    kind: null,
    most: args.billedBy === 'hash' ? Math.min(args.hashesPerRequest, room.calls) : args.hashesPerRequest,
    items: null,
  };
  const isThrough = pick(work, groups);
  if (!isThrough && Object.keys(work.dropped).length > 0) {
    // More may be due: a request that is not full costs as much as a full one.
    putBack(work);
  }
  const claim = work.picked.length > 0 ? reserveFor(work) : whenNext(work, groups, isThrough);
  work.items?.finish();
  work.counts.save(db, args.now);
  tellDropped(work);
  return { claim, dropped: work.dropped };
}

function heldBy(db: WritableDb, source: number): 'offline' | 'paused' | null {
  if (allSettings(db).offline) {
    return 'offline';
  }
  return isHeld(stateOf(db, source)) || isSwitchedOff(db, source) ? 'paused' : null;
}

function waitingGroups(db: WritableDb, source: number): readonly GroupKey[] {
  return prepared<GroupKey>(
    db,
    'SELECT source, purpose, intake_id AS intakeId FROM queue_groups WHERE source = +? AND waiting > 0 ORDER BY purpose',
  ).all(source);
}

/** What nobody asked for, and this source is not to be asked unasked. Look-ups wait as a person's, scans with their intake. */
function isForNobody({ purpose, intakeId }: GroupKey, { unasked }: ClaimArgs): boolean {
  return (
    unasked !== undefined &&
    ((purpose === RESCAN && !unasked.rescans) || (purpose === NEW && intakeId === 0 && !unasked.comebacks))
  );
}

/** Fills the batch, the most urgent purpose first. False when the time was up before all due rows were looked at. */
function pick(work: Claiming, groups: readonly GroupKey[]): boolean {
  const slice = startSlice(LOOKING_MS);
  for (const turn of turnsOf(new Set(groups.map((group) => group.purpose)), work.args.rescansFirst)) {
    const due = dueRows(
      work.db,
      groups.filter((group) => group.purpose === turn.purpose),
      work.args.now,
    );
    // Usually the first rows may all be sent; where they are dropped, many more are.
    for (let limit = Math.min(PAGE, work.most); work.share.allows(turn, work.picked.length); limit = PAGE) {
      const page = due.next(kindsFor(work), work.picked.length === 0 ? ANY_CALL : BATCHES, limit);
      if (page.length === 0) {
        break;
      }
      for (const row of page) {
        takeOrDrop(work, row, turn);
        if (work.picked.length === work.most) {
          return true;
        }
      }
      if (page.length === PAGE && slice.isOver()) {
        return false;
      }
    }
  }
  return true;
}

/** Once a row is picked: its kind, and kinds the source takes only through another digest. */
function kindsFor(work: Claiming): readonly DigestKind[] {
  const { kind } = work;
  return kind === null
    ? DIGEST_KINDS
    : DIGEST_KINDS.filter((candidate) => candidate === kind || !work.args.takes.includes(candidate));
}

function takeOrDrop(work: Claiming, row: DueRow, turn: Turn): void {
  const own = kindOfBytes(row.digest.length);
  if (work.kind !== null && own !== work.kind && work.args.takes.includes(own)) {
    return;
  }
  if (work.picked.length >= (row.single === 1 ? 1 : mostBeside(row))) {
    return;
  }
  if (!work.share.allows(turn, work.picked.length) || (turn.isMaliciousFirst && !work.judge.isMalicious(row))) {
    return;
  }
  const picked = work.picked.length;
  const judged = work.judge.judge(row);
  if (judged.kind === 'send') {
    pickRow(work, row);
  } else if (judged.kind === 'park') {
    prepared(work.db, 'UPDATE queue SET parked = 1, not_before = ? WHERE id = +?').run(work.args.now + PARK_MS, row.id);
  } else if (judged.kind === 'ask-by') {
    askBy(work, row, judged.digest);
  } else if (judged.kind === 'join') {
    joinRow(work, row, judged.rowId);
    drop(work, row, 'link');
  } else if (judged.kind === 'listed') {
    holdUnasked(work, row.source, judged.files, judged.lookAgainAt);
    drop(work, row, 'hash-list');
  } else {
    if (judged.why === 'could-not-ask') {
      putDown(work, row);
    }
    drop(work, row, judged.why);
  }
  if (row.purpose === RESCAN && work.picked.length > picked) {
    work.share.took();
  }
}

/** How large a batch with this row may be. Usual rows are in batches of any size. */
function mostBeside({ losses }: DueRow): number {
  return losses < SUSPECT_LOSSES ? Infinity : Math.max(1, 512 >> (3 * (losses - SUSPECT_LOSSES + 1)));
}

/** Asks about the file by another digest; the row becomes that digest's, unless that one is queued by itself. */
function askBy(work: Claiming, row: DueRow, digest: Uint8Array): void {
  const other = prepared<{ id: number }>(work.db, 'SELECT id FROM queue WHERE digest = +? AND source = +?').get(
    digest,
    row.source,
  );
  if (other !== undefined) {
    joinRow(work, row, other.id);
    drop(work, row, 'queued');
    return;
  }
  prepared(work.db, 'UPDATE queue SET digest = ?, bytes = ? WHERE id = +?').run(digest, digest.length, row.id);
  work.rows.wakeStages(row.digest);
  // Where the batch has another kind, the row waits under its new digest.
  if (work.kind === null || work.kind === kindOfBytes(digest.length)) {
    pickRow(work, { ...row, digest });
  }
}

function pickRow(work: Claiming, row: DueRow): void {
  work.kind = kindOfBytes(row.digest.length);
  work.picked.push(row);
  work.most = row.single === 1 ? 1 : Math.min(work.most, mostBeside(row));
  prepared(work.db, 'UPDATE queue SET request_id = ?, parked = 0 WHERE id = +?').run(work.requestId, row.id);
  work.counts.add(groupOf(row), 'waiting', -1);
}

/** Whoever waits for this row waits for that one. */
function joinRow(work: Claiming, row: DueRow, otherId: number): void {
  const { db } = work;
  const wants = [{ purpose: row.purpose, intakeId: row.intake_id }, ...otherWants(db, row.id)];
  // One that everybody gave up while it was on its way is this row's own from now on.
  prepared(db, 'UPDATE queue SET cancelled = 0, purpose = ?, intake_id = ? WHERE id = +? AND cancelled = 1').run(
    row.purpose,
    row.intake_id,
    otherId,
  );
  const find = prepared<WantedRow>(db, 'SELECT id, source, purpose, intake_id, request_id FROM queue WHERE id = +?');
  for (const want of wants) {
    const other = find.get(otherId);
    if (other !== undefined) {
      addWant(db, other, want, work.isPaused, work.counts);
    }
  }
}

function drop(work: Claiming, row: DueRow, why: keyof Dropped): void {
  work.rows.remove(row);
  work.counts.add(groupOf(row), 'waiting', -1);
  work.counts.add(groupOf(row), 'dropped', 1);
  work.dropped[why] = (work.dropped[why] ?? 0) + 1;
}

/** What was never asked about comes back by itself when the list lets it go. */
function holdUnasked(work: Claiming, source: number, files: readonly number[], until: number): void {
  const hold = prepared(
    work.db,
    `UPDATE items SET next_scan_at = ? WHERE file_id = +? AND source = +? AND no_answer = ${NOT_ASKED}`,
  );
  for (const file of files) {
    hold.run(until, file, source);
  }
}

function putDown(work: Claiming, row: DueRow): void {
  work.items ??= createHeardItems(work.db, work.args.now);
  work.items.put(couldNotAsk(row.digest, row.source, NO_DIGEST_TAKEN, work.args.now));
}

function putBack(work: Claiming): void {
  for (const row of work.picked.splice(0)) {
    prepared(work.db, 'UPDATE queue SET request_id = NULL WHERE id = +?').run(row.id);
    work.counts.add(groupOf(row), 'waiting', 1);
  }
}

function reserveFor(work: Claiming): Claim {
  const { db, args, picked } = work;
  const digests = Buffer.concat(picked.map((row) => row.digest));
  const billed = args.billedBy === 'hash' ? picked.length : 1;
  const first = picked[0] as DueRow;
  reserve(db, {
    ...args,
    id: work.requestId,
    purpose: first.purpose,
    bytes: first.digest.length,
    digests,
    billed,
    single: first.single === 1,
  });
  return {
    kind: 'request',
    requestId: work.requestId,
    digestKind: work.kind ?? kindOfBytes(first.digest.length),
    digests: new Uint8Array(digests),
    rows: picked.map((row) => ({
      id: row.id,
      attempts: row.attempts,
      purpose: purposeOfCode(row.purpose),
      awaits: awaitsOfCode(row.awaits),
    })),
    single: first.single === 1,
    billed,
  };
}

function whenNext(work: Claiming, groups: readonly GroupKey[], isThrough: boolean): Claim {
  const { db, args } = work;
  if (!isThrough) {
    return { kind: 'wait', until: args.now, why: 'not-before' };
  }
  const next = nextDue(db, groups, args.now);
  const { heldBack } = work.share;
  if (heldBack !== null && (next === null || heldBack.until <= next.at)) {
    return { kind: 'wait', ...heldBack, forRescans: true };
  }
  return next === null
    ? { kind: 'empty' }
    : { kind: 'wait', until: next.at, why: next.parked ? 'stage' : 'not-before' };
}

function tellDropped(work: Claiming): void {
  const { db, args, dropped } = work;
  for (const [why, amount] of Object.entries(dropped)) {
    if (AVOIDED_BY.includes(why as AvoidedBy)) {
      recordMetric(db, {
        kind: 'pairsAvoided',
        at: Math.floor(args.now / 1000),
        source: args.source,
        amount,
        detail: why,
      });
    }
  }
  if (Object.keys(dropped).length > 0) {
    appendChange(db, 'queue', args.source);
  }
}
