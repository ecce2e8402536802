// Measures what README states about speed, on the assay bin as a whole process. `--check` exits 1 below the goals.
// `--quick` uses a tenth of the sizes and states no verdict.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/sources.ts';
import { writeItems, writeList } from './data.ts';
import { runMeasured, spread, type Run } from './measure.ts';

const quick = process.argv.includes('--quick');
const check = process.argv.includes('--check');
const scale = quick ? 10 : 1;
const runs = quick ? 3 : 7;
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
const data = join(folder, 'data');
const bin = join(root, 'src-main/shells/terminal/assay.mjs');
const missed: string[] = [];

const assay = (...args: readonly string[]): Promise<Run> =>
  runMeasured(process.execPath, [bin, ...args, '--data', data]);

async function task(
  name: string,
  list: string,
  count: number,
  goalSeconds: number | null,
  goalMb: number,
): Promise<void> {
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const result = await assay('triage', list);
    if (result.code !== 0) {
      throw new Error(`${name}: exit ${result.code}\n${result.stderr}`);
    }
    if (run > 0) {
      seconds.push(result.seconds);
      memory.push(result.peakMb ?? Number.NaN);
    }
  }
  const time = spread(seconds);
  const peak = spread(memory);
  console.log(
    `${name}: ${time.median.toFixed(2)} s (${time.min.toFixed(2)}-${time.max.toFixed(2)}), ` +
      `${Math.round(count / time.median / 1000)} k/s, peak ${Math.round(peak.max)} MB`,
  );
  if (goalSeconds !== null && time.median > goalSeconds) {
    missed.push(`${name}: ${time.median.toFixed(2)} s, goal ${goalSeconds} s`);
  }
  if (peak.max > goalMb) {
    missed.push(`${name}: ${Math.round(peak.max)} MB, goal ${goalMb} MB`);
  }
}

try {
  console.log(
    `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${runs} runs each, median (min-max)`,
  );
  const million = 1_000_000 / scale;
  writeItems(join(folder, 'items.jsonl'), million);
  const imported = await assay('cache', 'import', join(folder, 'items.jsonl'));
  if (imported.code !== 0) {
    throw new Error(imported.stderr);
  }
  console.log(
    `cache import of ${million} items: ${imported.seconds.toFixed(1)} s, peak ${Math.round(imported.peakMb ?? 0)} MB`,
  );
  for (const [name, hits, lines, seconds, mb] of [
    ['1,000,000 SHA-256 lines, 10 % cached', 10, million, 3, 300],
    ['1,000,000 SHA-256 lines, 95 % cached', 95, million, 3, 300],
    ['5,000,000 SHA-256 lines, 10 % cached', 10, 5 * million, null, 600],
  ] as const) {
    const list = join(folder, 'list.txt');
    writeList(list, lines, million, hits);
    await task(quick ? `${name} (a tenth)` : name, list, lines, seconds, mb);
  }
  const small = join(folder, 'small.txt');
  writeList(small, 1000, million, 10);
  await task('1,000 lines', small, 1000, null, 300);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const line of missed) {
  console.log(`below goal: ${line}`);
}
process.exitCode = check && !quick && missed.length > 0 ? 1 : 0;
