import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SyncAction } from '#shared/domain/indicator.ts';
import { defaultSyncJob, type SyncJobChange } from '#shared/settings/sync-job.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { reads, type writes } from '#main/db/repositories/index.ts';
import type { PulledRow, PlannedIndicator, SyncJobRow, SyncRunRow } from '#main/db/repositories/sync/types.ts';
import { startWriting } from '#main/db/start.ts';
import { startWrite } from '#main/db/threads/run.ts';
import { write } from '../queue/world.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** 2026-03-10 12:00 UTC. */
export const NOON = Date.UTC(2026, 2, 10, 12);
export const DAY = 86_400_000;

/** A file indicator; its digests follow from its id. */
export function file(id: number, change: Partial<PulledRow> = {}): PulledRow {
  const digest = (algorithm: string): string => createHash(algorithm).update(String(id)).digest('hex');
  return {
    id,
    type: 'File',
    summary: digest('sha256'),
    terms: [
      { kind: 'md5', value: digest('md5') },
      { kind: 'sha256', value: digest('sha256') },
    ],
    owner: 'Acme',
    rating: 4,
    confidence: 80,
    threatAssess: null,
    falsePositives: 0,
    tags: ['APT', 'loader'],
    modifiedAt: NOON,
    link: `https://tc.test/${id}`,
    gone: null,
    invalid: null,
    ...change,
  };
}

export function host(id: number, change: Partial<PulledRow> = {}): PulledRow {
  const name = `h${id}.bad.test`;
  return { ...file(id), type: 'Host', summary: name, terms: [{ kind: 'host', value: name }], ...change };
}

export function planned(id: number, action: SyncAction, change: Partial<PlannedIndicator> = {}): PlannedIndicator {
  const wanted = action !== 'withdrawn' && action !== 'invalid';
  return { id, action, reason: null, why: '', wanted, held: null, heldBy: '', ...change };
}

export interface SyncWorld {
  readonly db: WritableDb;
  readonly directory: string;
  readonly job: SyncJobRow;
  readonly run: (kind?: SyncRunRow['kind']) => SyncRunRow;
  /** Pulls, decides and applies as one run; the rows are new unless `rows` says otherwise. */
  applied(pulled: readonly PulledRow[], rows?: readonly PlannedIndicator[]): SyncRunRow;
  /** Writes every package that is to be, as a run without faults does. Returns `type prefix: ids` of each that was built. */
  readonly pushed: () => string[];
  /** Ends the use of the directory, so that another may have it. */
  readonly close: () => void;
}

/** A new database with one job. */
export function syncWorld(change: SyncJobChange = {}, directory = temporaryDirectory()): SyncWorld {
  const { db, use } = startWriting(join(directory, 'assay.db'));
  const close = (): void => {
    if (db.open) {
      db.close();
      use.release();
    }
  };
  onTestFinished(close);
  const config = { ...defaultSyncJob(), ...change } as SyncJobRow['config'];
  const job = write(db, 'createSyncJob', { name: 'Daily', config, lastModified: NOON - 30 * DAY, now: NOON });
  const world: SyncWorld = {
    db,
    directory,
    job,
    close,
    run(kind = 'run') {
      const { id } = write(db, 'requestSyncRun', { jobId: job.id, kind, asked: 'person', now: NOON });
      const run = write(db, 'startSyncRun', { runId: id, now: NOON });
      if (run === null) {
        throw new Error(`run ${id} did not start`);
      }
      return run;
    },
    applied(pulled, rows = pulled.map(({ id }) => planned(id, 'new'))) {
      const run = world.run();
      write(db, 'clearPulled', { jobId: job.id });
      write(db, 'stagePulled', { jobId: job.id, rows: pulled });
      write(db, 'putPlan', { runId: run.id, rows });
      write(db, 'applyPlan', { jobId: job.id, runId: run.id });
      return write(db, 'endSyncRun', { runId: run.id, state: 'done', counts: run.counts, message: '', now: NOON });
    },
    pushed: () => reads.syncPackages(db, { jobId: job.id, dirtyOnly: true }).map((row) => push(world, row)),
  };
  return world;
}

/** What a write took, and each of its transactions, in milliseconds of processor time: others' work does not count. */
export function timed<N extends keyof typeof writes>(
  db: WritableDb,
  name: N,
  args: Parameters<(typeof writes)[N]>[1],
): { readonly total: number; readonly slices: readonly number[] } {
  const run = startWrite(db, name, args);
  let total = 0;
  const slices: number[] = [];
  for (let isDone = false; !isDone;) {
    const from = processor();
    isDone = run.step().done;
    const took = processor() - from;
    total += took;
    slices.push(took);
  }
  return { total, slices };
}

/** Processor time of this process so far, milliseconds. */
export function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function push(world: SyncWorld, row: ReturnType<typeof reads.syncPackages>[number]): string {
  const { db, job } = world;
  const key = { jobId: job.id, type: row.type, prefix: row.prefix, touched: row.touched };
  const members = row.retiring ? [] : reads.syncPackageMembers(db, key);
  const removed = row.retiring ? [] : reads.syncPackageLeavers(db, key);
  const ledgerId = write(db, 'beginWrite', {
    jobId: job.id,
    runId: 1,
    at: NOON,
    action: 'create package',
    host: 'tanium.test',
    type: row.type,
    prefix: row.prefix,
    package: row.name,
    rootId: row.rootId,
    intelId: null,
    indicators: members.length,
    added: members.map(({ id }) => id),
    removed,
  });
  const settled = { ledgerId, outcome: 'done', httpStatus: 200, message: '', now: NOON, deployDue: true } as const;
  const written = { key, members, removed, sentDigest: 'd', intelId: ledgerId, serverMd5: null, scanDue: false };
  write(
    db,
    'settleWrite',
    members.length === 0 ? { ...settled, gone: { key, members: [], removed } } : { ...settled, package: written },
  );
  return `${row.type} ${row.prefix}: ${members.map(({ id }) => id).join(' ')}`;
}
