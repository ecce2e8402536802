import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { storedTerms } from '../indicators/stored.ts';
import type { PackageKey, PackageMember } from './packages.ts';
import type { LedgerEntry, LedgerRow } from '../types.ts';

/** What a document held and no longer holds, as it was when it was built. */
export interface PackageContents {
  /** The package as it was read before its members were: what touched it since is not settled with it. */
  readonly key: PackageKey & { readonly touched: number };
  readonly members: readonly Pick<PackageMember, 'id' | 'terms' | 'rating' | 'confidence'>[];
  readonly removed: readonly number[];
}

/** The package after its document was written. */
export interface WrittenPackage extends PackageContents {
  readonly sentDigest: string;
  readonly intelId: number;
  readonly serverMd5: string | null;
  /** It is to be scanned for after the deploy. */
  readonly scanDue: boolean;
}

/** What came of a write. */
export interface Settlement {
  readonly ledgerId: number;
  readonly outcome: NonNullable<LedgerRow['outcome']>;
  readonly httpStatus: number | null;
  readonly message: string;
  readonly now: number;
  /** Threat Response's id of the document, where it became known. */
  readonly intelId?: number | null | undefined;
  /** A package whose document is there as it was built. */
  readonly package?: WrittenPackage | undefined;
  /** A package whose document is gone: it is forgotten, unless it is to hold something again by now. */
  readonly gone?: PackageContents | undefined;
  /** A deploy is due now. */
  readonly deployDue?: boolean | undefined;
}

interface StoredLedger extends Omit<LedgerRow, 'added' | 'removed'> {
  readonly added: string;
  readonly removed: string;
}

const COLUMNS = `id, job_id AS jobId, run_id AS runId, at, settled_at AS settledAt, action, host, type, prefix, package,
  root_id AS rootId, intel_id AS intelId, indicators, added, removed, outcome, http_status AS httpStatus, message`;

/** Notes a write before it leaves. Returns its number. */
function beginWrite(db: WritableDb, entry: LedgerEntry): number {
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO sync_ledger (job_id, run_id, at, action, host, type, prefix, package, root_id, intel_id, indicators, added,
       removed) VALUES (${Array.from({ length: 13 }, () => '?').join(', ')})`,
  ).run([
    entry.jobId,
    entry.runId,
    entry.at,
    entry.action,
    entry.host,
    entry.type,
    entry.prefix,
    entry.package,
    entry.rootId,
    entry.intelId,
    entry.indicators,
    JSON.stringify(entry.added),
    JSON.stringify(entry.removed),
  ]);
  return Number(lastInsertRowid);
}

/**
 * Notes what came of a write, together with the package and its indicators: a kill leaves either nothing of it or all. Only
 * the indicators of a package of several thousand take transactions of their own, before that one.
 */
function* settleWrite(db: WritableDb, args: Settlement): Sliced<void> {
  const contents = args.package ?? args.gone;
  if (contents !== undefined) {
    yield* markMembers(db, contents);
  }
  if (args.package !== undefined) {
    noteWritten(db, args.package);
  }
  if (args.gone !== undefined) {
    noteGone(db, args.gone);
  }
  prepared(
    db,
    `UPDATE sync_ledger SET settled_at = ?, outcome = ?, http_status = ?, message = ?, intel_id = coalesce(?, intel_id)
     WHERE id = +?`,
  ).run(
    args.now,
    args.outcome,
    args.httpStatus,
    args.message,
    args.intelId ?? args.package?.intelId ?? null,
    args.ledgerId,
  );
  if (args.deployDue !== undefined) {
    prepared(
      db,
      'UPDATE sync_jobs SET deploy_due = ? WHERE id = (SELECT job_id FROM sync_ledger WHERE sync_ledger.id = +?)',
    ).run(args.deployDue ? 1 : 0, args.ledgerId);
  }
}

/** Notes that the document of a package is as it was sent last: nothing is written, and what it holds is sent. */
function* keepPackage(db: WritableDb, args: PackageContents): Sliced<void> {
  yield* markMembers(db, args);
  const { jobId, type, prefix, touched } = args.key;
  prepared(db, 'UPDATE sync_packages SET dirty = touched <> ? WHERE job_id = +? AND type = +? AND prefix = +?').run(
    touched,
    jobId,
    type,
    prefix,
  );
}

/** What was written: of a job or of one of its runs, newest first. */
function syncLedgerPage(
  db: ReadableDb,
  args: {
    readonly jobId: number;
    readonly runId?: number | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): { readonly total: number; readonly rows: LedgerRow[] } {
  const where = args.runId === undefined ? 'job_id = +?' : 'run_id = +? AND +job_id = ?';
  const values = args.runId === undefined ? [args.jobId] : [args.runId, args.jobId];
  const total =
    prepared<number>(db, `SELECT count(*) FROM sync_ledger WHERE ${where}`)
      .pluck(true)
      .get(...values) ?? 0;
  const rows = prepared<StoredLedger>(
    db,
    `SELECT ${COLUMNS} FROM sync_ledger WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
  ).all(...values, args.limit, args.offset);
  return { total, rows: rows.map(toLedger) };
}

