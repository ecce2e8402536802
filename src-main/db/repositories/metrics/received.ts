import type { InboundDoor } from '#shared/domain/usage/panels.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { metaValue, setMetaValue } from '../meta.ts';
import { startOfLevel } from './levels.ts';
import { recordMetrics } from './record.ts';

/** Raised with each count, so that of two processes that counted at once one counts again. */
const TURN = 'inbound_turn';

/** Hashes that were not received before in their minute, hour and day. */
export interface NewHashes {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
}

/** What was received and is not counted yet. Times are seconds since the epoch. */
export interface ReceivedWaiting {
  readonly intakes: readonly { readonly id: number; readonly at: number }[];
  /** Minutes with look-ups. */
  readonly minutes: readonly number[];
}

/** What was counted already of a stretch of time, and the turn that is as of. */
export interface ReceivedBefore {
  readonly turn: number;
  readonly intakes: readonly { readonly id: number; readonly at: number }[];
  readonly lookUps: readonly { readonly digest: Uint8Array; readonly minute: number }[];
}

export interface CountReceivedArgs {
  /** As of what it was compared with. */
  readonly turn: number;
  readonly what:
    | { readonly kind: 'intake'; readonly id: number }
    | { readonly kind: 'look-ups'; readonly digests: readonly Uint8Array[] };
  /** When it came, seconds. */
  readonly at: number;
  readonly new: NewHashes;
}

/** Notes that the hashes of an intake were received; for the transaction that makes it. A number that was another's is its own. */
export function noteReceived(db: WritableDb, id: number, at: number): void {
  prepared(db, 'INSERT OR REPLACE INTO inbound_intakes (intake_id, at, is_counted) VALUES (?, ?, 0)').run(id, at);
}

/** The intake goes. Where it was not counted yet, nothing can be compared any more: all of its hashes count as new. */
export function forgetReceived(db: WritableDb, id: number, hashes: number): void {
  const row = prepared<{ at: number; is_counted: number }>(
    db,
    'SELECT at, is_counted FROM inbound_intakes WHERE intake_id = +?',
  ).get(id);
  if (row?.is_counted === 0) {
    countNew(db, 'intakes', row.at, { minute: hashes, hour: hashes, day: hashes });
  }
  prepared(db, 'DELETE FROM inbound_intakes WHERE intake_id = +?').run(id);
}

function receivedWaiting(db: ReadableDb): ReceivedWaiting {
  return {
    intakes: prepared<{ id: number; at: number }>(
      db,
      'SELECT intake_id AS id, at FROM inbound_intakes WHERE is_counted = 0 ORDER BY at, intake_id',
    ).all(),
    minutes: prepared<number>(db, 'SELECT DISTINCT minute FROM inbound_look_ups WHERE is_counted = 0 ORDER BY minute')
      .pluck(true)
      .all(),
  };
}

/** What was counted that came from `from` (inclusive) to `to` (exclusive). */
function receivedBefore(db: ReadableDb, args: { readonly from: number; readonly to: number }): ReceivedBefore {
  return {
    turn: turnOf(db),
    intakes: prepared<{ id: number; at: number }>(
      db,
      'SELECT intake_id AS id, at FROM inbound_intakes WHERE is_counted = 1 AND at >= ? AND at < ? ORDER BY intake_id',
    ).all(args.from, args.to),
    lookUps: prepared<{ digest: Uint8Array; minute: number }>(
      db,
      'SELECT digest, minute FROM inbound_look_ups WHERE minute >= ? AND minute < ? AND is_counted = 1',
    ).all(args.from, args.to),
  };
}

/** Hashes that were looked up in a minute and are not counted yet. */
function lookUpsWaiting(db: ReadableDb, args: { readonly minute: number }): Uint8Array[] {
  return prepared<Uint8Array>(db, 'SELECT digest FROM inbound_look_ups WHERE minute = +? AND is_counted = 0')
    .pluck(true)
    .all(args.minute);
}

/** Notes that hashes were looked up; those of one minute are noted once. */
function noteLookUps(db: WritableDb, args: { readonly at: number; readonly digests: readonly Uint8Array[] }): void {
  const put = prepared(db, 'INSERT OR IGNORE INTO inbound_look_ups (digest, minute) VALUES (?, ?)');
  for (const digest of args.digests) {
    put.run(digest, startOfLevel(0, args.at));
  }
}

/**
 * Counts what an intake, or the look-ups of a minute, brought that was new. False when something else was counted since
 * `turn`, so that it has to be compared again; then nothing is written.
 */
function countReceived(db: WritableDb, args: CountReceivedArgs): boolean {
  const { what } = args;
  if (turnOf(db) !== args.turn) {
    return false;
  }
  setMetaValue(db, { key: TURN, value: String(args.turn + 1) });
  if (what.kind === 'intake') {
    const { changes } = prepared(
      db,
      'UPDATE inbound_intakes SET is_counted = 1 WHERE intake_id = +? AND at = ? AND is_counted = 0',
    ).run(what.id, args.at);
    if (changes > 0) {
      countNew(db, 'intakes', args.at, args.new);
    }
    return true;
  }
  const mark = prepared(db, 'UPDATE inbound_look_ups SET is_counted = 1 WHERE minute = +? AND digest = +?');
  for (const digest of what.digests) {
    mark.run(args.at, digest);
  }
  countNew(db, 'look-ups', args.at, args.new);
  return true;
}

/** Lets go of what was counted and came before a moment: nothing is compared with it any more. */
function pruneReceived(db: WritableDb, args: { readonly before: number }): void {
  prepared(db, 'DELETE FROM inbound_intakes WHERE is_counted = 1 AND at < ?').run(args.before);
  prepared(db, 'DELETE FROM inbound_look_ups WHERE is_counted = 1 AND minute < ?').run(args.before);
}

function countNew(db: WritableDb, detail: InboundDoor, at: number, { minute, hour, day }: NewHashes): void {
  const events = [
    { kind: 'inboundMinute', at, amount: minute, detail },
    { kind: 'inboundHour', at, amount: hour, detail },
    { kind: 'inboundDay', at, amount: day, detail },
  ] as const;
  recordMetrics(
    db,
    0,
    events.filter(({ amount }) => amount > 0),
  );
}

function turnOf(db: ReadableDb): number {
  return Number(metaValue(db, TURN) ?? 0);
}

export const receivedReads = { receivedWaiting, receivedBefore, lookUpsWaiting } as const;
export const receivedWrites = { noteLookUps, countReceived, pruneReceived } as const;
