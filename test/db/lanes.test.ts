import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase, openWorkerDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import { createThread } from '#main/db/threads/thread.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const WORKER = new URL('../../src-main/db/worker.ts', import.meta.url);
const MANY = 30_000;
const items: ItemRecord[] = Array.from({ length: MANY }, (_, seed) => ({
  digests: { sha256: createHash('sha256').update(String(seed)).digest('hex') as HexDigest },
  source: 1,
  status: 2,
  noAnswer: null,
  score: null,
  threat: null,
  rawCode: null,
  firstSeen: null,
  scannedAt: null,
}));

describe.each([
  ['inline', openInlineDatabase],
  ['in worker threads', (directory: string) => openWorkerDatabase(directory, WORKER)],
] as [string, (directory: string) => Promise<Database>][])('a long write %s', (_name, open) => {
  async function opened(): Promise<Database> {
    const database = await open(temporaryDirectory());
    onTestFinished(() => database.close());
    return database;
  }

  test('lets a waiting person’s write through between two transactions', async () => {
    const database = await opened();
    const order: string[] = [];
    const bulk = database.write('importItems', { items, at: 1 }, 'bulk').then(() => order.push('bulk'));
    await database.write('setSettings', { change: { analyst: 'kim' }, at: 1 }).then(() => order.push('person'));
    await bulk;
    expect(order).toEqual(['person', 'bulk']);
    expect((await database.read('tableStats', undefined)).files).toBe(MANY);
  });

  test('ends between two transactions when it is cancelled, and keeps what was committed', async () => {
    const database = await opened();
    const stop = new AbortController();
    const unsubscribe = database.onChange(() => stop.abort());
    const writing = database.write('importItems', { items, at: 1 }, 'bulk', stop.signal);
    await expect(writing).rejects.toMatchObject({ code: 'CANCELLED' });
    unsubscribe();
    const { files } = await database.read('tableStats', undefined);
    expect(files).toBeGreaterThan(0);
    expect(files).toBeLessThan(MANY);
    expect(await database.read('verifyTables', undefined)).toEqual([]);
  });
});

test('a thread that dies refuses its calls with a code and is started again by the next', async () => {
  const url = new URL('./dying-worker.ts', import.meta.url);
  const hooks = { onChanged: () => undefined, onReady: () => undefined };
  const thread = createThread(url, { role: 'reader', file: '' }, hooks);
  onTestFinished(() => thread.close());
  const call = (name: string): Promise<unknown> => thread.call({ kind: 'read', name, args: null, lane: 'person' });
  expect([await call('live'), await call('live')]).toEqual([1, 2]);
  await expect(call('die')).rejects.toMatchObject({
    code: 'DEFECT',
    message: expect.stringContaining('stopped') as unknown,
  });
  expect(await call('live')).toBe(1);
});
