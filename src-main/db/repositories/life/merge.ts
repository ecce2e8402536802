import { NO_ANSWER_CODE, NOT_ASKED } from '../../codes.ts';
import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';
import { itemCounter, unaskedCounter, type CounterDeltas } from '../counters.ts';
import { isAnswer, isSameState, type ItemState } from './item-state.ts';
import type { LifeRecorder } from './recorder.ts';

interface MergedItem extends ItemState {
  readonly source: number;
  readonly firstSeen: number | null;
  readonly scannedAt: number | null;
  readonly since: number;
  /** The last day it was asked for, since the epoch. */
  readonly askedDay: number;
}

/**
 * Moves the items of `other`, with all that is kept beside them, to the file `target`: both turned out to be one. Of two
 * items by one source the newer stays; that a source could not be asked gives way to anything it said, and an item
 * without an answer to any other. Where the one that goes said something else, a row of history leads from it to the one
 * that stays. That is no flip: the source was not asked just now.
 */
export function mergeItems(
  db: WritableDb,
  target: number,
  other: number,
  counts: CounterDeltas,
  life: LifeRecorder,
): void {
  const kept = new Map(itemsOf(db, target).map((item) => [item.source, item]));
  const joined: (() => void)[] = [];
  for (const item of itemsOf(db, other)) {
    const own = kept.get(item.source);
    if (own !== undefined) {
      const [stays, goes] = isPreferred(item, own) ? [item, own] : [own, item];
      drop(db, stays === item ? target : other, goes, counts);
      joined.push(() => join(db, target, stays, goes, life));
    }
  }
  prepared(db, 'UPDATE items SET file_id = ? WHERE file_id = +?').run(target, other);
  // A report goes with its item; one without an item has nothing left to go with.
  prepared(db, 'UPDATE OR REPLACE reports SET file_id = ? WHERE file_id = +?').run(target, other);
  prepared(db, 'UPDATE item_history SET file_id = ? WHERE file_id = +?').run(target, other);
  for (const step of joined) {
    step();
  }
  moveBeside(db, target, other);
  life.look(target);
}

function itemsOf(db: WritableDb, fileId: number): readonly MergedItem[] {
  return prepared<MergedItem>(
    db,
    `SELECT source, status, no_answer AS noAnswer, score, threat_id AS threatId, first_seen AS firstSeen,
       scanned_at AS scannedAt, coalesce(since, created_at) AS since, coalesce(asked_day, created_at / 86400) AS askedDay
     FROM items WHERE file_id = +?`,
  ).all(fileId);
}

function isPreferred(a: MergedItem, b: MergedItem): boolean {
  const difference = rankOf(a) - rankOf(b);
  return difference > 0 || (difference === 0 && (a.scannedAt ?? -1) > (b.scannedAt ?? -1));
}

function rankOf({ noAnswer }: MergedItem): number {
  if (noAnswer === NOT_ASKED) {
    return 0;
  }
  return noAnswer === NO_ANSWER_CODE['could-not-ask'] ? 1 : 2;
}

function drop(db: WritableDb, fileId: number, item: MergedItem, counts: CounterDeltas): void {
  prepared(db, 'DELETE FROM items WHERE file_id = +? AND source = +?').run(fileId, item.source);
  prepared(db, 'DELETE FROM reports WHERE file_id = +? AND source = +?').run(fileId, item.source);
  counts.add(itemCounter(item.source, item.status), -1);
  if (item.noAnswer === NOT_ASKED) {
    counts.add(unaskedCounter(item.source), -1);
  }
}

/** Gives the item that stays what only the other one knew. */
function join(db: WritableDb, fileId: number, stays: MergedItem, goes: MergedItem, life: LifeRecorder): void {
  const { source } = stays;
  const isChange = isAnswer(goes.noAnswer) && !isSameState(stays, goes);
  const at = Math.max(stays.since, goes.since);
  if (isChange) {
    life.joined({ fileId, source, from: goes.since, at, before: goes, after: stays });
  }
  prepared(
    db,
    `UPDATE items SET first_seen = coalesce(first_seen, ?), since = CASE WHEN ? > coalesce(since, created_at) THEN ? ELSE since END,
       asked_day = CASE WHEN ? > coalesce(asked_day, created_at / 86400) THEN ? ELSE asked_day END
     WHERE file_id = +? AND source = +?`,
  ).run(goes.firstSeen, isChange ? at : 0, at, goes.askedDay, goes.askedDay, fileId, source);
}

/** The older of two disagreements, and the later of two days. */
function moveBeside(db: WritableDb, target: number, other: number): void {
  const since = prepared<number>(db, 'SELECT since FROM disagreements WHERE file_id = +?').pluck(true).get(other);
  if (since !== undefined) {
    prepared(db, 'DELETE FROM disagreements WHERE file_id = +?').run(other);
    prepared(
      db,
      'INSERT INTO disagreements (file_id, since) VALUES (?, ?) ON CONFLICT DO UPDATE SET since = min(since, excluded.since)',
    ).run(target, since);
    appendChange(db, 'disagreement', other);
    appendChange(db, 'disagreement', target);
  }
  const day = prepared<number>(db, 'SELECT day FROM asked_stage WHERE file_id = +?').pluck(true).get(other);
  if (day !== undefined) {
    prepared(db, 'DELETE FROM asked_stage WHERE file_id = +?').run(other);
    prepared(
      db,
      'INSERT INTO asked_stage (file_id, day) VALUES (?, ?) ON CONFLICT DO UPDATE SET day = max(day, excluded.day)',
    ).run(target, day);
  }
}
