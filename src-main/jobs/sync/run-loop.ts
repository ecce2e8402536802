import { CHANGE } from '../../db/change-kinds.ts';
import type { SyncJobRow, SyncRunRow } from '../../db/repositories/sync/types.ts';
import { pause } from '../outbound/pause.ts';
import { createSleeper } from '../outbound/sleeper.ts';
import type { SyncEngineParts } from './port.ts';
import { doRun } from './do-run.ts';
import { nextReconcileAt, nextRunAt } from './schedule.ts';

/** What is on its way when this process ends is awaited so long, then broken off and put down as unanswered. */
const LAST_WAIT_MS = 2_500;
/** After a fault of its own. */
const AGAIN_MS = 60_000;
const DAY_MS = 86_400_000;
/** A machine that slept, or whose clock was set, is noticed within this time. */
const HEARTBEAT_MS = 30_000;
const INTERRUPTED = 'Interrupted, because its process ended. The next run goes on from there.';

/**
 * Does the runs that are asked for, one at a time, and asks for those that are due. Begins with the ones that a process
 * which ended left behind. Runs in the outbound owner only. Returns the end of it: the present request is finished, the run
 * is left interrupted.
 */
export function startSync(parts: SyncEngineParts): () => Promise<void> {
  const { database, timer } = parts;
  const between = new AbortController();
  const now = new AbortController();
  const sleeper = createSleeper(timer, HEARTBEAT_MS);
  let prunedAt = Number.NEGATIVE_INFINITY;
  const unsubscribe = database.onChange(({ kinds }) => {
    if (kinds.includes(CHANGE.sync) || kinds.includes(CHANGE.setting)) {
      sleeper.wake();
    }
  });
  const running = loop();

  return async () => {
    between.abort();
    sleeper.wake();
    const disarm = timer.after(LAST_WAIT_MS, () => now.abort());
    await running;
    disarm();
    now.abort();
    unsubscribe();
  };

  async function loop(): Promise<void> {
    let isRecovered = false;
    while (!between.signal.aborted) {
      const since = sleeper.wakes;
      try {
        if (!isRecovered) {
          await recover(parts);
          isRecovered = true;
        }
        const until = await look();
        if (!between.signal.aborted) {
          await sleeper.sleep(until, since);
        }
      } catch (error) {
        if (between.signal.aborted) {
          // Broken off half way is what ending means; the next term begins it again.
          return;
        }
        parts.onFault(error);
        // A run whose end could not be put down is not under way any more either.
        isRecovered = false;
        await pause(timer, AGAIN_MS, between.signal);
      }
    }
  }

  /** Does what is asked for; says when the next run is due, milliseconds since the epoch. */
  async function look(): Promise<number> {
    for (;;) {
      const next = await database.read('nextSyncRun', {});
      if (next === null || between.signal.aborted) {
        break;
      }
      await take(next);
    }
    if (between.signal.aborted) {
      return timer.now();
    }
    await prune();
    const at = timer.now();
    const due = await requestDue(parts, at);
    return Math.min(due, prunedAt + DAY_MS);
  }

  async function take(next: SyncRunRow): Promise<void> {
    const run = await database.write('startSyncRun', { runId: next.id, now: timer.now() });
    if (run !== null) {
      await doRun(parts, run, { between: between.signal, now: now.signal });
    }
  }

  async function prune(): Promise<void> {
    const at = timer.now();
    if (at - prunedAt >= DAY_MS || at < prunedAt) {
      prunedAt = at;
      await database.write('pruneSync', { now: at, logDays: await parts.logDays() }, 'bulk', between.signal);
    }
  }
}

/**
 * Marks runs as interrupted that nobody does any more. Those a person asked for are asked for again; the schedule asks for
 * its own by itself.
 */
async function recover({ database, timer }: SyncEngineParts): Promise<void> {
  await database.write('interruptSyncRuns', { now: timer.now(), message: INTERRUPTED });
  for (const job of await database.read('syncJobs', {})) {
    const { rows } = await database.read('syncRuns', { jobId: job.id, offset: 0, limit: 20 });
    // What waits was asked for after them and says nothing of how they ended.
    const begun = rows.filter(({ state }) => state !== 'requested');
    const since = begun.findIndex(({ state }) => state !== 'interrupted');
    const left = (since < 0 ? begun : begun.slice(0, since)).filter(({ asked }) => asked === 'person');
    for (const { jobId, kind, scope, approves } of left.toReversed()) {
      await database.write('requestSyncRun', { jobId, kind, scope, approves, asked: 'person', now: timer.now() });
    }
  }
}

/** Asks for the runs of active jobs that are due. Says when the next one will be; a far moment when none will. */
async function requestDue(parts: SyncEngineParts, at: number): Promise<number> {
  const { database } = parts;
  const isOffline = await parts.isOffline();
  let next = at + DAY_MS;
  for (const job of await database.read('syncJobs', {})) {
    const times = await timesOf(parts, job, at);
    if (times.runAt === null || isOffline) {
      continue;
    }
    if (times.runAt > at) {
      next = Math.min(next, times.runAt);
    } else if (!times.isOpen) {
      const kind = times.reconcileAt !== null && times.reconcileAt <= at ? 'reconcile' : 'run';
      await database.write('requestSyncRun', { jobId: job.id, kind, asked: 'schedule', now: at });
      next = at;
    }
  }
  return next;
}

async function timesOf(
  { database }: SyncEngineParts,
  job: SyncJobRow,
  now: number,
): Promise<{ runAt: number | null; reconcileAt: number | null; isOpen: boolean }> {
  const runs = await database.read('syncRunsOfInterest', { jobId: job.id });
  const times = {
    active: job.active,
    activatedAt: job.activatedAt,
    schedule: job.config.schedule,
    reconcileHours: job.config.reconcileHours,
    reconciledAt: job.reconciledAt,
    revision: job.revision,
    last: runs.lastPull,
  };
  return {
    runAt: nextRunAt(times, now),
    reconcileAt: nextReconcileAt(times, runs.lastReconcile, now),
    isOpen: runs.present?.state === 'requested' || runs.present?.state === 'running',
  };
}
