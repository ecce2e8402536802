import { seekOwnership, type OwnerInfo } from '../../jobs/owner-lock.ts';
import { pause } from '../../jobs/outbound/pause.ts';
import type { LoopView, Timer } from '../../jobs/outbound/port.ts';
import { startScheduler, type Scheduler, type SchedulerParts } from '../../jobs/outbound/scheduler.ts';
import { beginRescans } from './begin-rescans.ts';
import { startLogKeeping } from './log-keeping.ts';

export interface OwnerParts extends SchedulerParts {
  readonly directory: string;
  readonly shell: string;
  /** Upkeep that only the owner does, started with each term; they return their end. */
  readonly beside?: readonly ((timer: Timer) => () => Promise<void>)[];
}

/** This process's part in being the outbound owner: seeking, asking while it is, giving up in the right order. */
export interface Owner {
  /** Several may seek; ownership is given up when the last one has given up. */
  seek(): () => Promise<void>;
  /** Who this process says it is, while it is the owner. */
  info(): OwnerInfo | null;
  /** What its loops are doing; empty when it is not the owner. */
  views(): LoopView[];
  dispose(): Promise<void>;
}

/** How long requests on their way are awaited when the owner ends: the engine closes within 5 s. */
const LAST_WAIT_MS = 4_000;
/** Between two tries to begin, while the database cannot be written. */
const RETRY_MS = 5_000;

export function createOwner(parts: OwnerParts): Owner {
  let seekers = 0;
  let term: Term | null = null;
  let stopSeeking: (() => void) | null = null;
  let info: OwnerInfo | null = null;

  const describe = (): OwnerInfo => ({
    pid: process.pid,
    shell: parts.shell,
    since: Math.floor(parts.timer.now() / 1000),
  });
  const giveUp = async (): Promise<void> => {
    const [ending, stop] = [term, stopSeeking];
    [term, stopSeeking] = [null, null];
    await ending?.end();
    // Only now may another process ask: nothing is on its way from here any more.
    info = null;
    stop?.();
  };

  return {
    seek() {
      seekers += 1;
      if (seekers === 1) {
        const begin = (): void => {
          info = describe();
          term = beginTerm(parts);
        };
        stopSeeking = seekOwnership(parts.directory, describe, begin, parts.onFault);
      }
      let isSeeking = true;
      return async () => {
        if (isSeeking) {
          isSeeking = false;
          seekers -= 1;
          if (seekers === 0) {
            await giveUp();
          }
        }
      };
    },
    info: () => info,
    views: () => term?.views() ?? [],
    async dispose() {
      seekers = 0;
      await giveUp();
    },
  };
}

/** One stretch of being the owner. */
interface Term {
  views(): LoopView[];
  end(): Promise<void>;
}

function beginTerm(parts: OwnerParts): Term {
  let scheduler: Scheduler | null = null;
  let stopKeeping = (): void => undefined;
  let stopRescans = async (): Promise<void> => undefined;
  let ends: readonly (() => Promise<void>)[] = [];
  const ending = new AbortController();
  const started = start();
  return {
    views: () => scheduler?.views() ?? [],
    async end() {
      ending.abort();
      await started;
      stopKeeping();
      await Promise.all([scheduler?.stop(LAST_WAIT_MS), stopRescans(), ...ends.map((end) => end())]);
    },
  };

  /** What a process that died had on its way is settled first: its calls are spent, its rows wait again. */
  async function start(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        await parts.database.write('recoverRequests', { now: parts.timer.now() });
        scheduler = await startScheduler(parts);
        stopKeeping = startLogKeeping(parts);
        stopRescans = beginRescans(parts, scheduler);
        ends = (parts.beside ?? []).map((begin) => begin(parts.timer));
        return;
      } catch (error) {
        parts.onFault(error);
        await pause(parts.timer, RETRY_MS, ending.signal);
      }
    }
  }
}
