import { CHANGE, type ChangeKind } from '../change-kinds.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

export interface ChangeRow {
  readonly seq: number;
  readonly kind: number;
  readonly id: number;
}

/** Appends one change; call it in the transaction of the write it tells about. */
export function appendChange(db: WritableDb, kind: ChangeKind, id: number): void {
  prepared(db, 'INSERT INTO changes (kind, id) VALUES (?, ?)').run(CHANGE[kind], id);
}

/** The newest change ever appended, 0 when there was none. Pruning does not lower it. */
export function lastSeq(db: ReadableDb): number {
  const row = prepared<{ seq: number }>(db, "SELECT seq FROM sqlite_sequence WHERE name = 'changes'").get();
  return row?.seq ?? 0;
}

/** The oldest change still kept, or null when none is. A reader that is further behind must start afresh. */
export function oldestSeq(db: ReadableDb): number | null {
  return prepared<{ seq: number | null }>(db, 'SELECT min(seq) AS seq FROM changes').get()?.seq ?? null;
}

/** Changes after `since`, oldest first, at most `limit`. */
export function changesSince(db: ReadableDb, args: { readonly since: number; readonly limit: number }): ChangeRow[] {
  return prepared<ChangeRow>(db, 'SELECT seq, kind, id FROM changes WHERE seq > ? ORDER BY seq LIMIT ?').all(
    args.since,
    args.limit,
  );
}

/** How far the feed is and which kinds moved after `since`. */
export function changedKinds(
  db: ReadableDb,
  args: { readonly since: number },
): { readonly seq: number; readonly kinds: number[] } {
  const kinds = prepared<{ kind: number }>(db, 'SELECT DISTINCT kind FROM changes WHERE seq > ?')
    .all(args.since)
    .map((row) => row.kind);
  return { seq: lastSeq(db), kinds: kinds.sort((a, b) => a - b) };
}

/** Kinds of changes verdicts follow from; reading or renaming an intake moves none. */
const FELT: readonly number[] = [CHANGE.item, CHANGE.file, CHANGE.listEntry, CHANGE.knownSet];

/** Whether anything that verdicts rest on changed after `since`. Changes that were pruned may have been anything. */
export function isFelt(db: ReadableDb, since: number): boolean {
  const oldest = oldestSeq(db);
  return (
    (oldest === null ? lastSeq(db) > since : oldest > since + 1) ||
    changedKinds(db, { since }).kinds.some((kind) => FELT.includes(kind))
  );
}

/** Changes kept for those who follow the feed; whoever is further behind looks at everything again, which is faster. */
const KEPT_CHANGES = 200_000;
/** Dropped at a time, so that it costs a bulk write next to nothing. */
const PRUNED_AT_ONCE = 10_000;

/** Drops a stretch of the oldest changes when there are more than are kept; for the end of a bulk transaction. */
export function pruneOldChanges(db: WritableDb): void {
  const oldest = oldestSeq(db);
  const limit = lastSeq(db) - KEPT_CHANGES;
  if (oldest !== null && oldest <= limit) {
    pruneChanges(db, { upTo: Math.min(limit, oldest + PRUNED_AT_ONCE) });
  }
}

/** Drops changes up to and including `upTo`. Returns how many went. */
function pruneChanges(db: WritableDb, args: { readonly upTo: number }): number {
  return prepared(db, 'DELETE FROM changes WHERE seq <= ?').run(args.upTo).changes;
}

export const changesReads = { changesSince, changedKinds, lastSeq, oldestSeq } as const;
export const changesWrites = { pruneChanges } as const;
