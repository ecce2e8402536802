// `node test/bench/sync-process.ts DIRECTORY`: the engine behind its threads, as a window's process has it; does one sync task after
// the other as its parent says, and tells what each took. Secrets come from the environment.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import type { SyncCounts } from '#shared/contract/sync.ts';
import { createEngine } from '#main/engine.ts';
import { delays, quantile } from './delays.ts';

/** What the parent asks for. */
export type SyncBenchTask =
  | { readonly kind: 'set'; readonly change: SyncJobChange }
  | { readonly kind: 'run'; readonly run: 'run' | 'reconcile' | 'dry-run' }
  | { readonly kind: 'recall-all' }
  | { readonly kind: 'end' };

/** What a task took in the process. Milliseconds but for `seconds`. */
export interface SyncBenchTook {
  readonly state: string;
  readonly message: string;
  readonly seconds: number;
  /** Processor time of all its threads: the same however much else the machine has to do. */
  readonly cpuSeconds: number;
  readonly counts: SyncCounts | null;
  /** How late its timers came while it ran, and how busy the thread that answers a window was between two of them. */
  readonly lateP99: number;
  readonly busyP99: number;
  readonly busyWorst: number;
  /** Resident memory of the whole process, its threads included, at most since it began. */
  readonly peakMb: number;
  /** What of it is the process's own at most, looked at ten times a second: without the mapped code that all Nodes share. */
  readonly ownPeakMb: number | null;
}

const [directory = ''] = process.argv.slice(2);
let ownPeakMb: number | null = null;
setInterval(() => {
  const own = ownMb();
  ownPeakMb = own === null ? null : Math.max(own, ownPeakMb ?? 0);
}, 100).unref();
const alive = setInterval(() => undefined, 1_000);
process.once('disconnect', () => process.exit(1));
const engine = await createEngine({
  directory,
  threads: 'workers',
  shell: 'chromium',
  simulated: true,
  onFault: (what, error) => console.error(`${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
});
const { threatSync } = engine;
process.send?.('ready');
for (;;) {
  const [task] = (await once(process, 'message')) as [SyncBenchTask];
  if (task.kind === 'end') {
    break;
  }
  process.send?.(await took(task));
}
await engine.dispose();
clearInterval(alive);
process.exit(0);

async function took(task: Exclude<SyncBenchTask, { kind: 'end' }>): Promise<SyncBenchTook> {
  const late = delays();
  const started = performance.now();
  const before = process.cpuUsage();
  const run = await done(task);
  const used = process.cpuUsage(before);
  const seconds = (performance.now() - started) / 1000;
  const found = late();
  return {
    state: run?.state ?? 'done',
    message: run?.message ?? '',
    seconds,
    cpuSeconds: (used.user + used.system) / 1_000_000,
    counts: run?.counts ?? null,
    lateP99: quantile(found.late, 0.99),
    busyP99: quantile(found.busy, 0.99),
    busyWorst: quantile(found.busy, 1),
    peakMb: process.resourceUsage().maxRSS / 1024,
    ownPeakMb,
  };
}

/** Anonymous memory in MB; null where the system does not tell. */
function ownMb(): number | null {
  try {
    const found = /RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}

async function done(task: Exclude<SyncBenchTask, { kind: 'end' }>) {
  if (task.kind === 'set') {
    const { jobs } = await threatSync.jobs();
    const [job] = jobs;
    await (job === undefined
      ? threatSync.create({ name: 'Bench', change: task.change })
      : threatSync.set({ jobId: job.id, change: task.change }));
    return null;
  }
  const { id } =
    task.kind === 'run'
      ? await threatSync.request({ jobId: 1, kind: task.run })
      : await threatSync.recall({ jobId: 1, scope: { kind: 'all' }, dryRun: false });
  for (;;) {
    const run = await threatSync.run(id);
    if (run.state !== 'requested' && run.state !== 'running') {
      return run;
    }
    // As often as an open window asks.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
