import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';
import { outcomeCode } from './codes.ts';
import { couldNotAsk } from './answers/could-not-ask.ts';
import { gatherGroups } from './queue/groups.ts';
import { createHeardItems } from './answers/heard-items.ts';
import { slackOf } from './ledger/ledger-clock.ts';
import { createRowRemover, SUSPECT_LOSSES } from './queue/rows.ts';
import { countLost } from './ledger/settled-metrics.ts';
import { addCrossing } from './ledger/spend.ts';
import { groupOf, type WantedRow } from './claim/wants.ts';

/** A hash that was asked about this often in a row by processes that ended is given up: its answer may be what ends them. */
const MOST_LOSSES = 8;
/** For how long it is then not asked about again by itself. */
const GIVEN_UP_SECONDS = 86_400;

interface OpenRequest {
  readonly id: number;
  readonly source: number;
  readonly minute_ms: number;
  readonly counted_at: number;
  /** When the answer would have been given up. */
  readonly dead_at: number;
  readonly billed: number;
  readonly hashes: number;
}

/**
 * Called by a new outbound owner before it asks: what was on its way belonged to one that ended. Those requests may have
 * reached the source, so they stay spent and count a minute from now; their rows wait again, without a try
 * counted, until they were lost too often. Tests of a connection are other processes' and are taken for lost only after
 * their deadline. Calling it again changes nothing.
 */
export function recoverRequests(
  db: WritableDb,
  args: { readonly now: number },
): { readonly requests: number; readonly rows: number } {
  const open = prepared<OpenRequest>(
    db,
    `SELECT id, source, minute_ms, counted_at, frees_at - minute_ms AS dead_at, billed,
       length(digests) / max(1, digest_bytes) AS hashes FROM requests
     WHERE settled_at IS NULL AND (digest_bytes > 0 OR frees_at - minute_ms <= ?)`,
  ).all(args.now);
  const lost = outcomeCode('lost');
  for (const request of open) {
    prepared(
      db,
      `UPDATE requests SET settled_at = ?, frees_at = ?, outcome = ?, outcomes = NULL,
         message = 'The program ended before the answer was heard.' WHERE id = +?`,
    ).run(args.now, args.now + request.minute_ms + slackOf(request.minute_ms), lost, request.id);
    addCrossing(db, request.source, request.counted_at, Math.min(args.now, request.dead_at), request.billed);
    countLost(db, request, args.now);
  }
  const rows = waitAgain(db, args.now);
  for (const source of new Set(open.map((request) => request.source))) {
    appendChange(db, 'queue', source);
  }
  return { requests: open.length, rows };
}

function waitAgain(db: WritableDb, now: number): number {
  const rows = prepared<
    WantedRow & { readonly digest: Uint8Array; readonly cancelled: number; readonly losses: number }
  >(
    db,
    `SELECT id, source, purpose, intake_id, request_id, digest, cancelled, losses + 1 AS losses FROM queue
     WHERE request_id IS NOT NULL`,
  ).all();
  const items = createHeardItems(db, now);
  const counts = gatherGroups();
  const remover = createRowRemover(db);
  for (const row of rows) {
    const isGivenUp = row.losses >= MOST_LOSSES;
    if (isGivenUp) {
      const reason = `Assay ended ${row.losses} times before it heard the answer.`;
      const notBefore = Math.floor(now / 1000) + GIVEN_UP_SECONDS;
      items.put({ ...couldNotAsk(row.digest, row.source, reason, now), notBefore });
    }
    if (row.cancelled === 1 || isGivenUp) {
      counts.add(groupOf(row), 'dropped', 1);
      remover.remove(row);
    } else {
      prepared(db, 'UPDATE queue SET request_id = NULL, losses = ?, not_before = ?, reason = NULL WHERE id = +?').run(
        row.losses,
        row.losses < SUSPECT_LOSSES ? 0 : now,
        row.id,
      );
      counts.add(groupOf(row), 'waiting', 1);
    }
  }
  items.finish();
  counts.save(db, now);
  return rows.length;
}
