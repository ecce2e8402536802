// What a window feels while sources are asked with the grid open: the real engine behind its threads, and a simulator in a
// process of its own. `node test/bench/window-asking.ts [HASHES]` prints one line of JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '#shared/contract/app.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { root } from '../architecture/sources.ts';
import { setUpDirectory, SIMULATED_KEYS } from '../soak/simulated.ts';
import { writeList } from './data.ts';
import { delays, quantile } from './delays.ts';
import { EVERY_ROW } from '../every-row.ts';

export interface WindowAsking {
  /** How late timers of the answering process come while it asks: 99th percentile and worst, milliseconds. */
  readonly lateP99: number;
  readonly lateWorst: number;
  /** Processor time its thread took between two of these timers: 99th percentile and worst, milliseconds. */
  readonly busyP99: number;
  readonly busyWorst: number;
  /** A page of the open grid meanwhile: 99th percentile, milliseconds. */
  readonly pageP99: number;
  /** Hashes answered a second meanwhile. */
  readonly perSecond: number;
}

const COUNT = Number(process.argv[2] ?? 100_000);
const MEASURED_MS = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'assay-window-asking-'));
const simulator = spawn(
  process.execPath,
  [
    join(root, 'src-main/shells/terminal/assay.mjs'),
    'simulate',
    '--format',
    'jsonl',
    '--attached',
    '--latency',
    '50-800',
    '--limits',
    'none',
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);

try {
  Object.assign(process.env, SIMULATED_KEYS);
  const data = join(folder, 'data');
  const list = join(folder, 'list.txt');
  writeList(list, COUNT, COUNT, 0);
  const urls = await urlsOf(simulator);
  await setUpDirectory(data, {
    wildfire: { url: urls('wildfire'), change: { hashesPerRequest: 500, concurrency: 4 } },
    virustotal: { url: urls('virustotal'), change: { concurrency: 8 } },
  });
  const engine = await createEngine({ directory: data, threads: 'workers', shell: 'chromium' });
  try {
    const intakeId = await read(engine, list);
    await pause(1_500);
    await engine.handlers['scan.start']({
      intakeId,
      selection: { kind: 'query', query: EVERY_ROW },
      sources: ['wildfire', 'virustotal'],
      strategy: 'certain',
    });
    console.log(JSON.stringify(await measured(engine, intakeId)));
  } finally {
    await engine.dispose();
  }
} finally {
  simulator.stdin?.end();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(engine: Engine, intakeId: number): Promise<WindowAsking> {
  const before = await engine.sources.list();
  const started = performance.now();
  const late = delays();
  const pages: number[] = [];
  for (let at = 0; performance.now() - started < MEASURED_MS; at += 1) {
    const start = performance.now();
    await engine.handlers['intake.rows']({ intakeId, query: EVERY_ROW, offset: (at * 7_919) % COUNT, limit: 200 });
    pages.push(performance.now() - start);
    await pause(50);
  }
  const lateness = late();
  const after = await engine.sources.list();
  const items = (found: typeof before): number => found.sources.reduce((sum, source) => sum + source.processed, 0);
  return {
    lateP99: quantile(lateness.late, 0.99),
    lateWorst: quantile(lateness.late, 1),
    busyP99: quantile(lateness.busy, 0.99),
    busyWorst: quantile(lateness.busy, 1),
    pageP99: quantile(pages, 0.99),
    perSecond: (1000 * (items(after) - items(before))) / (performance.now() - started),
  };
}

async function urlsOf(child: ChildProcess): Promise<(source: string) => string> {
  if (child.stdout === null) {
    throw new Error('the simulator says nothing');
  }
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { simulators } = JSON.parse(line) as {
    readonly simulators: { readonly source: string; readonly url: string }[];
  };
  return (source) => simulators.find((one) => one.source === source)?.url ?? '';
}

async function read(engine: Engine, path: string): Promise<number> {
  const ended = Promise.withResolvers<void>();
  const stop = engine.onPush((name, payload) => {
    if (name === 'job' && (payload as Job).state !== 'running') {
      ended.resolve();
    }
  });
  const { handle } = engine.registerPaths([path]);
  const { intakeId } = await engine.handlers['intake.start']({ handle, reading: { as: 'auto' } });
  await ended.promise;
  stop();
  return intakeId;
}
