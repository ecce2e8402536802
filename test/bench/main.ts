// Measures what README states about speed: the assay bin as a whole process, the size of the cache, and what a window
// feels. `--check` exits 1 below the goals. `--quick` uses a tenth of the sizes and states no verdict. BENCH_DIR names a
// folder whose lists and cache are kept and used again.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/sources.ts';
import { bytesPerItem } from './bytes-per-item-load.ts';
import { writeItems, writeList } from './data.ts';
import { createGoals } from './goals.ts';
import type { Rate } from '../soak/rate.ts';
import type { SchedulerSpeed } from './scheduler-speed.ts';
import type { LookupSpeed } from './lookup-speed.ts';
import { runMeasured, spread, type Run, type Spread } from './measure.ts';
import type { BoardSpeed } from './usage-board.ts';
import type { BoardDrawing } from './usage-drawing.ts';
import type { RecordingCost } from './usage-recording.ts';
import type { SamplesSpeed } from './samples-speed.ts';
import type { SyncSpeed } from './sync-speed.ts';
import type { WindowAsking } from './window-asking.ts';
import type { WindowSpeed } from './window-speed.ts';

const quick = process.argv.includes('--quick');
const check = process.argv.includes('--check');
const scale = quick ? 10 : 1;
const runs = quick ? 3 : 7;
const million = 1_000_000 / scale;
const kept = process.env['BENCH_DIR'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'assay-bench-'));
const data = join(folder, 'data');
const bin = join(root, 'src-main/shells/terminal/assay.mjs');
const goals = createGoals();

const assay = async (...args: readonly string[]): Promise<Run> => {
  const result = await runMeasured(process.execPath, [bin, ...args, '--data', data]);
  if (result.code !== 0) {
    throw new Error(`assay ${args.join(' ')}: exit ${result.code}\n${result.stderr}`);
  }
  return result;
};

/** Runs a command several times, the first one unmeasured: it fills the caches. */
async function repeated(work: () => Promise<Run>): Promise<{ readonly seconds: Spread; readonly peakMb: number }> {
  const results: Run[] = [];
  for (let run = 0; run <= runs; run += 1) {
    results.push(await work());
  }
  const measured = results.slice(1);
  return {
    seconds: spread(measured.map((result) => result.seconds)),
    peakMb: Math.max(...measured.map((result) => result.peakMb ?? Number.NaN)),
  };
}

/** A file of the bench, made unless an earlier run kept it. */
function made(name: string, make: (path: string) => void): string {
  const path = join(folder, `${million}-${name}`);
  if (!existsSync(path)) {
    make(path);
  }
  return path;
}

async function importItems(): Promise<void> {
  const items = made('items.jsonl', (path) => writeItems(path, million));
  const { seconds, peakMb } = await assay('cache', 'import', items);
  goals.note(`cache import of ${million} items, look-ups prepared`, seconds, 's');
  goals.note('  peak memory', peakMb ?? Number.NaN, 'MB');
}

async function triages(): Promise<void> {
  for (const [name, hits, lines, mostSeconds, mostMb] of [
    ['1M SHA-256 lines, 10 % cached', 10, million, 3, 300],
    ['1M SHA-256 lines, 95 % cached', 95, million, 3, 300],
    ['5M SHA-256 lines, 10 % cached', 10, 5 * million, null, 600],
    ['1,000 lines', 10, 1000, null, 300],
  ] as const) {
    const list = made(`list-${lines}-${hits}.txt`, (path) => writeList(path, lines, million, hits));
    const { seconds, peakMb } = await repeated(async () => {
      const run = await assay('triage', list);
      // Only the last one is kept: a hundred intakes of a million rows fill a disk.
      await assay('intakes', 'remove', /Kept as intake (\d+)/.exec(run.stdout + run.stderr)?.[1] ?? '');
      return run;
    });
    const range = `(${seconds.min.toFixed(2)}-${seconds.max.toFixed(2)})`;
    if (mostSeconds === null) {
      goals.note(`${name} ${range}`, seconds.median, 's');
    } else {
      goals.atMost(`${name} ${range}`, seconds.median, mostSeconds, 's');
    }
    goals.atMost('  peak memory', peakMb, mostMb, 'MB');
  }
  const nothing = await repeated(() => runMeasured(process.execPath, ['-e', '0']));
  goals.note('node -e 0', nothing.seconds.median, 's');
}

