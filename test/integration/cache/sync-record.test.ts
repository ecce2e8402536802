import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { carryRecord } from '#main/db/carry/carry-record.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { migrate } from '#main/db/migrate.ts';
import { MIGRATIONS } from '#main/db/migrations/index.ts';
import { openWritable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { createEngine } from '#main/engine.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { host, NOON, planned } from '../../db/sync/world.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from './open-cache.ts';

async function makeJob(database: Database, name: string, change: Partial<SyncJobConfig> = {}): Promise<number> {
  const config = { ...defaultSyncJob(), ...change };
  const { id } = await database.write('createSyncJob', { name, config, lastModified: NOON, now: NOON });
  await database.write('setSyncJob', { jobId: id, active: true, activatedAt: NOON });
  await database.write('advanceSyncJob', { jobId: id, reconciledAt: NOON });
  return id;
}

/** A run that sends these hosts. */
async function send(database: Database, jobId: number, ids: readonly number[]): Promise<void> {
  const run = await database.write('requestSyncRun', { jobId, kind: 'run', asked: 'schedule', now: NOON });
  await database.write('startSyncRun', { runId: run.id, now: NOON });
  await database.write('clearPulled', { jobId });
  await database.write('stagePulled', { jobId, rows: ids.map((id) => host(id)) });
  await database.write('putPlan', { runId: run.id, rows: ids.map((id) => planned(id, 'new')) });
  await database.write('applyPlan', { jobId, runId: run.id });
  for (const row of await database.read('syncPackages', { jobId, dirtyOnly: true })) {
    const key = { jobId, type: row.type, prefix: row.prefix, touched: row.touched };
    const members = await database.read('syncPackageMembers', key);
    const added = members.map(({ id }) => id);
    const { name, rootId, type, prefix } = row;
    const entry = { jobId, runId: run.id, at: NOON, action: 'create package', host: 'tanium.test', type, prefix };
    const sent = { package: name, rootId, intelId: null, indicators: members.length, added, removed: [] };
    const ledgerId = await database.write('beginWrite', { ...entry, ...sent });
    const written = { key, members, removed: [], sentDigest: 'd', intelId: 7, serverMd5: null, scanDue: false };
    const answer = { ledgerId, outcome: 'done', httpStatus: 200, message: '', now: NOON } as const;
    await database.write('settleWrite', { ...answer, package: written });
  }
  await database.write('endSyncRun', { runId: run.id, state: 'done', counts: run.counts, message: '', now: NOON });
}

async function state(database: Database) {
  const jobs = await database.read('syncJobs', {});
  return Promise.all(
    jobs.map(async ({ id, name, active, reconciledAt }) => {
      const { sent } = await database.read('syncCounts', { jobId: id });
      const { total } = await database.read('syncLedgerPage', { jobId: id, offset: 0, limit: 9 });
      const runs = await database.read('syncRuns', { jobId: id, offset: 0, limit: 9 });
      const plan = await database.read('syncPlanPage', { runId: runs.rows[0]?.id ?? 0, offset: 0, limit: 9 });
      return { id, name, active, reconciledAt, sent, ledger: total, runs: runs.total, planned: plan.total };
    }),
  );
}

async function opened(directory: string): Promise<Database> {
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  return database;
}

test('a restored backup forgets nothing that was sent: what lies in Threat Response stays known', async () => {
  const root = temporaryDirectory();
  const directory = join(root, 'data');
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => engine.dispose());
  const { database } = engine;
  const same = await makeJob(database, 'Same');
  const set = await makeJob(database, 'Set');
  const removed = await makeJob(database, 'Removed');
  await send(database, same, [1]);
  await engine.cache.backup(join(root, 'backup'), () => undefined, never);
  await send(database, same, [2, 3]);
  await database.write('setSyncJob', { jobId: set, config: { ...defaultSyncJob(), minRating: 4 }, name: 'Set anew' });
  await send(database, set, [4]);
  await database.write('removeSyncJob', { jobId: removed });
  const later = await makeJob(database, 'Later');
  await send(database, later, [5, 6]);
  await engine.cache.restore(join(root, 'backup'));
  await engine.dispose();

  const restored = await opened(directory);
  const common = { reconciledAt: null, runs: 1, ledger: 1 };
  expect(await state(restored)).toEqual([
    { ...common, id: later, name: 'Later', active: false, sent: 2, planned: 2 },
    { ...common, id: removed, name: 'Removed', active: false, sent: 0, planned: 0, runs: 0, ledger: 0 },
    { ...common, id: same, name: 'Same', active: true, sent: 3, planned: 2, runs: 2, ledger: 2 },
    { ...common, id: set, name: 'Set', active: false, sent: 1, planned: 1 },
  ]);
  expect((await restored.read('syncJob', { jobId: set }))?.config.minRating).toBeNull();
  const packages = await restored.read('syncPackages', { jobId: set });
  expect(packages.map(({ name, dirty }) => [name, dirty])).toEqual([['Set - Host', true]]);
  expect(await restored.read('verifyTables', undefined)).toEqual([]);
});

