// `node test/soak/sync/process.ts START_AS_JSON`: does one thing with the sync job of a data directory and ends. May be killed at
// any moment, or kills itself at a write of the database.
import type { SyncRunView } from '#shared/contract/sync.ts';
import { createEngine } from '#main/engine.ts';
import type { Database } from '#main/db/port.ts';
import type { Timer } from '#main/jobs/outbound/port.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { EndedRun, FromSync, SyncStart, SyncTask } from './messages.ts';

/** The only job of the directory. */
const JOB = 1;
const OPEN: readonly SyncRunView['state'][] = ['requested', 'running'];

const start = JSON.parse(process.argv[2] ?? '{}') as SyncStart;
process.once('disconnect', () => process.exit(1));
const alive = setInterval(() => undefined, 1_000);
await main();
clearInterval(alive);
process.exit(0);

async function main(): Promise<void> {
  const engine = await createEngine({
    directory: start.directory,
    threads: 'inline',
    shell: 'terminal',
    simulated: true,
    asking: { timer: hurried(start.hurry) },
    onFault: (what, error) => tell({ kind: 'fault', text: `${what}: ${worded(error)}` }),
  });
  const count = dying(engine.database, start.dieAtWrite);
  const giveUp = start.task.kind === 'make' ? async () => undefined : engine.outbound.seek();
  const run = await done(engine, start.task);
  await giveUp();
  await engine.dispose();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  await new Promise<void>((sent) => {
    process.send?.(
      { kind: 'ended', run: run === null ? null : shown(run), writes: count(), peakMb } satisfies FromSync,
      () => sent(),
    );
  });
}

/** Counts writes of the database. At the n-th the process dies: of odd ones before they are done, of even ones after. */
function dying(database: Database, dieAt: number | null): () => number {
  let writes = 0;
  const write = database.write.bind(database) as (...args: readonly unknown[]) => Promise<unknown>;
  const counted = async (...args: readonly unknown[]): Promise<unknown> => {
    writes += 1;
    const isLast = writes === dieAt;
    if (isLast && writes % 2 === 1) {
      process.kill(process.pid, 'SIGKILL');
    }
    const result = await write(...args);
    if (isLast) {
      process.kill(process.pid, 'SIGKILL');
    }
    return result;
  };
  Object.assign(database, { write: counted });
  return () => writes;
}

async function done({ threatSync }: Engine, task: SyncTask): Promise<SyncRunView | null> {
  const ended = async ({ id }: SyncRunView): Promise<SyncRunView> => {
    for (;;) {
      const run = await threatSync.run(id);
      if (!OPEN.includes(run.state)) {
        return run;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  switch (task.kind) {
    case 'make': {
      const { jobs } = await threatSync.jobs();
      if (jobs.length === 0) {
        await threatSync.create({ name: task.name, change: task.change });
      }
      return null;
    }
    case 'run':
      return ended(await threatSync.request({ jobId: JOB, kind: task.run }));
    case 'approve': {
      const { rows } = await threatSync.runs({ jobId: JOB, offset: 0, limit: 1 });
      const [newest] = rows;
      if (newest === undefined) {
        throw new Error('there is no run to approve');
      }
      if (newest.state === 'needs-approval') {
        return ended(await threatSync.approve(newest.id));
      }
      return newest.state === 'done' ? newest : ended(newest);
    }
    case 'recall':
      return ended(
        await threatSync.recall({ jobId: JOB, scope: { kind: 'indicators', ids: [...task.ids] }, dryRun: false }),
      );
    case 'release':
      await threatSync.release({ jobId: JOB, ids: [...task.ids], release: true });
      return null;
    default:
      throw new TypeError(`no such task: ${JSON.stringify(task satisfies never)}`);
  }
}

function hurried(share: number): Timer {
  return {
    now: () => Date.now(),
    steady: () => performance.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, Math.max(1, milliseconds * share)).unref();
      return () => clearTimeout(timer);
    },
  };
}

function shown({ id, kind, state, message, counts }: SyncRunView): EndedRun {
  return { id, kind, state, message, counts };
}

function tell(message: FromSync): void {
  process.send?.(message);
}

function worded(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
