import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { IntakeFile } from '#main/intakes/intake-file.ts';
import { processMark } from '#main/platform/process-mark.ts';
import { EVERYTHING, openBench, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const page = { offset: 0, limit: 100 };

/** Another process on the data directory, running until told otherwise. */
async function startReader(directory: string, way: 'endless' | 'many', saysWhenReady: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('kept-reader.ts', import.meta.url));
  const child = spawn(process.execPath, [program, directory, way], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the reader ended by itself')));
    child.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes(saysWhenReady)) {
        resolve();
      }
    });
  });
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

test('an intake whose process was killed is failed at the next start, and nothing of it is left', async () => {
  const directory = temporaryFolder();
  const child = await startReader(directory, 'endless', 'more\nmore\n');
  const during = await openBench(directory);
  expect((await during.intakes.list(page)).rows.map((row) => row.state)).toEqual(['reading']);
  await expect(during.intakes.rows(1, EVERY_ROW, page)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(during.intakes.forget(1)).rejects.toMatchObject({ code: 'CONFLICT' });
  await killed(child);
  const after = await openBench(directory);
  const { rows } = await after.intakes.list(page);
  expect(rows).toMatchObject([{ state: 'failed', accounting: { records: 0 } }]);
  expect(rows[0]?.fault).toContain('interrupted');
  expect(readdirSync(join(directory, 'intakes'))).toEqual([]);
  await after.intakes.forget(1);
  expect((await after.intakes.list(page)).total).toBe(0);
});

test('whenever the process is killed, each intake is whole or failed', async () => {
  const directory = temporaryFolder();
  for (let round = 0; round < 4; round += 1) {
    const child = await startReader(directory, 'many', 'begun\n'.repeat(round + 2));
    await killed(child);
  }
  const bench = await openBench(directory);
  const { rows } = await bench.intakes.list(page);
  expect(rows.length).toBeGreaterThanOrEqual(4);
  const kept = rows.filter((row) => row.state === 'ready');
  expect(rows.every((row) => row.state === 'ready' || row.state === 'failed')).toBe(true);
  expect(readdirSync(join(directory, 'intakes')).sort()).toEqual(kept.map((row) => String(row.id)).sort());
  for (const row of kept) {
    const file = new IntakeFile(join(directory, 'intakes', String(row.id), 'intake.acol'));
    file.verify();
    expect(file.entries).toBe(3_000);
    file.close();
    expect((await bench.intakes.rows(row.id, EVERY_ROW, { offset: 2_999, limit: 5 })).rows).toHaveLength(1);
  }
});

test('folders without a row are set aside, rows without a folder are missing, begun removals are completed', async () => {
  const directory = temporaryFolder();
  const first = await openBench(directory);
  const ids: number[] = [];
  for (const text of ['1', '2', '3']) {
    ids.push((await first.read([`${md5(text)}\n`])).id);
  }
  const at = (name: string): string => join(directory, 'intakes', name);
  await first.intakes.dispose();
  mkdirSync(at('77'));
  writeFileSync(join(at('77'), 'intake.acol'), 'somebody’s');
  rmSync(at('1'), { recursive: true });
  renameSync(at('2'), at('.forgotten-2'));
  mkdirSync(at('.reading-50'));
  const database = await openInlineDatabase(directory);
  const dead = await database.write('createIntake', {
    title: 'renamed, then killed',
    door: 'window',
    createdAt: 1,
    readBy: 'assay test',
    origin: [],
    process: '999999999:1',
  });
  await database.close();
  mkdirSync(at(String(dead)));

  const { intakes } = await openBench(directory);
  const { rows } = await intakes.list(page);
  expect(rows.map((row) => [row.id, row.state])).toEqual([
    [dead, 'failed'],
    [3, 'ready'],
    [1, 'missing'],
  ]);
  expect(ids).toEqual([1, 2, 3]);
  expect(readdirSync(join(directory, 'intakes'))).toEqual(['3']);
  const aside = readdirSync(join(directory, 'quarantine')).sort();
  expect(aside.map((name) => name.replace(/-\d{5,}$/, ''))).toEqual([`intake-${dead}`, 'intake-77'].sort());
  const kept = aside.find((name) => name.startsWith('intake-77')) ?? '';
  expect(readFileSync(join(directory, 'quarantine', kept, 'intake.acol'), 'utf8')).toBe('somebody’s');
  await expect(intakes.rows(1, EVERY_ROW, page)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await intakes.get(1)).intake.state).toBe('missing');
  await intakes.forget(1);
  await expect(intakes.get(1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('cancel keeps what was read, judged and searchable', async () => {
  const bench = await openBench();
  const stop = new AbortController();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; ; n += 1) {
      yield Buffer.from(`${md5(`${n}`)}\n${md5(`${n}`).slice(0, 20)}`);
      yield Buffer.from(`${md5(`${n}`).slice(20)}\n`);
      if (n === 500) {
        stop.abort();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { intakeId, finished } = await bench.intakes.start(
    {
      door: 'window',
      title: 'endless',
      inputs: [{ kind: 'stream', name: 's', chunks: chunks() }],
      reading: { as: 'list' },
    },
    () => undefined,
    stop.signal,
  );
  const intake = await finished;
  expect(intake).toMatchObject({ id: intakeId, title: 'endless', state: 'cancelled', sha256: null });
  const { records, hashes, duplicates, balanced } = intake.accounting;
  expect([balanced, records - hashes - duplicates, intake.counts.unknown]).toEqual([true, 0, hashes]);
  expect(hashes).toBeGreaterThan(10);
  const { rows } = await bench.intakes.rows(intakeId, { ...EVERY_ROW, text: md5('3') }, page);
  expect(rows).toMatchObject([{ hash: md5('3'), occurrences: 2 }]);
  expect((await bench.intakes.get(intakeId)).inputs[0]?.fault).toContain('cancelled');
});

test('forgetting removes row and files for good', async () => {
  const bench = await openBench();
  const intake = await bench.read([`${md5('1')}\n`]);
  await bench.intakes.rows(intake.id, EVERY_ROW, page);
  const folder = join(bench.directory, 'intakes', String(intake.id));
  expect(existsSync(folder)).toBe(true);
  await bench.intakes.forget(intake.id);
  expect([existsSync(folder), readdirSync(join(bench.directory, 'intakes'))]).toEqual([false, []]);
  expect((await bench.intakes.list(page)).total).toBe(0);
  await expect(bench.intakes.forget(intake.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const next = await bench.read([`${md5('2')}\n`]);
  expect(next.id).toBeGreaterThan(intake.id);
});

test('note and embargo are kept, and told to those who listen', async () => {
  const bench = await openBench();
  const intake = await bench.read([`${md5('1')}\n`]);
  const kinds: number[] = [];
  const stop = bench.database.onChange((change) => kinds.push(...change.kinds));
  await bench.intakes.setNote(intake.id, 'seen on host 12');
  await bench.intakes.setEmbargo(intake.id, true);
  stop();
  // An embargo also takes what waits out of the queue.
  expect(kinds).toEqual([5, 5, 7]);
  expect((await bench.intakes.get(intake.id)).intake).toMatchObject({ note: 'seen on host 12', embargo: true });
  await expect(bench.intakes.setNote(99, '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('where paths were read from is remembered, pasted text is not asked for again', async () => {
  const bench = await openBench();
  const path = join(temporaryFolder(), 'list');
  writeFileSync(path, `${md5('1')}\n`);
  const fromPath = await bench.read([{ kind: 'path', path }]);
  expect(await bench.intakes.origin(fromPath.id)).toEqual([path]);
  const pasted = await bench.read([`${md5('1')}\n`]);
  expect(await bench.intakes.origin(pasted.id)).toEqual([]);
  expect(await bench.intakes.seenIn([{ md5: md5('1') as never }, { md5: md5('2') as never }])).toEqual([2, 0]);
  const detail = await bench.intakes.detail(pasted.id, 0);
  expect(detail.elsewhere).toEqual([
    { intakeId: fromPath.id, title: 'list', createdAt: 1_790_000_000, file: 'list', line: 1 },
  ]);
});

test('closing in the middle keeps what was read', async () => {
  const directory = temporaryFolder();
  const bench = await openBench(directory);
  let more: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (more = resolve));
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; ; n += 1) {
      yield Buffer.from(`${md5(`${n}`)}\n`.repeat(5_000));
      if (n === 2) {
        more();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await bench.intakes.start(
    { door: 'terminal', inputs: [{ kind: 'stream', name: 's', chunks: chunks() }], reading: { as: 'list' } },
    () => undefined,
    new AbortController().signal,
  );
  await asked;
  await bench.intakes.dispose();
  const { intakes } = await openBench(directory);
  expect((await intakes.list(page)).rows).toMatchObject([{ state: 'cancelled' }]);
  let rows = 0;
  for await (const batch of intakes.batches(1, EVERYTHING, new AbortController().signal)) {
    rows += batch.length;
  }
  expect(rows).toBeGreaterThan(0);
});

test('an intake that was read and not judged yet is never shown with empty counts', async () => {
  const bench = await openBench();
  const [, { database, intakes }] = [await bench.read([`${md5('1')}\n${md5('2')}\n`]), bench];
  const readOnly = async (process: string): Promise<number> => {
    const id = await database.write('createIntake', {
      title: 'read, not judged',
      door: 'window',
      createdAt: 1,
      readBy: 'assay test',
      origin: [],
      process,
    });
    cpSync(join(bench.directory, 'intakes', '1'), join(bench.directory, 'intakes', String(id)), { recursive: true });
    const { intake } = await intakes.get(1);
    const outcome = { ...intake, state: 'ready', fault: null } as const;
    await database.write('finishIntake', { id, outcome, at: 1 });
    return id;
  };
  const judging = await readOnly(processMark());
  const orphaned = await readOnly('999999999:1');
  expect((await intakes.get(judging)).intake.state).toBe('reading');
  expect((await intakes.list(page)).rows.map((row) => [row.id, row.state])).toContainEqual([judging, 'reading']);
  expect((await intakes.get(orphaned)).intake).toMatchObject({ state: 'ready', counts: { unknown: 2 } });
});
