import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { carryRecord } from '#main/db/carry/carry-record.ts';
import { openWritable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { createEngine } from '#main/engine.ts';
import { claimArgs, packed, sha256, WILDFIRE } from '../../db/queue/world.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from './open-cache.ts';

const NOW = Date.UTC(2026, 5, 4, 12);

/** Asks about one hash; the request stays on its way unless it is heard. */
async function ask(database: Database, hash: string, isHeard: boolean): Promise<number> {
  await database.write('enqueue', {
    source: WILDFIRE,
    kind: 'sha256',
    digests: packed([hash]),
    purpose: 'new',
    intakeId: null,
    stage: 0,
    stopOnMalicious: false,
    force: false,
    at: NOW,
  });
  const { claim } = await database.write('claimRequest', claimArgs(NOW, 0));
  if (claim.kind !== 'request') {
    throw new Error(`no request: ${claim.kind}`);
  }
  if (isHeard) {
    await hear(database, claim.requestId);
  }
  return claim.requestId;
}

async function hear(database: Database, requestId: number): Promise<void> {
  await database.write('settleRequest', {
    requestId,
    now: NOW,
    outcome: 'not-known',
    httpStatus: 200,
    elapsedMs: 5,
    message: null,
    billed: 1,
    rows: [],
  });
}

const record = async (database: Database) => {
  const { rows } = await database.read('requestsPage', { source: null, offset: 0, limit: 9 });
  return rows.map(({ id, outcome }) => [id, outcome]);
};

test('a restored backup brings no call back: record and ledger go on where they were', async () => {
  const root = temporaryDirectory();
  const directory = join(root, 'data');
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => engine.dispose());
  await ask(engine.database, sha256('before'), true);
  const onItsWay = await ask(engine.database, sha256('while'), false);
  await engine.cache.backup(join(root, 'backup'), () => undefined, never);
  await hear(engine.database, onItsWay);
  await ask(engine.database, sha256('after'), true);
  await engine.cache.restore(join(root, 'backup'));
  await engine.dispose();

  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  expect(await record(database)).toEqual([
    [3, 'not-known'],
    [2, 'not-known'],
    [1, 'not-known'],
  ]);
  const spends = await database.read('windowSpends', { source: WILDFIRE, now: NOW, minuteMs: 60_000 });
  expect(spends.map(({ spent }) => spent)).toEqual([3, 3, 3, 3]);
  // What was on its way at the time of the backup waits.
  expect(await database.read('queueDepth', {})).toEqual({ waiting: 2, onTheWay: 0 });
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('requests of another directory keep theirs beside the own', async () => {
  const root = temporaryDirectory();
  for (const name of ['here', 'there']) {
    const database = await openInlineDatabase(join(root, name));
    await ask(database, sha256(name), true);
    await database.close();
  }
  const into = openWritable(join(root, 'there', 'assay.db'));
  into.exec('UPDATE requests SET reserved_at = reserved_at - 1');
  carryRecord(join(root, 'here', 'assay.db'), into);
  const hashes = into.prepare('SELECT lower(hex(digests)) FROM requests ORDER BY id').pluck().all();
  into.close();
  expect(hashes).toEqual([sha256('there'), sha256('here')]);
});

test('a former database that cannot be read is no reason to fail', async () => {
  const root = temporaryDirectory();
  const database = await openInlineDatabase(join(root, 'data'));
  await ask(database, sha256('own'), true);
  await database.close();
  writeFileSync(join(root, 'damaged.db'), Buffer.alloc(8192, 7));
  const into = openWritable(join(root, 'data', 'assay.db'));
  carryRecord(join(root, 'damaged.db'), into);
  carryRecord(join(root, 'absent.db'), into);
  expect(into.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(1);
  into.close();
});
