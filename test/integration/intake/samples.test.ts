import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import type { IntakeProgress } from '#main/services/intake/port.ts';
import { openBench, temporaryFolder, type Bench } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';
import { GIGABYTE, isAmongGiants, treeWithTwoGiants } from './sample-tree.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads until progress says so, then cancels. */
async function readUntil(
  { intakes }: Pick<Bench, 'intakes'>,
  paths: readonly string[],
  isEnough: (progress: IntakeProgress) => boolean,
): Promise<IntakeSummary> {
  const stop = new AbortController();
  const { finished } = await intakes.start(
    { door: 'terminal', inputs: paths.map((path) => ({ kind: 'path', path })), reading: { as: 'auto' } },
    (progress) => {
      if (isEnough(progress)) {
        stop.abort();
      }
    },
    stop.signal,
  );
  return finished;
}

test('cancelled among the largest files, all the others are kept and the intake says how many', async () => {
  const bench = await openBench();
  const path = treeWithTwoGiants();
  const intake = await readUntil(bench, [path], isAmongGiants);
  expect(intake).toMatchObject({
    state: 'cancelled',
    sha256: null,
    accounting: { records: 600, hashes: 600, rejected: 0, balanced: true },
    counts: { unknown: 600 },
  });
  const { inputs } = await bench.intakes.get(intake.id);
  expect(inputs[0]?.fault).toBe('Reading was cancelled after 600 of 602 files. What was hashed is kept.');
});

test('behind the threads of a window a folder is hashed and cancelled alike', async () => {
  const database = await openInlineDatabase(temporaryFolder());
  const intakes = await createIntakes(database, { threads: 'workers', clock: systemClock, readBy: 'assay test' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
  });
  const intake = await readUntil({ intakes }, [treeWithTwoGiants()], isAmongGiants);
  expect(intake).toMatchObject({ state: 'cancelled', accounting: { records: 600, hashes: 600, balanced: true } });
});

test.runIf(process.platform === 'linux')('no more than two files are open, and the total is known', async () => {
  const bench = await openBench();
  const path = treeWithTwoGiants();
  let most = 0;
  const totals = new Set<number | null>();
  await readUntil(bench, [path], ({ bytesDone, bytesTotal }) => {
    const open = readdirSync('/proc/self/fd').map((number) => targetOf(`/proc/self/fd/${number}`));
    most = Math.max(most, open.filter((target) => target.startsWith(`${path}/`)).length);
    if (bytesDone > 0) {
      totals.add(bytesTotal);
    }
    return bytesDone > 100_000_000;
  });
  const small = Array.from({ length: 600 }, (_, n) => String(n).length).reduce((sum, length) => sum + length, 0);
  expect([most, [...totals]]).toEqual([2, [120 * GIGABYTE + small]]);
});

/** Where a descriptor leads; empty when it was closed meanwhile. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

test('dropped files stay in their order, lists before samples, whatever their size', async () => {
  const bench = await openBench();
  const path = temporaryFolder();
  const contents = [900_000, 10, 5_000_000, 7_000_000, 300].map((size) => randomBytes(size));
  const paths = contents.map((bytes, n) => {
    writeFileSync(join(path, `${n}.bin`), bytes);
    return join(path, `${n}.bin`);
  });
  const list = join(path, 'list.txt');
  writeFileSync(list, `${sha256(Buffer.from('listed'))}\n`);
  const inputs = [...paths.slice(0, 2), list, ...paths.slice(2)];
  const intake = await bench.read(inputs.map((each) => ({ kind: 'path', path: each })));
  expect(intake).toMatchObject({ state: 'ready', files: 6, accounting: { records: 6, hashes: 6, balanced: true } });
  const { rows } = await bench.intakes.rows(intake.id, EVERY_ROW, { offset: 0, limit: 10 });
  expect(rows.map(({ hash, file }) => [hash, file])).toEqual([
    [sha256(Buffer.from('listed')), 'list.txt'],
    ...contents.map((bytes, n) => [sha256(bytes), paths[n]]),
  ]);
  expect(bench.progress.at(-1)).toMatchObject({ bytesDone: intake.bytes, bytesTotal: intake.bytes });
});

test.runIf(process.platform === 'linux')(
  'what lies too deep for the system is named, and the rest is read',
  async () => {
    const bench = await openBench();
    const path = temporaryFolder();
    mkdirSync(join(path, 'deep'));
    writeFileSync(join(path, 'near'), 'near');
    const dig = 'name=$(printf "%0200d" 0); for n in $(seq 1 30); do mkdir $name && cd $name; done; echo x > file';
    execFileSync('bash', ['-c', dig], { cwd: join(path, 'deep') });
    onTestFinished(() => void execFileSync('rm', ['-rf', join(path, 'deep')]));
    const intake = await bench.read([{ kind: 'path', path }]);
    expect(intake).toMatchObject({
      state: 'ready',
      accounting: { records: 2, hashes: 1, rejected: 1, balanced: true },
    });
    const { rows } = await bench.intakes.troubles(intake.id, { offset: 0, limit: 9 });
    expect(rows[0]?.reason).toBe('the folder could not be opened: its name is too long');
  },
);
