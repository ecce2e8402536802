/**
 * What large known sets cost: `node test/bench/known-set-speed.ts [keys] [rows] [records]`. Makes a set of that many SHA-256
 * and SHA-1 keys and measures the real `assay triage` of a list of `rows` hashes, one in ten of them in the set, without the
 * set and with it, in turns. Then imports an NSRL RDSv3 database of `records` rows. BENCH_DIR names a folder that is kept.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInlineDatabase } from '#main/db/client.ts';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { distinctKeys } from '#main/intakes/keys/distinct-keys.ts';
import { KeyRuns } from '#main/intakes/keys/key-runs.ts';
import { writeKeys } from '#main/intakes/keys/write-keys.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { root } from '../architecture/sources.ts';
import { makeLargeRds } from '../db/large-rds-database.ts';
import { runMeasured } from './measure.ts';

const KEYS = Number(process.argv[2] ?? 50_000_000);
const ROWS = Number(process.argv[3] ?? 1_000_000);
const RECORDS = Number(process.argv[4] ?? 5_000_000);
const RUNS = 5;
const kept = process.env['BENCH_DIR'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'assay-known-set-speed-'));
const bin = join(root, 'src-main/shells/terminal/assay.mjs');
const kind = (process.env['BENCH_KIND'] ?? 'sha256') as 'md5' | 'sha1' | 'sha256';
const width = DIGEST_BYTES[kind];

/** Random keys: nothing about them is easier than about real digests. */
function makeSet(path: string): void {
  const start = performance.now();
  const runs = new KeyRuns(`${path}.runs`, { key: width, stride: width });
  const some = Buffer.alloc(width * 100_000);
  for (let done = 0; done < KEYS; done += 100_000) {
    randomFillSync(some);
    for (let at = 0; at < some.length; at += width) {
      runs.append(some, at, 0);
      if (runs.isFull) {
        runs.flush();
      }
    }
  }
  const writer = new PackedWriter(path);
  const count = writeKeys(
    writer,
    kind,
    width,
    distinctKeys(
      runs,
      () => 0,
      () => undefined,
    ),
    null,
  );
  const bytes = writer.finish({ kind: 'known-set', version: 1, meta: {} });
  runs.discard();
  const ratio = (bytes / (count * width)).toFixed(3);
  console.log(`set of ${count} ${kind} keys: ${seconds(start)}, ${bytes} bytes, ${ratio} of the raw keys`);
}

/** A list of which one hash in ten is in the set. */
function makeList(path: string, set: string, share: number): void {
  const reader = new PackedReader(set, 'known-set');
  const count = reader.bytesIn(kind) / width;
  const file = openSync(path, 'w');
  const lines: string[] = [];
  for (let row = 0; row < ROWS; row += 1) {
    const isHit = row % 100 < share;
    const record = Math.floor(Math.random() * count);
    const digest = isHit ? reader.readBytes(kind, record * width, width) : randomFillSync(Buffer.alloc(width));
    lines.push(Buffer.from(digest).toString('hex'));
  }
  writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
  reader.close();
}

async function dataWith(name: string, set: string | null): Promise<string> {
  const data = join(folder, name);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  const database = await openInlineDatabase(data);
  if (set !== null) {
    const row = await database.write('beginKnownSet', {
      name: 'Large',
      edition: '1',
      mark: 'known',
      datedAt: null,
      process: '',
      at: 0,
      folder: '../sets',
    });
    await database.write('finishKnownSet', { id: row.id, md5: 0, sha1: 0, sha256: 0, bytes: 0, replace: false });
  }
  await database.close();
  return data;
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function triage(
  data: string,
  list: string,
): Promise<{ readonly seconds: number; readonly peakMb: number | null }> {
  const result = await runMeasured(process.execPath, [bin, 'triage', list, '--data', data]);
  if (result.code !== 0) {
    throw new Error(result.stderr);
  }
  return result;
}

mkdirSync(join(folder, 'sets'), { recursive: true });
const set = join(folder, 'sets', '1.acol');
if (!existsSync(set)) {
  makeSet(set);
}
for (const share of [10, 0, 90]) {
  const list = join(folder, `list-${share}.txt`);
  if (!existsSync(list)) {
    makeList(list, set, share);
  }
  const without = await dataWith('without', null);
  const withSet = await dataWith('with', set);
  const times = { without: [] as number[], with: [] as number[] };
  let peak = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    const bare = await triage(without, list);
    const full = await triage(withSet, list);
    if (run > 0) {
      times.without.push(bare.seconds);
      times.with.push(full.seconds);
      peak = Math.max(peak, full.peakMb ?? 0);
    }
  }
  const [bare, full] = [median(times.without), median(times.with)];
  const ratios = times.with.map((time, run) => time / (times.without[run] ?? Number.NaN));
  console.log(
    `triage of ${ROWS}, ${share} % in the set: ${bare.toFixed(2)} s without, ${full.toFixed(2)} s with, median ratio ${median(ratios).toFixed(3)}, peak ${peak.toFixed(0)} MB`,
  );
}

const rds = join(folder, 'rds.db');
if (RECORDS > 0) {
  if (!existsSync(rds)) {
    makeLargeRds(rds, RECORDS);
  }
  const data = await dataWith('import', null);
  const result = await runMeasured(process.execPath, [
    bin,
    'known-sets',
    'import',
    rds,
    '--name',
    'NSRL',
    '--data',
    data,
  ]);
  const bytes = statSync(join(data, 'known-sets', '1.acol')).size;
  const perSecond = Math.round(RECORDS / result.seconds);
  console.log(
    `import of ${RECORDS} RDSv3 records: ${result.seconds.toFixed(2)} s, ${perSecond} a second, peak ${result.peakMb ?? 0} MB, ${(bytes / RECORDS).toFixed(1)} bytes a record`,
  );
}
if (kept === undefined) {
  rmSync(folder, { recursive: true });
}
