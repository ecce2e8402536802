import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import type { SyncLogRow } from '../types.ts';

/** An exchange with one of the two sides; `message` is empty or says what went wrong. No secret is in any of it. */
export interface SyncRequestRow {
  readonly id: number;
  readonly jobId: number;
  /** Null for what belongs to no run: tests, counts, lists of owners. */
  readonly runId: number | null;
  readonly at: number;
  readonly host: string;
  readonly label: string;
  readonly httpStatus: number | null;
  readonly elapsedMs: number | null;
  readonly message: string;
}

/** A stretch of a list, by position. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Keeps exchanges in the order they are given. */
function recordSyncRequest(db: WritableDb, args: { readonly rows: readonly Omit<SyncRequestRow, 'id'>[] }): void {
  const put = prepared(
    db,
    `INSERT INTO sync_requests (job_id, run_id, at, host, label, http_status, elapsed_ms, message)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const row of args.rows) {
    put.run(row.jobId, row.runId, row.at, row.host, row.label, row.httpStatus, row.elapsedMs, row.message);
  }
}

/** Exchanges of a job or of one of its runs, newest first. */
function syncRequestsPage(
  db: ReadableDb,
  args: Page & { readonly jobId: number; readonly runId?: number | undefined },
): { readonly total: number; readonly rows: SyncRequestRow[] } {
  const where = args.runId === undefined ? 'job_id = +?' : 'run_id = +? AND +job_id = ?';
  const values = args.runId === undefined ? [args.jobId] : [args.runId, args.jobId];
  const total =
    prepared<number>(db, `SELECT count(*) FROM sync_requests WHERE ${where}`)
      .pluck(true)
      .get(...values) ?? 0;
  const rows = prepared<SyncRequestRow>(
    db,
    `SELECT id, job_id AS jobId, run_id AS runId, at, host, label, http_status AS httpStatus, elapsed_ms AS elapsedMs,
       message FROM sync_requests WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
  );
  return { total, rows: rows.all(...values, args.limit, args.offset) };
}

/** Adds to the log of a run. */
function appendSyncLog(db: WritableDb, args: { readonly runId: number; readonly rows: readonly SyncLogRow[] }): void {
  const put = prepared(db, 'INSERT INTO sync_log (run_id, at, level, text) VALUES (?, ?, ?, ?)');
  for (const row of args.rows) {
    put.run(args.runId, row.at, row.level, row.text);
  }
}

/** The log of a run, oldest first. */
function syncLogPage(
  db: ReadableDb,
  args: Page & { readonly runId: number },
): { readonly total: number; readonly rows: SyncLogRow[] } {
  const total =
    prepared<number>(db, 'SELECT count(*) FROM sync_log WHERE run_id = +?').pluck(true).get(args.runId) ?? 0;
  const rows = prepared<SyncLogRow>(
    db,
    'SELECT at, level, text FROM sync_log WHERE run_id = +? ORDER BY id LIMIT ? OFFSET ?',
  );
  return { total, rows: rows.all(args.runId, args.limit, args.offset) };
}

export const logReads = { syncRequestsPage, syncLogPage } as const;
export const logWrites = { recordSyncRequest, appendSyncLog } as const;
