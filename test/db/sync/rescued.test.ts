import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { reads } from '#main/db/repositories/index.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { write } from '../queue/world.ts';
import { file, host, NOON, planned, syncWorld, type SyncWorld } from './world.ts';

/** A job that sent some hosts in two packages and holds a file back. */
function sentWorld(): SyncWorld {
  const world = syncWorld({ owners: ['Acme'] });
  const { db, job } = world;
  const hosts = Array.from({ length: 40 }, (_, index) => host(index + 1));
  world.applied(
    [...hosts, file(99)],
    [...hosts.map(({ id }) => planned(id, 'new')), planned(99, 'held', { held: 'hash-list', heldBy: 'ours' })],
  );
  write(db, 'splitPackage', { jobId: job.id, type: 'Host', prefix: '' });
  world.pushed();
  write(db, 'advanceSyncJob', { jobId: job.id, lastModified: NOON, reconciledAt: NOON });
  return world;
}

/** Closes the database, makes its schema unreadable, and opens it again. */
async function rescued({ close, directory }: SyncWorld) {
  close();
  const handle = openSync(join(directory, 'assay.db'), 'r+');
  writeSync(handle, Buffer.alloc(4096), 0, 4096, 0);
  closeSync(handle);
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  expect(database.salvaged).not.toBeNull();
  return database;
}

test('jobs, indicators, packages and the ledger are rescued; everything is compared again', async () => {
  const world = sentWorld();
  const { db, job } = world;
  const page = { jobId: job.id, offset: 0, limit: 100 };
  const before = {
    job: { ...reads.syncJob(db, { jobId: job.id }), reconciledAt: null },
    indicators: reads.syncIndicatorsPage(db, { ...page, which: 'all' }),
    packages: reads.syncPackages(db, { jobId: job.id }).map((row) => ({ ...row, sentDigest: null, serverMd5: null })),
    ledger: reads.syncLedgerPage(db, page),
    runs: reads.syncRuns(db, page),
  };
  const database = await rescued(world);
  expect({
    job: await database.read('syncJob', { jobId: job.id }),
    indicators: await database.read('syncIndicatorsPage', { ...page, which: 'all' }),
    packages: await database.read('syncPackages', { jobId: job.id }),
    ledger: await database.read('syncLedgerPage', page),
    runs: await database.read('syncRuns', page),
  }).toEqual(before);
  expect(before.ledger.total).toBe(2);
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('where a job or package was lost, what was sent stays known and can be called back', async () => {
  const world = sentWorld();
  const { db, job } = world;
  db.exec("DELETE FROM sync_jobs; DELETE FROM sync_packages WHERE prefix = '0'");
  expect(reads.verifyTables(db)).toEqual(
    expect.arrayContaining(['41 rows of sync_indicators belong to no job', '1 rows of sync_packages belong to no job']),
  );
  const database = await rescued(world);
  expect(await database.read('verifyTables', undefined)).toEqual([]);
  expect(await database.read('syncJob', { jobId: job.id })).toMatchObject({ name: 'Rescued job 1', active: false });
  expect(await database.write('recallIndicators', { jobId: job.id, ids: null, by: 'kim' })).toBe(41);
  const packages = await database.read('syncPackages', { jobId: job.id, dirtyOnly: true });
  expect(packages.map(({ prefix, intelId }) => [prefix, intelId !== null])).toEqual([
    ['0', false],
    ['1', true],
  ]);
  // A new run has a number that no lost one can have had.
  const run = await database.write('requestSyncRun', { jobId: job.id, kind: 'run', asked: 'person', now: NOON });
  expect(run.id).toBeGreaterThan(1_000_000);
});

test('settings that cannot be read are set anew, and the job does nothing', async () => {
  const world = sentWorld();
  world.db.exec(`UPDATE sync_jobs SET active = 1, config = '{"owners": [1'`);
  const database = await rescued(world);
  expect(await database.read('syncJob', { jobId: world.job.id })).toMatchObject({
    name: 'Daily',
    uuid: world.job.uuid,
    active: false,
    config: defaultSyncJob(),
  });
});

test('the full check names packages that overlap and indicators that no package holds', () => {
  const { db } = sentWorld();
  expect(reads.verifyTables(db)).toEqual([]);
  db.exec(`UPDATE sync_packages SET prefix = '' WHERE prefix = '0'`);
  expect(reads.verifyTables(db)).toEqual(['1 packages hold the same indicators as others']);
  db.exec(`DELETE FROM sync_packages WHERE prefix = ''`);
  expect(reads.verifyTables(db)).toEqual([expect.stringMatching(/^\d+ indicators are sent and in no package$/)]);
});
