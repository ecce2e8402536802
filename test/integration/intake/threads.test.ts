import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import type { IntakeProgress, IntakeService } from '#main/services/intake/port.ts';
import { IntakeThread } from '#main/services/intake/run/intake-thread.ts';
import { EVERYTHING, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const signal = new AbortController().signal;
const list = (count: number): string => Array.from({ length: count }, (_, n) => `${md5(`${n}`)}\n`).join('');

async function openThreads(directory = temporaryFolder()): Promise<IntakeService> {
  const database = await openInlineDatabase(directory);
  const intakes = await createIntakes(database, { threads: 'workers', clock: systemClock, readBy: 'assay test' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
  });
  return intakes;
}

test('behind threads an archive is looked at, and somebody who leaves ends it', async () => {
  const intakes = await openThreads();
  const path = fileURLToPath(new URL('../../fixtures/archives/zip/info-zip.zip', import.meta.url));
  const task = { from: { kind: 'path', path }, reading: { as: 'auto' } } as const;
  const { preview } = await intakes.preview(task, signal);
  expect(preview?.inside?.parts.length).toBeGreaterThan(0);
  const left = await intakes.preview(task, AbortSignal.abort());
  expect(left.preview?.inside).toMatchObject({ isCounted: false, ended: 'nobody waits for it' });
});

test.skipIf(process.platform === 'win32')(
  'behind threads a pipe that says nothing does not keep a cancel waiting',
  async () => {
    const intakes = await openThreads();
    const folder = temporaryFolder();
    const paths = ['unwritten', 'silent'].map((name) => join(folder, name));
    paths.forEach((path) => execFileSync('mkfifo', [path]));
    const holder = openSync(join(folder, 'silent'), 'r+');
    for (const path of paths) {
      const stop = new AbortController();
      const inputs = [{ kind: 'path', path } as const];
      const { finished } = await intakes.start(
        { door: 'window', inputs, reading: { as: 'auto' } },
        () => undefined,
        stop.signal,
      );
      stop.abort();
      const end = await finished.then(
        ({ state }) => state,
        ({ code }: { code: string }) => code,
      );
      expect([path, end]).toEqual([path, 'cancelled']);
    }
    closeSync(holder);
  },
);

test('behind threads an intake is read, paged, detailed and reported as in place', async () => {
  const intakes = await openThreads();
  const progress: IntakeProgress[] = [];
  const chunks = [Buffer.from(list(30_000)), Buffer.from('not a hash\n')].values();
  const { intakeId, finished } = await intakes.start(
    {
      door: 'window',
      inputs: [
        { kind: 'text', name: 'pasted', text: list(30_010) },
        { kind: 'stream', name: 'stream', chunks: chunks as unknown as AsyncIterable<Uint8Array> },
      ],
      reading: { as: 'list' },
    },
    (each) => progress.push(each),
    signal,
  );
  const intake = await finished;
  expect(intake).toMatchObject({
    id: intakeId,
    state: 'ready',
    accounting: { hashes: 30_010, duplicates: 30_000, balanced: true },
    counts: { unknown: 30_010 },
  });
  expect(progress.some((each) => each.phase === 'reading' && each.counts !== null && each.judged >= 20_000)).toBe(true);
  const { total, rows } = await intakes.rows(intakeId, EVERY_ROW, { offset: 30_009, limit: 10 });
  expect([total, rows.map((row) => row.hash)]).toEqual([30_010, [md5('30009')]]);
  expect((await intakes.detail(intakeId, rows[0]?.entry ?? 0)).hash).toBe(md5('30009'));
  const path = join(temporaryFolder(), 'out.jsonl');
  const statement = { title: '', examiner: '', caseName: '', note: '' };
  const report = { intakeId, selection: EVERYTHING, format: 'jsonl', statement, madeBy: 'Assay test' } as const;
  expect((await intakes.report(report, path, () => undefined, signal)).head.rows).toBe(30_010);
  const written = readFileSync(path, 'utf8').split('\n');
  expect(written.filter((line) => line.startsWith('{"hash":'))).toHaveLength(30_010);
  let batched = 0;
  for await (const batch of intakes.batches(intakeId, EVERYTHING, signal)) {
    batched += batch.length;
  }
  expect(batched).toBe(30_010);
  expect((await intakes.get(intakeId)).inputs.map((input) => input.name)).toEqual(['pasted', 'stream']);
});

test('errors cross with their code, and what is bad in one intake harms no other', async () => {
  const intakes = await openThreads();
  const start = (path: string) =>
    intakes.start(
      { door: 'window', inputs: [{ kind: 'path', path }], reading: { as: 'auto' } },
      () => undefined,
      signal,
    );
  const gone = await start('/nowhere/at/all');
  const good = await start(fileURLToPath(import.meta.url));
  expect((await gone.finished).state).toBe('failed');
  expect((await good.finished).state).toBe('ready');
  await expect(intakes.rows(99, EVERY_ROW, { offset: 0, limit: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(intakes.detail(good.intakeId, 5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('cancel reaches a reading thread and keeps what was read', async () => {
  const intakes = await openThreads();
  const stop = new AbortController();
  const text = list(20_000);
  const { finished } = await intakes.start(
    {
      door: 'window',
      inputs: Array.from({ length: 200 }, (_, n) => ({ kind: 'text', name: `${n}`, text })),
      reading: { as: 'list' },
    },
    () => stop.abort(),
    stop.signal,
  );
  const intake = await finished;
  expect(intake.state).toBe('cancelled');
  expect(intake.accounting.balanced).toBe(true);
  expect(intake.files).toBeLessThan(200);
});

test('a thread that dies rejects its calls and is started again by the next', async () => {
  const program = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, type, call }) => {
      if (type === 'close') { parentPort.close(); return; }
      if (call.method === 'die') { process.exit(1); }
      if (call.method === 'throw') { setImmediate(() => { throw new Error('defect'); }); return; }
      parentPort.postMessage({ type: 'done', id, value: 'answer' });
    });`;
  const url = new URL(
    `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('/'); ${program}`)}`,
  );
  const thread = new IntakeThread(url, { directory: '', databaseFile: '' }, 'test');
  const call = (method: string) => thread.call({ name: 'host', method: method as 'rows', args: [] });
  expect(await call('fine')).toBe('answer');
  await expect(call('die')).rejects.toMatchObject({ code: 'DEFECT' });
  expect(await call('fine')).toBe('answer');
  await expect(call('throw')).rejects.toThrow('defect');
  expect(await call('fine')).toBe('answer');
  await thread.close(1_000);
  await expect(call('fine')).rejects.toMatchObject({ code: 'CANCELLED' });
});
