import { OUTCOMES, QUOTA_WINDOWS, type QuotaWindow } from '#shared/domain/outcome.ts';
import { SOURCES } from '#shared/domain/source.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { allSettings } from '../../settings.ts';
import type { Claim, ReserveArgs, WindowSpend } from '../../queue-types.ts';
import { purposeCode } from '../codes.ts';
import { followClock } from './ledger-clock.ts';
import { addSpendAt, spentIn, spentInMinute, windowEnd } from './spend.ts';

/** Calls that may be made now, or the moment before which none may. */
export type Room =
  | { readonly kind: 'room'; readonly calls: number }
  | { readonly kind: 'full'; readonly until: number; readonly why: QuotaWindow };

/** What is left of every window. Where several are full, the one that lasts longest is named. */
export function roomOf(db: ReadableDb, args: Pick<ReserveArgs, 'source' | 'now' | 'limits'>): Room {
  let calls = Infinity;
  let full: { until: number; why: QuotaWindow } | null = null;
  for (const window of QUOTA_WINDOWS) {
    const limit = args.limits[window];
    if (limit === null) {
      continue;
    }
    const spent =
      window === 'minute' ? spentInMinute(db, args.source, args.now) : spentIn(db, args.source, window, args.now);
    calls = Math.min(calls, limit - spent);
    if (limit - spent < 1) {
      const until =
        window === 'minute' ? minuteFreesAt(db, args.source, args.now, spent - limit) : windowEnd(window, args.now);
      full = full === null || until > full.until ? { until, why: window } : full;
    }
  }
  return full === null ? { kind: 'room', calls } : { kind: 'full', ...full };
}

/** When the minute has room for one call: `over` calls and one more must have left it. */
function minuteFreesAt(db: ReadableDb, source: number, now: number, over: number): number {
  let left = over + 1;
  let at = now;
  // A limit that was lowered may need many to leave; a page at a time keeps a usual look at one row.
  for (let offset = 0; left > 0; offset += 64) {
    const rows = prepared<{ frees_at: number; billed: number }>(
      db,
      'SELECT frees_at, billed FROM requests WHERE source = +? AND frees_at > +? ORDER BY frees_at LIMIT 64 OFFSET ?',
    ).all(source, now, offset);
    for (const row of rows) {
      if (left > 0) {
        left -= row.billed;
        at = row.frees_at;
      }
    }
    if (rows.length < 64) {
      break;
    }
  }
  return at;
}

/** What a reservation is written with. */
export interface Reservation {
  /** As `nextRequestId` said in this transaction. */
  readonly id: number;
  readonly source: number;
  /** As stored. */
  readonly purpose: number;
  /** Bytes of a digest; 0 for a call without hashes. */
  readonly bytes: number;
  readonly digests: Uint8Array;
  readonly billed: number;
  /** By the single call of the source. */
  readonly single: boolean;
  readonly now: number;
  readonly minuteMs: number;
  readonly deadlineMs: number;
}

/** The number the next reservation of this transaction gets; numbers are never used twice. */
export function nextRequestId(db: WritableDb): number {
  const last = prepared<{ seq: number }>(db, "SELECT seq FROM sqlite_sequence WHERE name = 'requests'").get();
  return (last?.seq ?? 0) + 1;
}

/** Permission for one call: from here on it counts as spent in every window. */
export function reserve(db: WritableDb, made: Reservation): void {
  prepared(
    db,
    `INSERT INTO requests (id, source, purpose, digest_bytes, digests, reserved_at, counted_at, minute_ms, frees_at,
       billed, single)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    made.id,
    made.source,
    made.purpose,
    made.bytes,
    made.digests,
    made.now,
    made.now,
    made.minuteMs,
    made.now + made.deadlineMs + made.minuteMs,
    made.billed,
    made.single ? 1 : 0,
  );
  addSpendAt(db, made.source, made.now, made.billed);
}

/** Reserves one call without hashes, for a test of the connection. Offline holds it; a paused source may be tested. */
export function reserveBare(db: WritableDb, args: ReserveArgs): Claim {
  if (allSettings(db).offline) {
    return { kind: 'held', why: 'offline' };
  }
  followClock(db, args);
  const room = roomOf(db, args);
  if (room.kind === 'full') {
    return { kind: 'wait', until: room.until, why: room.why };
  }
  const id = nextRequestId(db);
  const bare = { purpose: purposeCode('person'), bytes: 0, digests: new Uint8Array(0), billed: 1, single: false };
  reserve(db, { ...args, id, ...bare });
  return {
    kind: 'request',
    requestId: id,
    digestKind: 'sha256',
    digests: new Uint8Array(0),
    rows: [],
    single: false,
    billed: 1,
  };
}

/** What is spent of each window of a source, reserved calls included. */
export function windowSpends(
  db: ReadableDb,
  args: { readonly source: number; readonly now: number; readonly minuteMs: number },
): WindowSpend[] {
  return QUOTA_WINDOWS.map((window) => {
    if (window !== 'minute') {
      const spent = spentIn(db, args.source, window, args.now);
      return { window, spent, freesAt: spent > 0 ? windowEnd(window, args.now) : null };
    }
    const oldest = prepared<{ at: number }>(
      db,
      'SELECT frees_at AS at FROM requests WHERE source = +? AND frees_at > +? AND billed > 0 ORDER BY frees_at LIMIT 1',
    ).get(args.source, args.now);
    const spent = spentInMinute(db, args.source, args.now);
    // A clock that was set back has calls free later than a minute from now; the next claim corrects them.
    const latest = args.now + args.minuteMs * 2;
    return { window, spent, freesAt: spent > 0 && oldest !== undefined ? Math.min(oldest.at, latest) : null };
  });
}

/** Hashes that got an answer, "not known" and "pending" included, since a moment (milliseconds), over all sources. */
export function answeredSince(db: ReadableDb, args: { readonly at: number }): number {
  const rows = prepared<{ outcomes: Uint8Array | null }>(
    db,
    `SELECT outcomes FROM requests WHERE source IN (${SOURCES.map(({ code }) => code).join(', ')}) AND frees_at > +? AND settled_at >= ?`,
  ).all(args.at, args.at);
  const answers = new Set<number>((['answer', 'not-known', 'pending'] as const).map((name) => OUTCOMES.indexOf(name)));
  return rows.reduce(
    (sum, row) => sum + (row.outcomes ?? new Uint8Array(0)).filter((code) => answers.has(code)).length,
    0,
  );
}
