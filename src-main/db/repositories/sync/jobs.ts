import { randomUUID } from 'node:crypto';
import { syncJobConfigSchema, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';
import { DIRTY, packageName } from './packages/package-identity.ts';
import type { PackageRow, SyncJobRow } from './types.ts';

interface StoredJob {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly config: string;
  readonly revision: number;
  readonly active: number;
  readonly activated_at: number | null;
  readonly last_modified: number;
  readonly reconciled_at: number | null;
  readonly read_owners: string | null;
  readonly threatconnect_host: string | null;
  readonly tanium_host: string | null;
  readonly secret_revision: number;
  readonly term_forms: string | null;
  readonly deploy_due: number;
  readonly created_at: number;
}

/** What of a job is changed; what is left out stays. */
export interface SyncJobUpdate {
  readonly jobId: number;
  /** What it sends goes somewhere else from now on: CONFLICT while something may be on its way to where it went. */
  readonly elsewhere?: boolean | undefined;
  readonly name?: string | undefined;
  readonly config?: SyncJobConfig | undefined;
  /**
   * Raises the revision: a dry run that was looked at before no longer counts, and everything is to be compared: older
   * indicators may match now.
   */
  readonly raiseRevision?: boolean | undefined;
  readonly active?: boolean | undefined;
  /** Milliseconds; the first activation's moment is kept. */
  readonly activatedAt?: number | undefined;
}

const NAME_TAKEN = 'SQLITE_CONSTRAINT_UNIQUE';

/** Every job, by name. */
function syncJobs(db: ReadableDb, _args: Record<string, never> = {}): SyncJobRow[] {
  return prepared<StoredJob>(db, 'SELECT * FROM sync_jobs ORDER BY name').all().map(toJob);
}

function syncJob(db: ReadableDb, args: { readonly jobId: number }): SyncJobRow | null {
  const row = prepared<StoredJob>(db, 'SELECT * FROM sync_jobs WHERE id = +?').get(args.jobId);
  return row === undefined ? null : toJob(row);
}

/** Makes an inactive job. CONFLICT when another has its name. */
function createSyncJob(
  db: WritableDb,
  args: {
    readonly name: string;
    readonly config: SyncJobConfig;
    readonly lastModified: number;
    readonly now: number;
  },
): SyncJobRow {
  const id = named(args.name, () =>
    Number(
      prepared(
        db,
        `INSERT INTO sync_jobs (uuid, name, config, revision, last_modified, created_at) VALUES (?, ?, ?, 1, ?, ?)`,
      ).run(randomUUID(), args.name, JSON.stringify(args.config), args.lastModified, args.now).lastInsertRowid,
    ),
  );
  appendChange(db, 'sync', id);
  return existing(db, id);
}

/** Changes a job. A new name is the one of its packages, too, which are written again. CONFLICT when another has it. */
function setSyncJob(db: WritableDb, args: SyncJobUpdate): SyncJobRow {
  const before = lasting(db, args.jobId);
  if (args.elsewhere === true) {
    refuseUnderWay(db, before);
  }
  const { name = before.name, config = before.config, active = before.active } = args;
  named(name, () =>
    prepared(
      db,
      `UPDATE sync_jobs SET name = @name, config = @config, revision = revision + @raise, active = @active,
         reconciled_at = CASE @raise WHEN 1 THEN NULL ELSE reconciled_at END,
         activated_at = coalesce(activated_at, @activatedAt) WHERE id = +@jobId`,
    ).run({
      name,
      config: JSON.stringify(config),
      raise: args.raiseRevision === true ? 1 : 0,
      active: active ? 1 : 0,
      activatedAt: args.activatedAt ?? null,
      jobId: args.jobId,
    }),
  );
  if (config.packageSize !== before.config.packageSize) {
    // Whoever changes it has it tried anew what the server takes.
    prepared(db, 'UPDATE sync_jobs SET refused_size = NULL WHERE id = +?').run(args.jobId);
  }
  if (name !== before.name) {
    renamePackages(db, args.jobId, name);
  }
  appendChange(db, 'sync', args.jobId);
  return existing(db, args.jobId);
}

/**
 * Moves what is pulled next, the time of the last full comparison, which owners were read, or all. Milliseconds. `ifStill` is
 * the job as a run began with it: nothing moves when other criteria hold by now, nor Last Modified when a person moved it.
 */
function advanceSyncJob(
  db: WritableDb,
  args: {
    readonly jobId: number;
    readonly lastModified?: number | undefined;
    readonly reconciledAt?: number | null | undefined;
    readonly readOwners?: readonly string[] | undefined;
    readonly ifStill?: Pick<SyncJobRow, 'revision' | 'lastModified'> | undefined;
  },
): void {
  const before = existing(db, args.jobId);
  const { revision, lastModified } = args.ifStill ?? before;
  if (revision !== before.revision) {
    return;
  }
  const isMoved = lastModified !== before.lastModified;
  const readOwners = args.readOwners ?? before.readOwners;
  prepared(db, 'UPDATE sync_jobs SET last_modified = ?, reconciled_at = ?, read_owners = ? WHERE id = +?').run(
    isMoved ? before.lastModified : (args.lastModified ?? before.lastModified),
    args.reconciledAt === undefined ? before.reconciledAt : args.reconciledAt,
    readOwners === null ? null : JSON.stringify(readOwners),
    args.jobId,
  );
  appendChange(db, 'sync', args.jobId);
}

/** Says whether something was written that no deploy was tried for. */
function setDeployDue(db: WritableDb, args: { readonly jobId: number; readonly due: boolean }): void {
  prepared(db, 'UPDATE sync_jobs SET deploy_due = ? WHERE id = +?').run(args.due ? 1 : 0, args.jobId);
}

/** Keeps the learned forms of network terms, or forgets them; packages of addresses and hosts are looked at again. */
function setTermForms(db: WritableDb, args: { readonly jobId: number; readonly forms: string | null }): void {
  prepared(db, 'UPDATE sync_jobs SET term_forms = ? WHERE id = +?').run(args.forms, args.jobId);
  prepared(db, `UPDATE sync_packages SET ${DIRTY} WHERE job_id = +? AND type IN ('Address', 'Host')`).run(args.jobId);
}

/** Notes which hosts the secrets were given for, and that there are new ones; what is left out stays. */
function setSecretHosts(
  db: WritableDb,
  args: {
    readonly jobId: number;
    readonly threatConnectHost?: string | null | undefined;
    readonly taniumHost?: string | null | undefined;
  },
): SyncJobRow {
  const before = existing(db, args.jobId);
  prepared(
    db,
    `UPDATE sync_jobs SET threatconnect_host = ?, tanium_host = ?, secret_revision = secret_revision + 1 WHERE id = +?`,
  ).run(
    args.threatConnectHost === undefined ? before.threatConnectHost : args.threatConnectHost,
    args.taniumHost === undefined ? before.taniumHost : args.taniumHost,
    args.jobId,
  );
  appendChange(db, 'sync', args.jobId);
  return existing(db, args.jobId);
}

/** The job; NOT_FOUND when there is none. */
export function existing(db: ReadableDb, jobId: number): SyncJobRow {
  const job = syncJob(db, { jobId });
  if (job === null) {
    throw new AppError('NOT_FOUND', `There is no sync job ${jobId}.`);
  }
  return job;
}

/** The job; CONFLICT when it is being removed. */
export function lasting(db: ReadableDb, jobId: number): SyncJobRow {
  const job = existing(db, jobId);
  if (prepared<number>(db, 'SELECT removing FROM sync_jobs WHERE id = +?').pluck(true).get(jobId) === 1) {
    throw new AppError('CONFLICT', `${job.name} is being removed. Remove it again to end that.`);
  }
  return job;
}

/** CONFLICT while a run of a job is on its way. */
export function refuseWhileRunning(db: ReadableDb, { id, name }: Pick<SyncJobRow, 'id' | 'name'>): void {
  const isRunning = prepared(
    db,
    "SELECT 1 FROM sync_runs WHERE job_id = +? AND state IN ('requested', 'running') AND state = 'running'",
  ).get(id);
  if (isRunning !== undefined) {
    throw new AppError('CONFLICT', `A run of ${name} is under way. Cancel it first.`);
  }
}

/** CONFLICT also while it is not known what became of a write, or endpoints do not have it: it would be out of reach. */
function refuseUnderWay(db: ReadableDb, job: SyncJobRow): void {
  refuseWhileRunning(db, job);
  if (job.deployDue && job.config.deploy) {
    const what = `What ${job.name} wrote last was not deployed yet.`;
    throw new AppError(
      'CONFLICT',
      `${what} Run the job once more, or make another job as a copy. Nothing was changed.`,
    );
  }
  const open = prepared<string>(
    db,
    `SELECT host FROM sync_ledger INDEXED BY sync_ledger_open
     WHERE job_id = +? AND (outcome IS NULL OR outcome = 'unknown') LIMIT 1`,
  )
    .pluck(true)
    .get(job.id);
  if (open !== undefined) {
    const what = `A write of ${job.name} to ${open} was not answered, so it is not known what is there.`;
    throw new AppError(
      'CONFLICT',
      `${what} Run the job once more, or make another job as a copy. Nothing was changed.`,
    );
  }
}

function named<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if ((error as { code?: unknown }).code === NAME_TAKEN) {
      throw new AppError('CONFLICT', `Another sync job is called ${name}. Choose another name.`);
    }
    throw error;
  }
}

