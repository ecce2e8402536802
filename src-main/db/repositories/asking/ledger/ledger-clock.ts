import { SOURCES } from '#shared/domain/source.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { addSpend, windowStarts } from './spend.ts';

/** A wall clock that moves this much against the steady one was set. Below it is rounding and slewing. */
const TOLERANCE_MS = 20;
/** Below it, looking through the queue costs more than rows that wait a moment longer. */
const WORTH_PULLING_MS = 1000;

interface Seen {
  readonly wall: number;
  readonly steady: number;
  readonly last: number;
}

/** When the ledger was looked at last through this handle; per process, because steady clocks are. */
const seen = new WeakMap<WritableDb, Seen>();

/** What the minute of a call is longer by: clocks are read in whole milliseconds and may be slewed meanwhile. */
export function slackOf(minuteMs: number): number {
  return Math.max(2, Math.ceil(minuteMs / 600));
}

/**
 * Brings the ledger to a wall clock that was set, before anything is counted. The aim is that a call never counts for
 * less than a minute of time that really passed, whatever the clock was set to:
 *
 * - Set forward while this process runs: calls that still counted at the last look count longer by as much, at most a
 *   full minute from now. A machine that slept looks the same and waits a minute at the most.
 * - Set back: a call that now lies in the future is taken to have been made just now. It counts a full minute from now
 *   and, where now is in another UTC window, there too: calls are rather counted twice than lost. Calls before it stop
 *   counting after a minute from now at the latest, so that nothing is stuck until the old time comes again.
 *
 * A clock set forward while no process asked cannot be told from time that passed; the stored times then hold.
 */
export function followClock(
  db: WritableDb,
  args: { readonly source: number; readonly now: number; readonly steadyMs: number; readonly minuteMs: number },
): void {
  const before = seen.get(db);
  let kept = { wall: args.now, steady: args.steadyMs };
  if (before !== undefined) {
    const set = args.now - before.wall - (args.steadyMs - before.steady);
    if (set > TOLERANCE_MS) {
      countLonger(db, before.last, args.now, set);
    } else if (set < -WORTH_PULLING_MS) {
      pullWaiting(db, args.now, set);
    } else if (set >= -TOLERANCE_MS) {
      kept = before;
    }
  }
  seen.set(db, { ...kept, last: args.now });
  pullToNow(db, args.source, args.now);
  capMinutes(db, args);
}

function countLonger(db: WritableDb, last: number, now: number, by: number): void {
  for (const { code } of SOURCES) {
    const rows = prepared<{ id: number; frees_at: number; minute_ms: number; settled_at: number | null }>(
      db,
      'SELECT id, frees_at, minute_ms, settled_at FROM requests WHERE source = +? AND frees_at > +?',
    ).all(code, last);
    for (const row of rows) {
      const latest = row.settled_at === null ? Infinity : now + row.minute_ms + slackOf(row.minute_ms);
      prepared(db, 'UPDATE requests SET frees_at = ? WHERE id = +?').run(
        Math.max(row.frees_at, Math.min(row.frees_at + Math.ceil(by), latest)),
        row.id,
      );
    }
  }
}

/** Rows that wait for a moment wait as long as they would have. */
function pullWaiting(db: WritableDb, now: number, by: number): void {
  prepared(db, 'UPDATE queue SET not_before = max(0, not_before + ?) WHERE request_id IS NULL AND not_before > ?').run(
    Math.floor(by),
    now,
  );
}

interface FutureRow {
  readonly id: number;
  readonly counted_at: number;
  readonly minute_ms: number;
  readonly settled_at: number | null;
  readonly frees_at: number;
  readonly billed: number;
}

function pullToNow(db: WritableDb, source: number, now: number): void {
  // Rows are counted in the order they were made, so the newest tells whether any lies in the future.
  const newest = prepared<FutureRow>(
    db,
    `SELECT id, counted_at, minute_ms, settled_at, frees_at, billed FROM requests
     WHERE source = +? AND id < +? ORDER BY id DESC LIMIT 1`,
  );
  for (
    let row = newest.get(source, Number.MAX_SAFE_INTEGER);
    row !== undefined && row.counted_at > now;
    row = newest.get(source, row.id)
  ) {
    const then = windowStarts(row.counted_at);
    for (const [window, start] of Object.entries(windowStarts(now))) {
      if (start !== then[window as keyof typeof then]) {
        addSpend(db, source, window as keyof typeof then, start, row.billed);
      }
    }
    const frees = row.frees_at - row.counted_at + now;
    const full = now + row.minute_ms + slackOf(row.minute_ms);
    prepared(db, 'UPDATE requests SET counted_at = ?, frees_at = ? WHERE id = +?').run(
      now,
      row.settled_at === null ? Math.max(frees, full) : full,
      row.id,
    );
  }
}

/** Heard calls count no longer than a minute from now; only one that was set back makes it seem so. */
function capMinutes(
  db: WritableDb,
  args: { readonly source: number; readonly now: number; readonly minuteMs: number },
): void {
  const rows = prepared<{ id: number; frees_at: number; minute_ms: number }>(
    db,
    'SELECT id, frees_at, minute_ms FROM requests WHERE source = +? AND frees_at > +? AND settled_at IS NOT NULL',
  ).all(args.source, args.now + args.minuteMs + slackOf(args.minuteMs));
  for (const row of rows) {
    const latest = args.now + row.minute_ms + slackOf(row.minute_ms);
    if (row.frees_at > latest) {
      prepared(db, 'UPDATE requests SET frees_at = ? WHERE id = +?').run(latest, row.id);
    }
  }
}