async function size(): Promise<void> {
  const { own, text } = await bytesPerItem(Math.min(million, 200_000));
  goals.note('bytes per item', own, 'B');
  goals.atMost('  against TEXT keys', own / text, 0.35, 'x');
}

async function windowed(): Promise<void> {
  const list = made(`list-${million}-10.txt`, (path) => writeList(path, million, million, 10));
  const script = join(root, 'test/bench/window-speed.ts');
  const result = await runMeasured(process.execPath, [script, data, list]);
  if (result.code !== 0) {
    throw new Error(result.stderr);
  }
  const speed = JSON.parse(result.stdout) as WindowSpeed;
  goals.atMost('window: drop to 20,000 hashes counted', spread(speed.firstCounts).median, 300, 'ms');
  goals.note('window: drop to all answered', spread(speed.ready).median, 'ms');
  goals.atMost('window: delay of the answering process, p99', speed.lateP99, 20, 'ms');
  goals.note('  worst', speed.lateWorst, 'ms');
  goals.note('window: page of the open grid meanwhile, p99', speed.pageP99, 'ms');
  goals.atMost('window: a jump in all rows, p99', speed.jumpP99, 100, 'ms');
  for (const [name, milliseconds] of Object.entries(speed.orders)) {
    goals.atMost(`window: ${name}, all rows`, milliseconds, 500, 'ms');
  }
}

async function singleHashes(): Promise<void> {
  const speed = await reported<LookupSpeed>('lookup-speed.ts', data, String(million), String(5_000 / scale));
  goals.atMost(`look-up of one hash in a window, ${million} items, p99`, speed.windowP99, 20, 'ms');
  goals.note('  median', speed.windowP50, 'ms');
  goals.note('assay lookup --jsonl, a line, p99', speed.lineP99, 'ms');
  goals.note('  median', speed.lineP50, 'ms');
}

async function reported<T>(script: string, ...args: readonly string[]): Promise<T> {
  const result = await runMeasured(process.execPath, [join(root, 'test/bench', script), ...args]);
  if (result.code !== 0) {
    throw new Error(result.stderr);
  }
  return JSON.parse(result.stdout) as T;
}

async function samples(): Promise<void> {
  const sizes = [2_000 / scale, 20 / scale, runs].map(String);
  const {
    files,
    bytes,
    assay: own,
    hashdeep,
    ratio,
    peakMb,
  } = await reported<SamplesSpeed>('samples-speed.ts', ...sizes);
  const tree = `${files} samples, ${Math.round(bytes / 1_000_000)} MB`;
  goals.note(`${tree}: triaged (${own.min.toFixed(2)}-${own.max.toFixed(2)})`, own.median, 's');
  if (hashdeep === null || ratio === null) {
    console.log('  beside hashdeep: not measured, hashdeep is not installed');
  } else {
    goals.note(`  hashdeep (${hashdeep.min.toFixed(2)}-${hashdeep.max.toFixed(2)})`, hashdeep.median, 's');
    goals.atLeast('  speed against hashdeep, same turn', ratio, 0.9, 'x');
  }
  goals.atMost('  peak memory', peakMb, 300, 'MB');
}

async function asking(): Promise<void> {
  const speed = await reported<SchedulerSpeed>('scheduler-speed.ts', String(100_000 / scale));
  const queued = `with ${100_000 / scale} queued, a hash`;
  goals.atMost(`asking ${queued}`, speed.asking, 50, 'us');
  goals.note('  with its item written', speed.askingWithItems, 'us');
  goals.note('  time that passed', speed.passed, 'us');
  goals.note('  putting it into the queue', speed.enqueue, 'us');
  const window = await reported<WindowAsking>('window-asking.ts', String(100_000 / scale));
  goals.atMost('window: delay while sources are asked, p99', window.lateP99, 20, 'ms');
  goals.note('  its own share of that, p99', window.busyP99, 'ms');
  goals.note('  page of the open grid meanwhile, p99', window.pageP99, 'ms');
  goals.note('  hashes answered a second meanwhile', window.perSecond, '/s');
  for (const rate of await reported<Rate[]>('asking-rate.ts', String(30 / scale))) {
    goals.atLeast(`rate: ${rate.name}`, 100 * rate.share, 98, '%');
    goals.atMost('  most calls in any sliding minute', rate.most, rate.limit, 'calls');
  }
}

