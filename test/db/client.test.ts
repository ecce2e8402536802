import { describe, expect, test, onTestFinished } from 'vitest';
import { openInlineDatabase, openWorkerDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const WORKER = new URL('../../src-main/db/worker.ts', import.meta.url);
const WAYS: readonly [string, (directory: string) => Promise<Database>][] = [
  ['inline', openInlineDatabase],
  ['in worker threads', (directory) => openWorkerDatabase(directory, WORKER)],
];

async function opened(open: (directory: string) => Promise<Database>, directory: string): Promise<Database> {
  const database = await open(directory);
  onTestFinished(() => database.close());
  return database;
}

function nextChange(database: Database): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const stop = database.onChange((change) => {
      stop();
      resolve(change.kinds);
    });
  });
}

describe.each(WAYS)('database %s', (_name, open) => {
  test('writes and reads back', async () => {
    const database = await opened(open, temporaryDirectory());
    await database.write('setSettings', { change: { staleAfterDays: 7 }, at: 1 });
    expect((await database.read('allSettings', undefined)).staleAfterDays).toBe(7);
    expect((await database.read('databaseMeta', undefined)).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('tells own writes', async () => {
    const database = await opened(open, temporaryDirectory());
    const change = nextChange(database);
    await database.write('setSettings', { change: { analyst: 'kim' }, at: 1 });
    expect(await change).toEqual([6]);
  });

  test('tells writes of another connection', async () => {
    const directory = temporaryDirectory();
    const database = await opened(open, directory);
    const other = await opened(openInlineDatabase, directory);
    const change = nextChange(database);
    await other.write('setSettings', { change: { analyst: 'kim' }, at: 1 });
    expect(await change).toEqual([6]);
  });

  test('an expected error arrives with its code', async () => {
    const database = await opened(open, temporaryDirectory());
    await expect(database.write('setSettings', { change: { staleAfterDays: -1 }, at: 1 })).rejects.toMatchObject({
      name: 'AppError',
      code: 'INVALID_ARGUMENT',
    });
  });

  test('after closing, calls are refused', async () => {
    const database = await open(temporaryDirectory());
    await database.close();
    await expect(database.read('lastSeq', undefined)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
