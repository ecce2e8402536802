import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { startReading } from '#main/db/start.ts';
import { newestAccelerator } from '#main/services/triage/accelerator/accelerator.ts';
import { createAcceleratorKeeper, type AcceleratorKeeper } from '#main/services/triage/accelerator/keeper.ts';

let directory: string;
let database: Database;
let keeper: AcceleratorKeeper;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-keeper-'));
  database = await openInlineDatabase(directory);
  keeper = createAcceleratorKeeper(database, {
    onFault: (error) => {
      throw error;
    },
    pauseMs: 1,
  });
});
afterEach(async () => {
  await keeper.dispose();
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

async function addFiles(from: number, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, at) => ({
    digests: {
      sha256: createHash('sha256')
        .update(String(from + at))
        .digest('hex') as HexDigest,
    },
    source: 1,
    status: 4,
    noAnswer: null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    scannedAt: 1_790_000_000,
  }));
  await database.write('importItems', { items, at: 1_790_000_000 }, 'bulk');
}

function kept(): readonly string[] {
  try {
    return readdirSync(join(directory, 'accelerators'));
  } catch {
    return [];
  }
}

function newestSeq(): number | null {
  const { db, use } = startReading(database.file);
  const newest = newestAccelerator(db, directory);
  const seq = newest?.seq ?? null;
  newest?.close();
  db.close();
  use.release();
  return seq;
}

it('builds one when it pays, and none again while that serves', async () => {
  expect(await keeper.refresh()).toBe(false);
  await addFiles(0, 3_000);
  expect(await keeper.refresh()).toBe(true);
  expect(newestSeq()).toBe(await database.read('lastSeq', undefined));
  expect(await keeper.refresh()).toBe(false);
  expect(kept()).toHaveLength(1);
});

it('replaces one that has fallen far behind', async () => {
  await addFiles(0, 3_000);
  await keeper.refresh();
  await addFiles(10_000, 1_000);
  expect(await keeper.refresh()).toBe(true);
  expect(kept()).toHaveLength(1);
  expect(newestSeq()).toBe(await database.read('lastSeq', undefined));
});

it('builds once for callers that ask at the same time', async () => {
  await addFiles(0, 3_000);
  expect(await Promise.all([keeper.refresh(), keeper.refresh()])).toEqual([true, true]);
  expect(kept()).toHaveLength(1);
});

it('does not begin what would take longer than there is time', async () => {
  await addFiles(0, 3_000);
  expect(await keeper.refresh({ withinMs: 1 })).toBe(false);
  expect(kept()).toEqual([]);
});

it('leaves nothing behind when it is cancelled or closed', async () => {
  await addFiles(0, 3_000);
  const stop = new AbortController();
  const cancelled = keeper.refresh({ signal: stop.signal });
  stop.abort();
  expect(await cancelled).toBe(false);
  const closed = keeper.refresh();
  await keeper.dispose();
  expect(await closed).toBe(false);
  expect(await keeper.refresh()).toBe(false);
  expect(kept()).toEqual([]);
});

it('follows the feed of changes', async () => {
  keeper.follow();
  await addFiles(0, 3_000);
  const seq = await database.read('lastSeq', undefined);
  await expect.poll(newestSeq, { timeout: 60_000 }).toBe(seq);
});

it('replaces one that was found to be damaged', async () => {
  await addFiles(0, 3_000);
  await keeper.refresh();
  const [name = ''] = kept();
  const path = join(directory, 'accelerators', name);
  writeFileSync(path, readFileSync(path).subarray(0, 5_000));
  expect(newestSeq()).toBeNull();
  expect(await keeper.refresh()).toBe(true);
  expect(newestSeq()).toBe(await database.read('lastSeq', undefined));
});