test('restored where there was nothing, a job waits for a person and has its documents compared', async () => {
  const root = temporaryDirectory();
  const directory = join(root, 'data');
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => engine.dispose());
  const jobId = await makeJob(engine.database, 'Daily');
  await send(engine.database, jobId, [1, 2]);
  await engine.database.write('requestSyncRun', { jobId, kind: 'reconcile', asked: 'schedule', now: NOON });
  await engine.cache.backup(join(root, 'backup'), () => undefined, never);
  await engine.dispose();
  rmSync(directory, { recursive: true });

  const other = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => other.dispose());
  await other.cache.restore(join(root, 'backup'));
  await other.dispose();
  const restored = await opened(directory);
  expect(await state(restored)).toMatchObject([
    { name: 'Daily', active: false, reconciledAt: null, sent: 2, ledger: 1 },
  ]);
  expect(await restored.read('nextSyncRun', {})).toBeNull();
  expect(await restored.read('syncPackages', { jobId })).toMatchObject([{ sentDigest: null, intelId: 7 }]);
});

test('jobs of another directory come beside those of the backup, with numbers of their own', async () => {
  const root = temporaryDirectory();
  for (const [name, ids] of [
    ['here', [1, 2]],
    ['there', [3]],
  ] as const) {
    const database = await openInlineDatabase(join(root, name));
    await send(database, await makeJob(database, 'Daily'), ids);
    await database.close();
  }
  const into = openWritable(join(root, 'there', 'assay.db'));
  carryRecord(join(root, 'here', 'assay.db'), into);
  into.close();
  const database = await opened(join(root, 'there'));
  const common = { ledger: 1, runs: 1 };
  expect(await state(database)).toEqual([
    { ...common, id: 1, name: 'Daily', active: true, reconciledAt: NOON, sent: 1, planned: 1 },
    { ...common, id: 2, name: 'Daily (2)', active: false, reconciledAt: null, sent: 2, planned: 2 },
  ]);
  const { rows } = await database.read('syncLedgerPage', { jobId: 2, offset: 0, limit: 9 });
  expect(rows.map(({ id, runId, added }) => [id, runId, added])).toEqual([[2, 2, [1, 2]]]);
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('a former database from before there were sync jobs has none to carry over', async () => {
  const root = temporaryDirectory();
  const former = openWritable(join(root, 'former.db'));
  migrate(former, { keepCopy: false, migrations: MIGRATIONS.filter(({ version }) => version <= 3) });
  former.close();
  const database = await openInlineDatabase(join(root, 'data'));
  await send(database, await makeJob(database, 'Daily'), [1]);
  await database.close();
  const into = openWritable(join(root, 'data', 'assay.db'));
  carryRecord(join(root, 'former.db'), into);
  into.close();
  expect(await state(await opened(join(root, 'data')))).toMatchObject([{ name: 'Daily', sent: 1, ledger: 1 }]);
});
