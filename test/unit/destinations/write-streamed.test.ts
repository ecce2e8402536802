import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { writeStreamed } from '#main/destinations/write-streamed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* batches(count: number, onBatch: (n: number) => void = () => undefined): AsyncIterable<string> {
  for (let n = 0; n < count; n += 1) {
    onBatch(n);
    yield `row ${n}\n`.repeat(1000);
  }
}

it('writes everything, counts lines, leaves no temporary file', async () => {
  const path = join(folder, 'out.csv');
  const result = await writeStreamed(path, batches(50));
  expect(result.lines).toBe(50_000);
  expect(readFileSync(path, 'utf8').length).toBe(result.bytes);
  expect(readdirSync(folder)).toEqual(['out.csv']);
});

it('leaves nothing however early it is given up', async () => {
  const aborted = AbortSignal.abort();
  const writing = Array.from({ length: 40 }, (_, n) => writeStreamed(join(folder, `${n}.csv`), batches(2), aborted));
  expect((await Promise.allSettled(writing)).map(({ status }) => status)).toEqual(writing.map(() => 'rejected'));
  // What was under way when they ended would show by now.
  await stat(folder);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readdirSync(folder)).toEqual([]);
});

it('an abort leaves what stood there before', async () => {
  const path = join(folder, 'out.csv');
  writeFileSync(path, 'older');
  const controller = new AbortController();
  const writing = writeStreamed(
    path,
    batches(50, (n) => {
      if (n === 3) {
        controller.abort();
      }
    }),
    controller.signal,
  );
  await expect(writing).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(readFileSync(path, 'utf8')).toBe('older');
  expect(readdirSync(folder)).toEqual(['out.csv']);
});

it('names the place when it cannot write', async () => {
  const path = join(folder, 'none', 'out.csv');
  await expect(writeStreamed(path, batches(1))).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
  expect(existsSync(path)).toBe(false);
});

it('fails calmly when the place proves unwritable before there is anything to write', async () => {
  async function* late(count: number): AsyncIterable<string> {
    // Behind these the file could not be opened either: all of them are done by the same few threads.
    for (let n = 0; n < 50; n += 1) {
      await stat(folder);
    }
    yield* batches(count);
  }
  for (const count of [0, 1, 50]) {
    await expect(writeStreamed(join(folder, 'none', 'out.csv'), late(count))).rejects.toThrow(
      'there is no such folder',
    );
  }
  expect(readdirSync(folder)).toEqual([]);
});

it('says in words why nothing could be written', async () => {
  await expect(writeStreamed(join(folder, 'none', 'out.csv'), batches(1))).rejects.toThrow('there is no such folder');
  await expect(writeStreamed(folder, batches(1))).rejects.toThrow(`${folder} could not be written (it is a folder)`);
  expect(readdirSync(folder)).toEqual([]);
});

it('writes under the longest name a folder takes, and says so of a longer one', async () => {
  for (const name of [`${'n'.repeat(251)}.csv`, `${'é'.repeat(125)}n.csv`]) {
    await writeStreamed(join(folder, name), batches(1));
    expect(readdirSync(folder)).toEqual([name]);
    rmSync(join(folder, name));
  }
  const tooLong = join(folder, `${'n'.repeat(252)}.csv`);
  await expect(writeStreamed(tooLong, batches(1))).rejects.toMatchObject({
    code: 'NOT_WRITABLE',
    message: `${tooLong} could not be written (its name is too long). Nothing was left there.`,
  });
  expect(readdirSync(folder)).toEqual([]);
});

it('two writers of one path never mix, and a file named .part stays', async () => {
  const path = join(folder, 'out.csv');
  writeFileSync(`${path}.part`, 'mine');
  const [one, two] = await Promise.all([writeStreamed(path, batches(20)), writeStreamed(path, batches(20))]);
  expect([one.bytes, readFileSync(path).length, two.lines]).toEqual([two.bytes, one.bytes, 20_000]);
  expect(readFileSync(`${path}.part`, 'utf8')).toBe('mine');
  expect(readdirSync(folder).toSorted()).toEqual(['out.csv', 'out.csv.part']);
});

it('removes what an ended write of that name left long ago, and nothing else', async () => {
  const old = new Date(Date.now() - 3_600_000);
  const put = (name: string, at: Date): void => {
    writeFileSync(join(folder, name), 'half');
    utimesSync(join(folder, name), at, at);
  };
  const ended = 4_194_999;
  put(`out.csv.part-${ended}-1`, old);
  const kept = [
    `out.csv.part-${ended}-2`,
    `other.csv.part-${ended}-1`,
    `out.csv.part-${process.pid}-999`,
    'out.csv.part-x',
  ];
  kept.forEach((name, place) => put(name, place === 0 ? new Date() : old));
  await writeStreamed(join(folder, 'out.csv'), batches(1));
  expect(readdirSync(folder).toSorted()).toEqual(['out.csv', ...kept].toSorted());
});

it('passes on why what was to be written could not be made, and leaves nothing', async () => {
  const path = join(folder, 'out.pdf');
  async function* failing(): AsyncGenerator<string> {
    yield 'begin';
    throw new AppError('UNSUPPORTED', 'The browser printed no whole PDF.');
  }
  await expect(writeStreamed(path, failing())).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: 'The browser printed no whole PDF.',
  });
  expect(readdirSync(folder)).toEqual([]);
});
