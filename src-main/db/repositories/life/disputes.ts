import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { digestKey } from '../../codes.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { digestOf, isSame } from '../asking/answers/known-files.ts';
import { filesByIds, itemDetailsOfFile, type FileRow, type ItemDetailRow } from '../evidence.ts';
import { allSettings } from '../settings.ts';
import { disputedAmong, lookAtDisagreements, type SaidRow } from './disagreements.ts';

/** A file about which sources disagree and nobody decided. `since` is seconds since the epoch. */
export interface DisagreementRow {
  readonly fileId: number;
  readonly since: number;
  readonly file: FileRow;
  readonly items: readonly ItemDetailRow[];
}

/** Counted exactly up to this many, and no page lies beyond it: newer ones are decided first. */
export const MOST_OPEN = 10_000;
/** Rows of `disagreements` looked at in one read, decided ones included, so that it ends within a second. */
const MOST_SEEN = 50_000;
const PAGE = 500;
/** Items read in one stretch of `disagreementsToSettle`, so that it ends within a tenth of a second. */
const MOST_ITEMS = 50_000;
const LOOK_EVERY = 64;

interface ScannedRow extends SaidRow {
  readonly noAnswer: number | null;
}

type ListedRow = readonly [key: number, md5: Uint8Array | null, sha1: Uint8Array | null, sha256: Uint8Array | null];

const LISTED = `SELECT k.key, e.md5, e.sha1, e.sha256 FROM json_each(?) j CROSS JOIN hash_list_keys k ON k.key = j.value
  CROSS JOIN hash_list e ON e.id = k.entry_id WHERE e.expires_at IS NULL OR e.expires_at > ?`;

interface Stored {
  readonly fileId: number;
  readonly since: number;
}

/**
 * Disagreements that nobody decided, newest first: files of which no digest is on the hash list in force at `now` (seconds
 * since the epoch). `isAtLeast`: there are more than `total`.
 */
function disagreementsPage(
  db: ReadableDb,
  args: { readonly now: number; readonly offset: number; readonly limit: number },
): { readonly total: number; readonly isAtLeast: boolean; readonly rows: readonly DisagreementRow[] } {
  const rows: DisagreementRow[] = [];
  let total = 0;
  let seen = 0;
  let last: Stored = { since: Number.MAX_SAFE_INTEGER, fileId: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const page = pageBefore(db, last);
    const files = new Map(
      filesByIds(
        db,
        page.map(({ fileId }) => fileId),
      ).map((file) => [file[0], file]),
    );
    const listed = listedAmong(db, [...files.values()], args.now);
    for (const stored of page) {
      const file = files.get(stored.fileId);
      if (file === undefined || listed.has(stored.fileId)) {
        continue;
      }
      if (total === MOST_OPEN) {
        return { total, isAtLeast: true, rows };
      }
      if (total >= args.offset && rows.length < args.limit) {
        rows.push({ ...stored, file, items: itemDetailsOfFile(db, stored.fileId) });
      }
      total += 1;
    }
    seen += page.length;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) {
      return { total, isAtLeast: false, rows };
    }
    if (seen >= MOST_SEEN) {
      return { total, isAtLeast: true, rows };
    }
    last = end;
  }
}

/**
 * Files whose place on the list of disagreements is not what the thresholds in force say, among some after the one with
 * the id `after`: as many as have `limit` items, at least one. `next` is where to go on, null at the end. For the pass after thresholds
 * changed: it only reads, and `settleDisagreements` takes what it finds.
 */
function disagreementsToSettle(
  db: ReadableDb,
  args: { readonly after: number; readonly limit: number },
): { readonly fileIds: readonly number[]; readonly next: number | null } {
  const limit = Math.min(Math.max(args.limit, 2 * SOURCES.length), MOST_ITEMS);
  const rows = prepared<ScannedRow>(
    db,
    `SELECT file_id AS fileId, source, status, score, no_answer AS noAnswer FROM items
     WHERE file_id > ? ORDER BY file_id, source LIMIT ?`,
  ).all(args.after, limit);
  // The last file of a full page may have more items than were read: it is left to the next one.
  const end = rows.length < limit ? null : (rows.at(-1)?.fileId ?? null);
  const upTo = end === null ? Number.MAX_SAFE_INTEGER : end - 1;
  const said = rows.filter((row) => row.fileId <= upTo && row.noAnswer === null && row.status !== STATUS_CODE.pending);
  const disputed = disputedAmong(said, policyOf(allSettings(db)));
  const listed = new Set(
    prepared<number>(db, 'SELECT file_id FROM disagreements WHERE file_id > ? AND file_id <= ?')
      .pluck(true)
      .all(args.after, upTo),
  );
  const differ = [...disputed, ...listed].filter((id) => disputed.has(id) !== listed.has(id));
  return { fileIds: differ, next: end === null ? null : upTo };
}

/** Looks at these files again, by the thresholds in force. Returns how many disagreements began or ended. */
function* settleDisagreements(
  db: WritableDb,
  args: { readonly fileIds: readonly number[]; readonly at: number },
): Sliced<number> {
  let changed = 0;
  for (let next = 0; next < args.fileIds.length;) {
    const slice = startSlice();
    const policy = policyOf(allSettings(db));
    do {
      changed += lookAtDisagreements(db, args.fileIds.slice(next, next + LOOK_EVERY), args.at, policy);
      next += LOOK_EVERY;
    } while (next < args.fileIds.length && !slice.isOver());
    if (next < args.fileIds.length) {
      yield;
    }
  }
  return changed;
}

function pageBefore(db: ReadableDb, { since, fileId }: Stored): readonly Stored[] {
  return prepared<Stored>(
    db,
    `SELECT file_id AS fileId, since FROM disagreements WHERE (since, file_id) < (?, ?)
     ORDER BY since DESC, file_id DESC LIMIT ${PAGE}`,
  ).all(since, fileId);
}

/** Ids of those files of which an entry in force names any digest. One statement for all: single ones cost eight times as much. */
function listedAmong(db: ReadableDb, files: readonly FileRow[], now: number): ReadonlySet<number> {
  const owners = new Map<number, { readonly fileId: number; readonly digest: Uint8Array }[]>();
  for (const file of files) {
    for (const digest of DIGEST_KINDS.map((kind) => digestOf(file, kind))) {
      if (digest !== null) {
        const key = digestKey(digest);
        owners.set(key, [...(owners.get(key) ?? []), { fileId: file[0], digest }]);
      }
    }
  }
  const entries = prepared<ListedRow>(db, LISTED)
    .raw(true)
    .all(JSON.stringify([...owners.keys()]), now);
  const named = entries.flatMap(([key, ...digests]) =>
    (owners.get(key) ?? []).filter(({ digest }) => digests.some((listed) => isSame(listed, digest))),
  );
  return new Set(named.map(({ fileId }) => fileId));
}

export const disagreementReads = { disagreementsPage, disagreementsToSettle } as const;
export const disagreementWrites = { settleDisagreements } as const;
