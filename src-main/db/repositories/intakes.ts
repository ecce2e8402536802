import type { Counts } from '#shared/contract/common.ts';
import type { Accounting, IntakeSummary } from '#shared/contract/intake.ts';
import { STATUSES } from '#shared/domain/status.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import type { Sliced } from '../slices.ts';
import { cancelQueue, dropWantedBy, forgetQueueOf } from './asking/queue/cancel.ts';
import { embargoWrites } from './embargo.ts';
import { appendChange } from './changes.ts';
import { forgetReceived, noteReceived } from './metrics/received.ts';
import { recordMetric, recordMetrics } from './metrics/record.ts';

/** States a row can have; `missing` is found by looking for the files. */
export type IntakeRowState = Exclude<IntakeSummary['state'], 'missing'>;

/** A row of `intakes`. Times are seconds since the epoch. */
export interface IntakeRow extends Omit<IntakeSummary, 'state'> {
  readonly state: IntakeRowState;
  /** Paths it was read from; empty for text and streams. */
  readonly origin: readonly string[];
  /** The process that reads it, while the state is `reading`. */
  readonly process: string;
}

/** What is enough to find an intake's files and name it. */
export interface IntakePlace {
  readonly id: number;
  readonly state: IntakeRowState;
  readonly title: string;
  readonly createdAt: number;
  readonly process: string;
}

/** What reading one intake came to. */
export interface IntakeOutcome {
  readonly state: 'ready' | 'cancelled' | 'failed';
  readonly elapsedMs: number;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly files: number;
  readonly accounting: Accounting;
  readonly columns: readonly string[];
  readonly fault: string | null;
}

interface StoredRow {
  readonly id: number;
  readonly state: IntakeRowState;
  readonly title: string;
  readonly door: IntakeSummary['door'];
  readonly created_at: number;
  readonly elapsed_ms: number;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly read_by: string;
  readonly file_count: number;
  readonly accounting: string;
  readonly counts: string;
  readonly columns: string;
  readonly origin: string;
  readonly embargo: number;
  readonly note: string;
  readonly fault: string | null;
  readonly judged_seq: number;
  readonly judged_at: number | null;
  readonly problems: string;
  readonly process: string;
}

export const NO_ACCOUNTING: Accounting = {
  records: 0,
  hashes: 0,
  duplicates: 0,
  withoutHash: 0,
  rejected: 0,
  otherLines: 0,
  notDigests: {},
  balanced: true,
};

export const NO_COUNTS: Counts = {
  malicious: 0,
  suspicious: 0,
  'non-malicious': 0,
  pending: 0,
  unknown: 0,
  conflict: 0,
  stale: 0,
};

/** Newest first. */
function intakePage(
  db: ReadableDb,
  args: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: IntakeRow[] } {
  const total = prepared<{ total: number }>(db, 'SELECT count(*) AS total FROM intakes').get()?.total ?? 0;
  const rows = prepared<StoredRow>(db, 'SELECT * FROM intakes ORDER BY id DESC LIMIT ? OFFSET ?').all(
    args.limit,
    args.offset,
  );
  return { total, rows: rows.map(toRow) };
}

function intakeRow(db: ReadableDb, args: { readonly id: number }): IntakeRow | null {
  const row = prepared<StoredRow>(db, 'SELECT * FROM intakes WHERE id = +?').get(args.id);
  return row === undefined ? null : toRow(row);
}

/** Every intake, newest first. */
export function intakePlaces(db: ReadableDb): IntakePlace[] {
  return prepared<IntakePlace>(
    db,
    'SELECT id, state, title, created_at AS createdAt, process FROM intakes ORDER BY id DESC',
  ).all();
}

/** A new row in state `reading`; returns its number. */
function createIntake(
  db: WritableDb,
  args: {
    readonly title: string;
    readonly door: IntakeSummary['door'];
    readonly createdAt: number;
    readonly readBy: string;
    readonly origin: readonly string[];
    readonly process: string;
    readonly embargo?: boolean;
  },
): number {
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO intakes (state, title, door, created_at, read_by, origin, process, accounting, counts, embargo)
     VALUES ('reading', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    args.title,
    args.door,
    args.createdAt,
    args.readBy,
    JSON.stringify(args.origin),
    args.process,
    JSON.stringify(NO_ACCOUNTING),
    JSON.stringify(NO_COUNTS),
    args.embargo === true ? 1 : 0,
  );
  const id = Number(lastInsertRowid);
  appendChange(db, 'intake', id);
  return id;
}

/**
 * Ends reading: the files are in place (or, for `failed`, may not be). The process stays named until the first judgement
 * is noted: until then the intake has no counts to show.
 */
function finishIntake(
  db: WritableDb,
  args: { readonly id: number; readonly outcome: IntakeOutcome; readonly at: number },
): void {
  const { outcome } = args;
  prepared(
    db,
    `UPDATE intakes SET state = ?, elapsed_ms = ?, bytes = ?, sha256 = ?, file_count = ?, accounting = ?, columns = ?,
       fault = ?, process = iif(? = 'failed', '', process) WHERE id = ?`,
  ).run(
    outcome.state,
    outcome.elapsedMs,
    outcome.bytes,
    outcome.sha256,
    outcome.files,
    JSON.stringify(outcome.accounting),
    JSON.stringify(outcome.columns),
    outcome.fault,
    outcome.state,
    args.id,
  );
  if (outcome.accounting.hashes > 0) {
    recordMetric(db, { kind: 'inboundHashes', at: args.at, amount: outcome.accounting.hashes });
    noteReceived(db, args.id, args.at);
  }
  appendChange(db, 'intake', args.id);
}

