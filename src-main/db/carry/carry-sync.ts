import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { renamePackages } from '../repositories/sync/jobs.ts';
import { compareAgain } from '../repositories/sync/repair.ts';

type Value = number | string | Uint8Array | null;
type Row = Readonly<Record<string, Value>>;

/** Tables with rows of a job, and of its runs; `numbered` ones have an id that other rows may have. */
const OF_JOB = [
  { table: 'sync_indicators', numbered: false },
  { table: 'sync_packages', numbered: false },
  { table: 'sync_ledger', numbered: true },
  { table: 'sync_requests', numbered: true },
] as const;
const OF_RUN = [
  { table: 'sync_plan', numbered: false },
  { table: 'sync_log', numbered: true },
] as const;

/**
 * What Threat Response holds is not taken back by a restore. Jobs that both databases know keep name and settings of the
 * backup, and have everything else from `from`: what was sent, where, and how far they are. Jobs made since the backup come
 * along; they, and those whose settings differ, are inactive. All compare everything with their next scheduled run.
 */
export function carrySync(from: ReadableDb, into: WritableDb): void {
  const hasSync = from.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sync_jobs'").get() !== undefined;
  if (!hasSync) {
    return;
  }
  for (const job of from.prepare('SELECT * FROM sync_jobs ORDER BY id').all() as Row[]) {
    const own = into.prepare('SELECT * FROM sync_jobs WHERE uuid = ?').get(job['uuid']) as Row | undefined;
    const jobId = own === undefined ? bringJob(into, job) : renewJob(into, own, job);
    const runs = carryRuns(from, into, Number(job['id']), jobId);
    for (const { table, numbered } of OF_JOB) {
      copyRows(into, table, numbered, rowsOf(from, table, 'job_id', Number(job['id'])), (row) => ({
        job_id: jobId,
        ...('run_id' in row ? { run_id: runs.get(Number(row['run_id'])) ?? row['run_id'] ?? null } : {}),
      }));
    }
    for (const [runId, newId] of runs) {
      for (const { table, numbered } of OF_RUN) {
        copyRows(into, table, numbered, rowsOf(from, table, 'run_id', runId), () => ({ run_id: newId }));
      }
    }
    if (own !== undefined && own['name'] !== job['name']) {
      renamePackages(into, jobId, String(own['name']));
    }
  }
  restRuns(into);
}

/**
 * Before what is known is carried over: no job of a backup does anything by itself. Its documents may have been called back
 * since, or another machine may go on with it; nothing that was under way goes on, and every document is compared with what
 * is there. Secrets are kept by number, which a job of the present database may have: one that only the backup knows is sent
 * nothing until it is given again.
 */
export function restJobs(db: WritableDb): void {
  db.exec('UPDATE sync_jobs SET active = 0, threatconnect_host = NULL, tanium_host = NULL');
  restRuns(db);
  db.exec('DELETE FROM sync_pulled');
  compareAgain(db);
}

function restRuns(db: WritableDb): void {
  db.exec("UPDATE sync_runs SET state = 'interrupted', phase = '' WHERE state IN ('requested', 'running')");
}

/** A job that the backup does not know is inactive: somebody went back to a time before it. */
function bringJob(into: WritableDb, job: Row): number {
  const taken = into.prepare('SELECT 1 FROM sync_jobs WHERE name = ?');
  const isFree = into.prepare('SELECT 1 FROM sync_jobs WHERE id = ?').get(job['id']) === undefined;
  let name = String(job['name']);
  for (let copy = 2; taken.get(name) !== undefined; copy += 1) {
    name = `${String(job['name'])} (${copy})`;
  }
  const { lastInsertRowid } = insert(into, 'sync_jobs', {
    ...job,
    id: isFree ? (job['id'] ?? null) : null,
    name,
    active: 0,
    reconciled_at: null,
  });
  return Number(lastInsertRowid);
}

function renewJob(into: WritableDb, own: Row, job: Row): number {
  const id = Number(own['id']);
  for (const { table } of OF_RUN) {
    into.prepare(`DELETE FROM ${table} WHERE run_id IN (SELECT id FROM sync_runs WHERE job_id = ?)`).run(id);
  }
  for (const table of [...OF_JOB.map((one) => one.table), 'sync_runs']) {
    into.prepare(`DELETE FROM ${table} WHERE job_id = ?`).run(id);
  }
  const isSame = own['config'] === job['config'];
  const revision = Math.max(Number(own['revision']), Number(job['revision'])) + (isSame ? 0 : 1);
  into.prepare('DELETE FROM sync_jobs WHERE id = ?').run(id);
  insert(into, 'sync_jobs', {
    ...job,
    id,
    name: own['name'] ?? '',
    config: own['config'] ?? '{}',
    revision,
    // With other settings than those it ran with it waits for a person.
    active: isSame ? (job['active'] ?? 0) : 0,
    reconciled_at: null,
  });
  return id;
}

/** Returns the numbers the runs have now, by those they had. */
function carryRuns(from: ReadableDb, into: WritableDb, fromJob: number, jobId: number): Map<number, number> {
  const ids = new Map<number, number>();
  copyRows(
    into,
    'sync_runs',
    true,
    rowsOf(from, 'sync_runs', 'job_id', fromJob),
    () => ({ job_id: jobId }),
    (row, id) => ids.set(Number(row['id']), id),
  );
  return ids;
}

function rowsOf(from: ReadableDb, table: string, column: string, value: number): Iterable<Row> {
  return from.prepare(`SELECT * FROM ${table} WHERE ${column} = ?`).iterate(value) as Iterable<Row>;
}

function copyRows(
  into: WritableDb,
  table: string,
  isNumbered: boolean,
  rows: Iterable<Row>,
  change: (row: Row) => Row,
  onCopy: (row: Row, id: number) => void = () => undefined,
): void {
  for (const row of rows) {
    const number = isNumbered ? { id: isTaken(into, table, row) ? null : (row['id'] ?? null) } : {};
    const { lastInsertRowid } = insert(into, table, { ...row, ...change(row), ...number });
    onCopy(row, Number(lastInsertRowid));
  }
}

function isTaken(into: WritableDb, table: string, row: Row): boolean {
  return prepared(into, `SELECT 1 FROM ${table} WHERE id = +?`).get(row['id']) !== undefined;
}

/** What an earlier version did not have yet gets its default; what is computed is not written. */
function insert(into: WritableDb, table: string, row: Row): { readonly lastInsertRowid: number | bigint } {
  const columns = prepared<string>(into, 'SELECT name FROM pragma_table_info(?)')
    .pluck(true)
    .all(table)
    .filter((column) => column in row);
  const places = columns.map(() => '?').join(', ');
  return prepared(into, `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(
    columns.map((column) => row[column] ?? null),
  );
}
