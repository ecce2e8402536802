// What threat sync takes: both services simulated here, the job in a process of its own as a window has it.
// `node test/bench/sync-speed.ts [INDICATORS] [PAGE_SIZE]` prints one line of JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WINDOW_ENVIRONMENT, WINDOW_NODE_FLAGS } from '#main/shells/launch/shell-command.ts';
import { root } from '../architecture/sources.ts';
import { type FaultyServices, jobOf, startServices, SYNC_SECRETS_HERE } from '../soak/sync/services.ts';
import { runMeasured } from './measure.ts';
import type { SyncBenchTask, SyncBenchTook } from './sync-process.ts';
import type { SyncSlices } from './sync-slices.ts';

/** One run: what it took in its process, and what reached the services. */
export interface SyncBenchRun extends SyncBenchTook {
  readonly name: string;
  readonly toThreatConnect: number;
  readonly toTanium: number;
  /** Writes that Threat Response did, labels and deploys included, and the deploys among them. */
  readonly writes: number;
  readonly packages: number;
  readonly deploys: number;
}

export interface SyncSpeed extends SyncSlices {
  readonly runs: readonly SyncBenchRun[];
  /** Resident memory of the process before its first run, megabytes. */
  readonly idleMb: number;
  /** Resident memory at most of a process that has no window: everything in one thread. */
  readonly terminalMb: number;
  /** Indicators that the first run sent. */
  readonly sent: number;
}

const INDICATORS = Number(process.argv[2] ?? 100_000);
const PAGE_SIZE = Number(process.argv[3] ?? 1_000);
const PACKAGE_SIZE = 500;
const CHANGED = 100;
const folder = mkdtempSync(join(tmpdir(), 'assay-sync-speed-'));
const bundle = join(root, '.build', `bench-${process.pid}`);

try {
  const life = await withServices((services) => lifeOf(services));
  const slices = await withServices((services) => slicesOf(services));
  const sent = life.runs.find(({ name }) => name === 'first run')?.counts?.new ?? 0;
  console.log(JSON.stringify({ ...life, sent, ...slices } satisfies SyncSpeed));
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundle, { recursive: true, force: true });
}

async function withServices<T>(work: (services: FaultyServices) => Promise<T>): Promise<T> {
  const services = await startServices({ indicators: INDICATORS, seed: 1, seededAt: Date.now(), faultShare: 0 });
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}

async function lifeOf(services: FaultyServices): Promise<Pick<SyncSpeed, 'runs' | 'idleMb'>> {
  const args = [...WINDOW_NODE_FLAGS, await bundled('sync-process'), join(folder, 'data')];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...WINDOW_ENVIRONMENT, ...process.env, ...SYNC_SECRETS_HERE },
  });
  try {
    await once(child, 'message');
    const made = await told(child, { kind: 'set', change: settings(services) });
    if (made.state !== 'done') {
      throw new Error(made.message);
    }
    const runs = [
      await measured('dry run', services, child, { kind: 'run', run: 'dry-run' }),
      await measured('first run', services, child, { kind: 'run', run: 'reconcile' }),
      await measured('reconcile, nothing new', services, child, { kind: 'run', run: 'reconcile' }),
    ];
    changeSome(services);
    runs.push(
      await measured(`run, ${CHANGED} changed`, services, child, { kind: 'run', run: 'run' }),
      await measured('recall of all', services, child, { kind: 'recall-all' }),
    );
    child.send({ kind: 'end' } satisfies SyncBenchTask);
    await once(child, 'exit');
    return { runs, idleMb: made.peakMb };
  } finally {
    child.kill('SIGKILL');
  }
}

/** The script with its threads as a build makes them. Below the project, where packages are found. */
async function bundled(entry: string): Promise<string> {
  const { code, stderr } = await runMeasured(process.execPath, [join(root, 'test/bench/bundle.mjs'), entry, bundle]);
  if (code !== 0) {
    throw new Error(stderr);
  }
  return join(bundle, `${entry}.js`);
}

async function measured(
  name: string,
  services: FaultyServices,
  child: ChildProcess,
  task: SyncBenchTask,
): Promise<SyncBenchRun> {
  const before = seen(services);
  const took = await told(child, task);
  const after = seen(services);
  if (took.state !== 'done') {
    throw new Error(`${name} ended as ${took.state}: ${took.message}`);
  }
  return {
    name,
    ...took,
    toThreatConnect: after.toThreatConnect - before.toThreatConnect,
    toTanium: after.toTanium - before.toTanium,
    writes: after.writes - before.writes,
    packages: after.packages - before.packages,
    deploys: after.deploys - before.deploys,
  };
}

function seen({ met, tanium: { control } }: FaultyServices) {
  const { toThreatConnect, toTanium } = met();
  const { created, replaced, removed, deploys, total } = control.writes();
  return { toThreatConnect, toTanium, writes: total, packages: created + replaced + removed, deploys };
}

async function told(child: ChildProcess, task: SyncBenchTask): Promise<SyncBenchTook> {
  const answer = once(child, 'message');
  child.send(task);
  const [took] = await Promise.race([
    answer,
    once(child, 'exit').then(([code]) => {
      throw new Error(`the process that syncs ended with ${String(code)}`);
    }),
  ]);
  return took as SyncBenchTook;
}

/** Some of those that are sent get another value: each changes one package. */
function changeSome({ threatConnect: { control } }: FaultyServices): void {
  const sent = control
    .indicators()
    .filter(({ type, owner, active }) => type === 'Host' && owner === 'Example Corp' && active);
  const step = Math.max(1, Math.floor(sent.length / CHANGED));
  for (let n = 0; n < CHANGED; n += 1) {
    const row = sent[n * step];
    if (row !== undefined) {
      const { id, type, owner, tags } = row;
      control.put({ id, type, owner, tags, rating: 5, summary: `changed-${id}.sync.simulated` });
    }
  }
}

async function slicesOf(services: FaultyServices): Promise<SyncSlices & Pick<SyncSpeed, 'terminalMb'>> {
  const args = [await bundled('sync-slices'), join(folder, 'slices'), JSON.stringify(settings(services))];
  const result = await runMeasured(process.execPath, args, SYNC_SECRETS_HERE);
  if (result.code !== 0) {
    throw new Error(result.stderr);
  }
  return { ...(JSON.parse(result.stdout) as SyncSlices), terminalMb: result.peakMb ?? Number.NaN };
}

/** Guards aside, as a job begins. */
function settings(services: FaultyServices) {
  return {
    ...jobOf(services, PACKAGE_SIZE),
    pageSize: PAGE_SIZE,
    labels: 10,
    filesTo: 'packages' as const,
    guardShare: 100,
  };
}
