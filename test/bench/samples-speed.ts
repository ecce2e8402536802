/**
 * How fast a folder of samples is hashed, beside hashdeep with the same three digests on the same tree:
 * `node test/bench/samples-speed.ts [small files] [large files] [runs]`. Whole processes in turns, the tree in memory, the
 * first turn unmeasured; the intake is kept, judged and linked. Prints one line of JSON.
 */
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/sources.ts';
import { runMeasured, spread, type Run, type Spread } from './measure.ts';

export interface SamplesSpeed {
  readonly files: number;
  readonly bytes: number;
  /** Seconds of the whole command. */
  readonly assay: Spread;
  /** Null where hashdeep is not installed. */
  readonly hashdeep: Spread | null;
  /** Median of hashdeep's time over Assay's in the same turn: 1 is the same speed. */
  readonly ratio: number | null;
  readonly peakMb: number;
}

const LARGE_BYTES = 50_000_000;
const [small = 2_000, large = 20, runs = 7] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'assay-samples-speed-'));
const tree = join(folder, 'tree');
const data = join(folder, 'data');
const bin = join(root, 'src-main/shells/terminal/assay.mjs');

try {
  const bytes = makeTree();
  const turns = await measure(await hasHashdeep());
  const assay = spread(turns.map((turn) => turn.assay.seconds));
  const peers = turns.flatMap((turn) => (turn.hashdeep === null ? [] : [turn.hashdeep.seconds]));
  const ratios = turns.flatMap((turn) => (turn.hashdeep === null ? [] : [turn.hashdeep.seconds / turn.assay.seconds]));
  const speed: SamplesSpeed = {
    files: small + large,
    bytes,
    assay,
    hashdeep: peers.length === 0 ? null : spread(peers),
    ratio: ratios.length === 0 ? null : spread(ratios).median,
    peakMb: Math.max(...turns.map((turn) => turn.assay.peakMb ?? Number.NaN)),
  };
  console.log(JSON.stringify(speed));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Small files of 1 to 32 kB, a hundred to a folder, and large ones; all different. Returns their bytes. */
function makeTree(): number {
  const buffer = Buffer.alloc(LARGE_BYTES);
  let bytes = 0;
  const write = (name: string, size: number): void => {
    const part = buffer.subarray(0, size);
    randomFillSync(part, 0, Math.min(size, 1024));
    writeFileSync(join(tree, name), part);
    bytes += size;
  };
  for (let n = 0; n < small; n += 1) {
    const below = `folder-${Math.floor(n / 100)}`;
    mkdirSync(join(tree, below), { recursive: true });
    write(join(below, `file-${n}.bin`), 1024 * (1 + (n % 32)));
  }
  mkdirSync(tree, { recursive: true });
  for (let n = 0; n < large; n += 1) {
    write(`large-${n}.bin`, LARGE_BYTES);
  }
  return bytes;
}

async function measure(isBeside: boolean): Promise<{ readonly assay: Run; readonly hashdeep: Run | null }[]> {
  const turns: { assay: Run; hashdeep: Run | null }[] = [];
  for (let turn = 0; turn <= runs; turn += 1) {
    const hashdeep = isBeside ? await hashdeepOnce() : null;
    turns.push({ assay: await assayOnce(), hashdeep });
  }
  return turns.slice(1);
}

async function hasHashdeep(): Promise<boolean> {
  const asked = await runMeasured('hashdeep', ['-V']).catch(() => null);
  return asked?.code === 0;
}

async function hashdeepOnce(): Promise<Run> {
  const run = await runMeasured('hashdeep', ['-c', 'md5,sha1,sha256', '-r', tree]);
  const lines = run.stdout.split('\n').filter((line) => /^\d+,[0-9a-f]{32},/.test(line));
  if (run.code !== 0 || lines.length !== small + large) {
    throw new Error(`hashdeep: exit ${run.code}, ${lines.length} files\n${run.stderr}`);
  }
  return run;
}

async function assayOnce(): Promise<Run> {
  const run = await runMeasured(process.execPath, [bin, 'triage', tree, '--data', data, '--format', 'jsonl']);
  const lines = run.stdout.split('\n').filter((line) => line.startsWith('{'));
  if (run.code !== 0 || lines.length !== small + large) {
    throw new Error(`assay: exit ${run.code}, ${lines.length} files\n${run.stderr}`);
  }
  return run;
}
