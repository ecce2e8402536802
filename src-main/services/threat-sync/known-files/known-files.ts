import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../../db/port.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { KnownSetsService, MadeSet } from '../../known-sets/port.ts';
import { StepDigests } from './step-digests.ts';
import { ratingSteps, stepOf } from './steps.ts';

export interface KnownFilesParts {
  readonly database: Database;
  readonly knownSets: Pick<KnownSetsService, 'putMade'>;
  readonly clock: Clock;
}

/** What ThreatConnect says of files, as known sets that triage reads: one per job and rating step. */
export interface KnownFiles {
  /**
   * Brings the sets of a job up to date with what it pulled and with the rating from which its files raise a verdict; takes
   * them away when the job is gone. Does nothing when nothing changed. Files that are held back, own or called back are in
   * the sets, too: they say what ThreatConnect says. Withdrawn ones are not. Rejects when it is aborted; the sets are as they were then.
   */
  refresh(jobId: number, signal: AbortSignal): Promise<void>;
}

const PAGE = 2_000;
/** Settings that change over and over while sets are made: the last of so many looks stands, the next run looks again. */
const MOST_LOOKS = 3;

/** See `KnownFiles`. One refresh of this process at a time; another process that does the same comes to the same sets. */
export function createKnownFiles(parts: KnownFilesParts): KnownFiles {
  let last: Promise<void> = Promise.resolve();
  return {
    refresh(jobId, signal) {
      const mine = last.then(() => refreshJob(parts, jobId, signal));
      // Who asked hears of a fault; who comes next is not held up by it.
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function refreshJob(parts: KnownFilesParts, jobId: number, signal: AbortSignal): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const job = await parts.database.read('syncJob', { jobId });
    const sets = job === null ? [] : await setsOf(parts, job, signal);
    await parts.knownSets.putMade(jobId, sets, signal);
    const now = await parts.database.read('syncJob', { jobId });
    if (now === null ? job === null : job !== null && isSameRule(job, now)) {
      return;
    }
  }
}

function isSameRule(one: SyncJobRow, other: SyncJobRow): boolean {
  return one.name === other.name && one.config.raiseFromRating === other.config.raiseFromRating;
}

async function setsOf(
  { database, clock }: KnownFilesParts,
  job: SyncJobRow,
  signal: AbortSignal,
): Promise<readonly MadeSet[]> {
  const steps = ratingSteps(job.config.raiseFromRating);
  const gathered = steps.map(() => new StepDigests());
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const files = await database.read('syncFiles', { jobId: job.id, after, limit: PAGE });
    for (const { terms, rating } of files) {
      gathered[stepOf(steps, rating)]?.take(terms);
    }
    after = files.at(-1)?.id ?? after;
    if (files.length < PAGE) {
      break;
    }
    await nextTurn();
  }
  const datedAt = Math.floor(clock.now() / 1000);
  return steps.flatMap(({ name, mark }, place): MadeSet[] => {
    const step = gathered[place];
    return step === undefined || step.isEmpty ? [] : [{ name, edition: job.name, mark, datedAt, ...step.end() }];
  });
}
