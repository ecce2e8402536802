import { randomUUID } from 'node:crypto';
import type { IndicatorType } from '#shared/domain/indicator.ts';
import { defaultSyncJob, syncJobConfigSchema } from '#shared/settings/sync-job.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { readLeaves, startTouching } from './packages/leaves.ts';
import { isPackaged } from './packages/packaged.ts';
import { existing } from './jobs.ts';

/** Numbers of rows that were lost are not given again: the ledger names them. */
const ID_GAP = 1_000_000;
const NUMBERED = ['sync_jobs', 'sync_runs', 'sync_ledger', 'sync_requests', 'sync_log'] as const;
const OF_A_JOB = ['sync_indicators', 'sync_packages', 'sync_ledger', 'sync_runs'] as const;

/**
 * Makes what threat sync keeps agree again after some rows were lost. A job that was lost while something it sent is known
 * comes back inactive and without settings, so that this can be seen and called back.
 */
export function repairSync(db: WritableDb): void {
  db.exec(`DELETE FROM sync_pulled;
    DELETE FROM sync_plan WHERE NOT EXISTS (SELECT 1 FROM sync_runs WHERE sync_runs.id = sync_plan.run_id);
    DELETE FROM sync_log WHERE NOT EXISTS (SELECT 1 FROM sync_runs WHERE sync_runs.id = sync_log.run_id);
    UPDATE sync_runs SET state = 'interrupted' WHERE state = 'running'`);
  leaveGaps(db);
  bringJobsBack(db);
  settingsAnew(db);
  for (const jobId of prepared<number>(db, 'SELECT id FROM sync_jobs').pluck(true).all()) {
    giveEachALeaf(db, jobId);
  }
  compareAgain(db);
}

/**
 * Has every document compared with what is there, and written again, by the next run that compares everything: what is known
 * of them is not of the same moment as Threat Response.
 */
export function compareAgain(db: WritableDb): void {
  db.exec(`UPDATE sync_jobs SET reconciled_at = NULL;
    UPDATE sync_packages SET sent_digest = NULL, server_md5 = NULL`);
}

/** What does not agree in what threat sync keeps, as sentences. Reads every row. */
export function syncProblems(db: ReadableDb): string[] {
  const count = (sql: string): number => prepared<number>(db, sql).pluck(true).get() ?? 0;
  const checks: readonly (readonly [count: number, sentence: string])[] = [
    ...[...OF_A_JOB, 'sync_pulled', 'sync_requests'].map((table): [number, string] => [
      count(
        `SELECT count(*) FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM sync_jobs WHERE sync_jobs.id = ${table}.job_id)`,
      ),
      `rows of ${table} belong to no job`,
    ]),
    [
      count(
        `SELECT count(*) FROM sync_plan WHERE NOT EXISTS (SELECT 1 FROM sync_runs WHERE sync_runs.id = sync_plan.run_id)`,
      ),
      'rows of sync_plan belong to no run',
    ],
    [
      count(`SELECT count(*) FROM sync_packages a JOIN sync_packages b ON b.job_id = a.job_id AND b.type = a.type
        AND b.retiring = 0 AND length(b.prefix) > length(a.prefix)
        AND substr(b.prefix, 1, length(a.prefix)) = a.prefix WHERE a.retiring = 0`),
      'packages hold the same indicators as others',
    ],
    [withoutPackage(db), 'indicators are sent and in no package'],
  ];
  return checks.filter(([n]) => n > 0).map(([n, sentence]) => `${n} ${sentence}`);
}

function leaveGaps(db: WritableDb): void {
  for (const table of NUMBERED) {
    const last = prepared<number>(db, `SELECT coalesce(max(id), 0) FROM ${table}`).pluck(true).get() ?? 0;
    if (last > 0) {
      prepared(db, 'DELETE FROM sqlite_sequence WHERE name = ?').run(table);
      prepared(db, 'INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last + ID_GAP);
    }
  }
}

function bringJobsBack(db: WritableDb): void {
  const lost = prepared<number>(
    db,
    `SELECT DISTINCT job_id FROM (${OF_A_JOB.map((table) => `SELECT job_id FROM ${table}`).join(' UNION ')})
     WHERE job_id NOT IN (SELECT id FROM sync_jobs) ORDER BY job_id`,
  )
    .pluck(true)
    .all();
  for (const id of lost) {
    prepared(
      db,
      `INSERT INTO sync_jobs (id, uuid, name, config, revision, last_modified, created_at) VALUES (?, ?, ?, ?, 1, 0, 0)`,
    ).run(id, randomUUID(), `Rescued job ${id}`, JSON.stringify(defaultSyncJob()));
  }
  db.exec('DELETE FROM sync_requests WHERE job_id NOT IN (SELECT id FROM sync_jobs)');
}

/** Settings that cannot be read any more are those of a new job, which does nothing until somebody sets it up. */
function settingsAnew(db: WritableDb): void {
  for (const { id, config } of prepared<{ readonly id: number; readonly config: string }>(
    db,
    'SELECT id, config FROM sync_jobs',
  ).all()) {
    if (!syncJobConfigSchema.safeParse(parsed(config)).success) {
      prepared(db, 'UPDATE sync_jobs SET config = ?, active = 0, revision = revision + 1 WHERE id = +?').run(
        JSON.stringify(defaultSyncJob()),
        id,
      );
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function giveEachALeaf(db: WritableDb, jobId: number): void {
  const { config } = existing(db, jobId);
  const leaves = readLeaves(db, jobId);
  const touch = startTouching(db, jobId);
  const rows = prepared<{ readonly type: IndicatorType; readonly bucket: number; readonly sent: number }>(
    db,
    'SELECT type, bucket, sent FROM sync_indicators WHERE job_id = +? AND (goes = 1 OR sent = 1)',
  );
  for (const { type, bucket } of rows.all(jobId)) {
    if (isPackaged(config, type) && leaves.find(type, bucket) === null) {
      touch.touch(type, bucket);
    }
  }
  touch.save();
}

function withoutPackage(db: ReadableDb): number {
  let without = 0;
  for (const jobId of prepared<number>(db, 'SELECT id FROM sync_jobs').pluck(true).all()) {
    const { config } = existing(db, jobId);
    const leaves = readLeaves(db, jobId);
    const rows = prepared<{ readonly type: IndicatorType; readonly bucket: number }>(
      db,
      // A file that is on the reputation hash list may count as sent for that alone.
      'SELECT type, bucket FROM sync_indicators WHERE job_id = +? AND sent = 1 AND listed_terms IS NULL',
    );
    for (const { type, bucket } of rows.iterate(jobId)) {
      without += isPackaged(config, type) && leaves.find(type, bucket) === null ? 1 : 0;
    }
  }
  return without;
}
