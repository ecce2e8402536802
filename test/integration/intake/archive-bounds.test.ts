import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { formatTools } from '#main/services/intake/reading/format-tools.ts';
import { readIntake } from '#main/services/intake/reading/pipeline.ts';
import { buildZip, type BuiltMember } from '../../unit/formats/containers/zip/build-zip.ts';
import { openBench, temporaryFolder, type Bench } from './intake-bench.ts';

const MIB = 1024 * 1024;
const SMALL = { name: 'small.bin', data: Buffer.from('\0\0\0small') };
const archive = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/archives/zip/${name}.zip`, import.meta.url)));

function written(members: readonly BuiltMember[]): string {
  const path = join(temporaryFolder(), 'test.zip');
  writeFileSync(path, buildZip(members));
  return path;
}

/** So many MiB of zeros, deflated in stretches of `stretch` bytes: the longer, the higher the ratio. */
function zeros(mib: number, stretch: number): BuiltMember {
  const plain = Buffer.alloc(stretch);
  const count = (mib * MIB) / stretch;
  const block = deflateRawSync(plain, { finishFlush: constants.Z_FULL_FLUSH });
  let crc = 0;
  for (let index = 0; index < count; index += 1) {
    crc = crc32(plain, crc);
  }
  const packed = Buffer.concat([...Array.from({ length: count }, () => block), Buffer.from([3, 0])]);
  return { name: 'zeros.bin', data: Buffer.alloc(0), method: 8, packed, says: { crc, size: mib * MIB } };
}

async function read(bench: Bench, path: string) {
  const intake = await bench.read([{ kind: 'path', path }]);
  const { inputs } = await bench.intakes.get(intake.id);
  const { rows } = await bench.intakes.troubles(intake.id, { offset: 0, limit: 10 });
  expect(intake.accounting.balanced).toBe(true);
  return { intake, last: inputs.at(-1), inputs, reasons: rows.map(({ reason }) => reason) };
}

test('a bomb within a bomb ends as soon as the archive around them unpacked a thousand times its size', async () => {
  const bench = await openBench();
  const inner = buildZip([zeros(300, 64 * 1024)]);
  const path = written([SMALL, { name: 'inner.zip', data: inner, method: 8 }, { ...SMALL, name: 'behind.bin' }]);
  const { intake, inputs, reasons } = await read(bench, path);
  expect(inputs.map(({ name, fault }) => `${name} | ${fault ?? ''}`)).toEqual([
    'test.zip › inner.zip | It was not read to its end: it unpacks to more than 1,000 times its size. What came before is kept.',
    'test.zip | It was not read to its end: it unpacks to more than 1,000 times its size. What came before is kept.',
  ]);
  expect(reasons).toEqual(['it unpacks to more than 1,000 times its size']);
  expect(intake.accounting).toMatchObject({ records: 4, rejected: 1 });
});

test('a large member is hashed in bounded memory', async () => {
  const bench = await openBench();
  const path = written([zeros(128, 64 * 1024)]);
  const before = process.memoryUsage().rss;
  const { intake } = await read(bench, path);
  expect(intake.accounting).toMatchObject({ records: 2, hashes: 2 });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
});

test('archives within archives are followed three deep, and hashed below', async () => {
  const bench = await openBench();
  const nested = (depth: number): Buffer =>
    buildZip(
      Array.from({ length: 4 }, (_, index) => ({
        name: `${index}`,
        data: depth === 1 ? Buffer.from(`\0\0\0${index}`) : nested(depth - 1),
      })),
    );
  const path = join(temporaryFolder(), 'nested.zip');
  writeFileSync(path, nested(5));
  const { intake, inputs, last } = await read(bench, path);
  // 4 + 16 archives inside are opened; each of the 16 holds 4 that are hashed, and is a record itself.
  expect(inputs).toHaveLength(21);
  expect(intake.accounting).toMatchObject({ records: 80, rejected: 0 });
  expect(inputs[0]?.fault).toBe('Too large or too deep to be opened, and only hashed: 4 archives in it.');
  expect(last?.records).toBe(0);
});

test('cut off anywhere, an archive is read as far as it can be, and every record is accounted for', async () => {
  const bytes = archive('streamed');
  const folder = temporaryFolder();
  for (let length = 0; length <= bytes.length; length += 5) {
    const chunks = [bytes.subarray(0, length)].values() as unknown as AsyncIterable<Uint8Array>;
    const { accounting, state } = await readIntake(
      join(folder, 'a.acol'),
      [{ kind: 'stream', name: 'input', chunks }],
      { as: 'auto' },
      formatTools,
      { onProgress: () => undefined, onSorting: () => undefined, isCancelled: () => false },
    );
    expect([accounting.balanced, state]).toEqual([true, 'ready']);
  }
});

test('progress ends at the size of the archive', async () => {
  const bench = await openBench();
  const path = written([zeros(16, 64 * 1024), SMALL]);
  const { intake } = await read(bench, path);
  const { bytesDone, bytesTotal } = bench.progress.at(-1) ?? {};
  expect([bytesDone, bytesTotal, intake.bytes]).toEqual([intake.bytes, intake.bytes, readFileSync(path).length]);
  const steps = bench.progress.map((each) => each.bytesDone);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test.each(['inline', 'workers'] as const)(
  'cancelled in the middle of a member, what came before is kept (%s)',
  async (threads) => {
    const database = await openInlineDatabase(temporaryFolder());
    const intakes = await createIntakes(database, { threads, clock: systemClock, readBy: 'assay test' });
    onTestFinished(async () => {
      await intakes.dispose();
      await database.close();
    });
    const path = written([SMALL, zeros(512, 64 * 1024)]);
    const stop = new AbortController();
    const { finished } = await intakes.start(
      { door: 'terminal', inputs: [{ kind: 'path', path }], reading: { as: 'auto' } },
      ({ records, bytesDone }) => {
        if (records > 0 && bytesDone > 0) {
          stop.abort();
        }
      },
      stop.signal,
    );
    const intake = await finished;
    expect(intake).toMatchObject({
      state: 'cancelled',
      sha256: null,
      accounting: { records: 1, hashes: 1, balanced: true },
    });
    expect((await intakes.get(intake.id)).inputs[0]?.fault).toBe(
      'Reading was cancelled after 1 file. What came before is kept.',
    );
  },
);