/** Ends an intake whose reader died; only one still marked as reading. */
function failIntake(db: WritableDb, args: { readonly id: number; readonly fault: string }): void {
  const { changes } = prepared(
    db,
    "UPDATE intakes SET state = 'failed', fault = ?, process = '' WHERE id = ? AND state = 'reading'",
  ).run(args.fault, args.id);
  if (changes > 0) {
    appendChange(db, 'intake', args.id);
  }
}

/**
 * Notes what the verdicts are now. The first judgement is told of, because with it the intake can be shown. Later ones are
 * not: verdicts follow from the data, and telling of them as data would make every process judge again. An older
 * judgement never replaces a newer one.
 */
function saveJudgement(
  db: WritableDb,
  args: {
    readonly id: number;
    readonly counts: Counts;
    readonly seq: number;
    readonly at: number;
    readonly elapsedMs?: number;
    /** Hashes that something on this machine says something about, when they were judged first. */
    readonly answered?: number;
    /** What the verdicts lack; absent leaves what was said before. */
    readonly problems?: readonly string[];
  },
): void {
  const isFirst = prepared(db, 'SELECT 1 FROM intakes WHERE id = +? AND judged_at IS NULL').get(args.id) !== undefined;
  prepared(
    db,
    `UPDATE intakes SET counts = ?, judged_seq = ?, judged_at = ?, elapsed_ms = coalesce(?, elapsed_ms),
       problems = coalesce(?, problems), process = ''
     WHERE id = ? AND judged_seq <= ?`,
  ).run(
    JSON.stringify(args.counts),
    args.seq,
    args.at,
    args.elapsedMs ?? null,
    args.problems === undefined ? null : JSON.stringify(args.problems),
    args.id,
    args.seq,
  );
  if (args.elapsedMs !== undefined) {
    appendChange(db, 'intake', args.id);
  }
  if (args.answered !== undefined && args.answered > 0) {
    recordMetric(db, { kind: 'answeredLocally', at: args.at, amount: args.answered });
  }
  if (isFirst) {
    const counted = STATUSES.map(
      (status) => ({ kind: 'verdictCount', at: args.at, amount: args.counts[status], detail: status }) as const,
    );
    recordMetrics(
      db,
      0,
      counted.filter(({ amount }) => amount > 0),
    );
  }
}

function setIntakeNote(db: WritableDb, args: { readonly id: number; readonly note: string }): boolean {
  return changed(db, args.id, prepared(db, 'UPDATE intakes SET note = ? WHERE id = ?').run(args.note, args.id).changes);
}

/**
 * Marks an intake as under embargo or not. Under embargo nothing of it waits to be asked any more; its digests are kept
 * apart (`setEmbargoKeys`). `at` is milliseconds since the epoch.
 */
function* setIntakeEmbargo(
  db: WritableDb,
  args: { readonly id: number; readonly embargo: boolean; readonly at?: number | undefined },
): Sliced<boolean> {
  const { changes } = prepared(db, 'UPDATE intakes SET embargo = ? WHERE id = ?').run(args.embargo ? 1 : 0, args.id);
  const isKnown = changed(db, args.id, changes);
  if (args.embargo && isKnown) {
    yield* dropWantedBy(db, args.id, args.at ?? 0);
  }
  return isKnown;
}

/**
 * Removes the row, and first what is kept for it elsewhere: what waits in the queue for nobody else, its groups, its
 * embargo. The files are the caller's. `at` is seconds since the epoch.
 */
function* removeIntake(db: WritableDb, args: { readonly id: number; readonly at: number }): Sliced<boolean> {
  if (prepared(db, 'SELECT 1 FROM intakes WHERE id = +?').get(args.id) === undefined) {
    return false;
  }
  yield* cancelQueue(db, { intakeId: args.id, at: args.at * 1000 });
  yield* embargoWrites.dropEmbargoKeys(db, { intakeId: args.id });
  forgetQueueOf(db, args.id, args.at * 1000);
  forgetReceived(db, args.id, intakeRow(db, { id: args.id })?.accounting.hashes ?? 0);
  const { changes } = prepared(db, 'DELETE FROM intakes WHERE id = ?').run(args.id);
  recordMetric(db, { kind: 'intakeRemoved', at: args.at });
  return changed(db, args.id, changes);
}

function changed(db: WritableDb, id: number, changes: number): boolean {
  if (changes > 0) {
    appendChange(db, 'intake', id);
  }
  return changes > 0;
}

function toRow(row: StoredRow): IntakeRow {
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    door: row.door,
    createdAt: row.created_at,
    elapsedMs: row.elapsed_ms,
    bytes: row.bytes,
    sha256: row.sha256,
    readBy: row.read_by,
    files: row.file_count,
    accounting: { ...NO_ACCOUNTING, ...(JSON.parse(row.accounting) as Partial<Accounting>) },
    counts: { ...NO_COUNTS, ...(JSON.parse(row.counts) as Partial<Counts>) },
    columns: JSON.parse(row.columns) as string[],
    embargo: row.embargo === 1,
    note: row.note,
    fault: row.fault,
    judgedSeq: row.judged_seq,
    judgedAt: row.judged_at,
    problems: JSON.parse(row.problems) as string[],
    origin: JSON.parse(row.origin) as string[],
    process: row.process,
  };
}

/** Queries by name: `(db: ReadableDb, args) => rows`, run inside one read transaction. */
export const intakesReads = { intakePage, intakeRow, intakePlaces } as const;

/** Changes by name: `(db: WritableDb, args) => result`, run inside BEGIN IMMEDIATE. */
export const intakesWrites = {
  createIntake,
  finishIntake,
  failIntake,
  saveJudgement,
  setIntakeNote,
  setIntakeEmbargo,
  removeIntake,
} as const;
