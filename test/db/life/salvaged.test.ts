import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { migrate } from '#main/db/migrate.ts';
import { MIGRATIONS } from '#main/db/migrations/index.ts';
import { openWritable } from '#main/db/open.ts';
import { startWriting } from '#main/db/start.ts';
import { item, NOON, sha256, WILDFIRE, write } from '../queue/world.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const NOW = NOON / 1000;

/** Makes the file one that must be rescued: its first page, the schema, is lost. */
function damage(file: string): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096), 0, 4096, 0);
  closeSync(handle);
}

async function rescued(directory: string) {
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  expect(database.salvaged).not.toBeNull();
  return database;
}

test('rows that were written before a column was added are rescued with its default', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'assay.db');
  const db = openWritable(file);
  migrate(db, { keepCopy: false, migrations: MIGRATIONS.filter(({ version }) => version <= 2) });
  db.exec(`INSERT INTO queue (source, digest, bytes, purpose, created_at) VALUES (1, unhex('${sha256(1)}'), 32, 2, 9)`);
  migrate(db, { keepCopy: false });
  db.close();
  damage(file);
  const database = await rescued(directory);
  expect(await database.read('queueDepth', {})).toEqual({ waiting: 1, onTheWay: 0 });
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('history, what was seen of it, and items without an answer are rescued', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'assay.db');
  const { db, use } = startWriting(file);
  for (const [status, at] of [
    ['non-malicious', NOW],
    ['malicious', NOW + 60],
    ['suspicious', NOW + 120],
  ] as const) {
    write(db, 'importItems', { items: [item({ sha256: sha256(1) }, status, at)], at });
    write(db, 'setSeenFlips', { upTo: 1 });
  }
  write(db, 'enqueue', {
    source: WILDFIRE,
    kind: 'sha256',
    digests: new Uint8Array(Buffer.from(sha256(2), 'hex')),
    purpose: 'new',
    intakeId: null,
    stage: 0,
    stopOnMalicious: false,
    force: false,
    at: NOON,
  });
  db.close();
  use.release();
  damage(file);
  const database = await rescued(directory);
  const { rows } = await database.read('historyOfFiles', { fileIds: [1], limit: 9 });
  expect(rows.map(({ flip, after }) => [flip, after.status])).toEqual([
    [-1, 3],
    [1, 4],
  ]);
  expect(await database.read('unseenFlips', {})).toMatchObject({ raised: 0, cleared: 1, upTo: 2 });
  expect(await database.read('sourceCounts', {})).toMatchObject([{ source: WILDFIRE, items: 2, processed: 1, new: 1 }]);
  expect(await database.read('verifyTables', undefined)).toEqual([]);
});

test('a flip after a rescue is unseen, also where changes that were seen are gone', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'assay.db');
  const { db, use } = startWriting(file);
  const hears = (status: 'malicious' | 'non-malicious', at: number) => ({
    items: [item({ sha256: sha256(1) }, status, at)],
    at,
  });
  write(db, 'importItems', hears('non-malicious', NOW));
  write(db, 'importItems', hears('malicious', NOW + 60));
  write(db, 'setSeenFlips', { upTo: null });
  write(db, 'pruneHistory', { before: NOW + 90 });
  db.close();
  use.release();
  damage(file);
  const database = await rescued(directory);
  await database.write('importItems', hears('non-malicious', NOW + 120), 'bulk');
  expect(await database.read('unseenFlips', {})).toMatchObject({ raised: 0, cleared: 1 });
});