async function board(): Promise<void> {
  const speed = await reported<BoardSpeed>('usage-board.ts', join(folder, 'board'));
  for (const { days, points, intervals, panel, medianMs } of speed.runs) {
    const name = `board: ${days} days of full minutes, ${points} points (${panel}, ${intervals})`;
    goals.atMost(name, medianMs, 200, 'ms');
  }
  goals.note('  all panels of 89 days at once', speed.allPanelsMs, 'ms');
  const drawing = await reported<BoardDrawing | null>('usage-drawing.ts', join(folder, 'board'));
  if (drawing === null) {
    console.log('board: not drawn, there is no Chromium here');
    return;
  }
  const [slowest] = drawing.panels.toSorted((a, b) => b.readMs + b.drawnMs - a.readMs - a.drawnMs);
  if (slowest !== undefined) {
    const name = `board: 89 days read and drawn (${slowest.panel}, ${slowest.intervals})`;
    goals.atMost(name, slowest.readMs + slowest.drawnMs, 200, 'ms');
  }
  goals.atMost(`  ${drawing.panels.length} such panels drawn together`, drawing.togetherMs, 200, 'ms');
}

async function recording(): Promise<void> {
  for (const cost of await reported<RecordingCost[]>('usage-recording.ts', String(2_000 / scale))) {
    const name = `recording for the board, requests of ${cost.hashesPerRequest}`;
    if (cost.hashesPerRequest === 1) {
      // Of queue and ledger alone: a request over the network takes many times longer.
      goals.note(`${name}, of queue and ledger`, cost.share, '%');
    } else {
      goals.atMost(`${name}, of queue and ledger`, cost.share, 2, '%');
    }
  }
}

async function threatSync(): Promise<void> {
  const indicators = 100_000 / scale;
  for (const pageSize of [1_000, 10_000] as const) {
    const speed = await reported<SyncSpeed>('sync-speed.ts', String(indicators), String(pageSize));
    const pages = `pages of ${pageSize}`;
    goals.note(`sync of ${indicators} indicators, ${pages}: sent`, speed.sent, '');
    for (const run of speed.runs) {
      goals.note(`  ${run.name}`, run.seconds, 's');
      goals.note('    processor time of its process', run.cpuSeconds, 's');
      goals.note('    requests to ThreatConnect', run.toThreatConnect, '');
      goals.note('    requests to Threat Response', run.toTanium, '');
      goals.note('    packages written', run.packages, '');
      goals.atMost('    own share of a delay in the answering process, p99', run.busyP99, 20, 'ms');
      if (run.name.endsWith('nothing new') || run.name === 'dry run') {
        goals.atMost('    writes and deploys', run.writes, 0, '');
      }
    }
    goals.atMost('  peak memory, without a window', speed.terminalMb, 400, 'MB');
    goals.note('  memory of a window that is idle', speed.idleMb, 'MB');
    goals.atMost('  peak memory, with a window', Math.max(...speed.runs.map(({ peakMb }) => peakMb)), 400, 'MB');
    const own = speed.runs.map(({ ownPeakMb }) => ownPeakMb ?? Number.NaN);
    goals.note('    without mapped files, which other processes share', Math.max(...own), 'MB');
    goals.atMost(`  longest transaction (${speed.longestSlice[0]})`, speed.longestSlice[1], 50, 'ms');
    goals.atMost(`  longest read (${speed.longestRead[0]})`, speed.longestRead[1], 1_000, 'ms');
  }
}

try {
  mkdirSync(folder, { recursive: true });
  // A bundle older than the sources is not used, and what people run is the bundle.
  const build = await runMeasured(process.execPath, [join(root, '.scripts/build.mjs'), 'terminal']);
  if (build.code !== 0) {
    throw new Error(build.stderr);
  }
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${cpus().length} cores, load ${load}, Node ${process.version}, ${runs} runs each, median (min-max)`);
  if (!existsSync(data)) {
    await importItems();
  }
  await triages();
  await samples();
  await windowed();
  await singleHashes();
  await size();
  await asking();
  await board();
  await recording();
  await threatSync();
} finally {
  if (kept === undefined) {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`load at the end ${loadavg()[0]?.toFixed(1)}`);
process.exitCode = check && !quick && !goals.areMet() ? 1 : 0;