/** Writes of a job whose outcome is not known, oldest first: they are looked up before anything else is written. */
function openLedgerRows(db: ReadableDb, args: { readonly jobId: number }): LedgerRow[] {
  return prepared<StoredLedger>(
    db,
    `SELECT ${COLUMNS} FROM sync_ledger INDEXED BY sync_ledger_open
     WHERE job_id = +? AND (outcome IS NULL OR outcome = 'unknown') ORDER BY id`,
  )
    .all(args.jobId)
    .map(toLedger);
}

/** Ids that a run added and that are still sent, in order. */
function syncSentByRun(db: ReadableDb, args: { readonly runId: number }): number[] {
  return prepared<number>(
    db,
    `SELECT DISTINCT i.id FROM sync_ledger l, json_each(l.added) a
       JOIN sync_indicators i ON i.job_id = l.job_id AND i.id = a.value AND i.sent = 1
     WHERE l.run_id = +? AND l.outcome IN ('done', 'found') ORDER BY i.id`,
  )
    .pluck(true)
    .all(args.runId);
}

function noteWritten(db: WritableDb, { key, sentDigest, intelId, serverMd5, scanDue }: WrittenPackage): void {
  prepared(
    db,
    `UPDATE sync_packages SET dirty = touched <> ?, labels_due = 1, sent_digest = ?, intel_id = ?, server_md5 = ?,
       scan_due = max(scan_due, ?) WHERE job_id = +? AND type = +? AND prefix = +?`,
  ).run(key.touched, sentDigest, intelId, serverMd5, scanDue ? 1 : 0, key.jobId, key.type, key.prefix);
}

/** What is to hold something again by now stays, without a document. */
function noteGone(db: WritableDb, { key: { jobId, type, prefix, touched } }: PackageContents): void {
  prepared(
    db,
    'DELETE FROM sync_packages WHERE job_id = +? AND type = +? AND prefix = +? AND (retiring = 1 OR touched = ?)',
  ).run(jobId, type, prefix, touched);
  prepared(
    db,
    `UPDATE sync_packages SET intel_id = NULL, sent_digest = NULL, server_md5 = NULL, labels = '[]'
     WHERE job_id = +? AND type = +? AND prefix = +?`,
  ).run(jobId, type, prefix);
}

/** Only what differs is written, so that a package that lost one indicator costs two rows. */
function* markMembers(db: WritableDb, { key, members, removed }: PackageContents): Sliced<void> {
  const mark = prepared(
    db,
    `UPDATE sync_indicators SET sent = 1, sent_terms = @terms, sent_rating = @rating, sent_confidence = @confidence
     WHERE job_id = +@jobId AND id = +@id AND (sent = 0 OR sent_terms IS NOT @terms OR sent_rating IS NOT @rating
       OR sent_confidence IS NOT @confidence)`,
  );
  const unmark = prepared(
    db,
    `UPDATE sync_indicators SET sent = 0, sent_terms = NULL, sent_rating = NULL, sent_confidence = NULL
     WHERE job_id = +? AND id = +? AND sent = 1`,
  );
  const slice = startSlice();
  for (const { id, terms, rating, confidence } of members) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    mark.run({ jobId: key.jobId, id, terms: storedTerms(terms), rating, confidence });
  }
  for (const id of removed) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    unmark.run(key.jobId, id);
  }
}

function toLedger(row: StoredLedger): LedgerRow {
  return { ...row, added: JSON.parse(row.added) as number[], removed: JSON.parse(row.removed) as number[] };
}

export const ledgerReads = { syncLedgerPage, openLedgerRows, syncSentByRun } as const;
export const ledgerWrites = { beginWrite, settleWrite, keepPackage } as const;