/** Gives the packages of a job the names that go with the job's. */
export function renamePackages(db: WritableDb, jobId: number, name: string): void {
  const packages = prepared<Pick<PackageRow, 'type' | 'prefix'>>(
    db,
    'SELECT type, prefix FROM sync_packages WHERE job_id = +?',
  ).all(jobId);
  const rename = prepared(
    db,
    `UPDATE sync_packages SET name = ?, ${DIRTY} WHERE job_id = +? AND type = +? AND prefix = +?`,
  );
  for (const { type, prefix } of packages) {
    rename.run(packageName(name, type, prefix), jobId, type, prefix);
  }
}

function toJob(row: StoredJob): SyncJobRow {
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    // Parameters that a later version added have their defaults.
    config: syncJobConfigSchema.parse(JSON.parse(row.config)),
    revision: row.revision,
    active: row.active === 1,
    activatedAt: row.activated_at,
    lastModified: row.last_modified,
    reconciledAt: row.reconciled_at,
    readOwners: row.read_owners === null ? null : (JSON.parse(row.read_owners) as string[]),
    threatConnectHost: row.threatconnect_host,
    taniumHost: row.tanium_host,
    secretRevision: row.secret_revision,
    termForms: row.term_forms,
    deployDue: row.deploy_due === 1,
    createdAt: row.created_at,
  };
}

export const jobReads = { syncJobs, syncJob } as const;
export const jobWrites = {
  createSyncJob,
  setSyncJob,
  advanceSyncJob,
  setDeployDue,
  setTermForms,
  setSecretHosts,
} as const;
