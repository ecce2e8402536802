import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { Purpose, Strategy } from '#shared/domain/outcome.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { PlanPart } from '../intake/host/scan-plans.ts';
import { countNotMade } from '../life/room/full.ts';
import type { ScanPlan } from '../intake/port.ts';
import type { ScanSource } from './chosen-sources.ts';
import { takesNot } from './plan-words.ts';
import type { ScanProgress } from './port.ts';

/** Entries taken from a plan at once: some writes of a few slices each. */
const ENTRIES = 5_000;
/** Why a pair needed no call, as it is counted. What is queued already is counted where it is queued again. */
const AVOIDED = ['hash-list', 'known-set', 'fresh', 'link', 'conclusive'] as const;

/** How a plan is queued. */
export interface Queueing {
  readonly database: Database;
  readonly intakeId: number;
  readonly purpose: Purpose;
  readonly strategy: Strategy;
  /** In the order of the plan's question. */
  readonly sources: readonly ScanSource[];
  /** Per source: its turn under `cheapest`; 0 for all at once. */
  readonly stages: readonly number[];
  /** Puts down what a source cannot be asked about. */
  readonly isNoted: boolean;
  /** How many new items may be made; see the life service. */
  readonly room: (count: number, signal: AbortSignal) => Promise<number>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Queues what a plan asks, in the order of its selection, and counts the calls it avoids. Cancelled, it keeps what was
 * queued so far.
 */
export async function queuePlan(
  queueing: Queueing,
  plan: ScanPlan,
  onProgress: (progress: ScanProgress) => void,
  signal: AbortSignal,
): Promise<{ readonly queued: number; readonly alreadyQueued: number; readonly notMade: number }> {
  const total = plan.totals.hashes;
  let queued = 0;
  let alreadyQueued = 0;
  let notMade = 0;
  try {
    for await (const slice of plan.slices(ENTRIES)) {
      for (const part of inTurn(slice.asked, queueing.stages)) {
        const done = await enqueue(queueing, part, signal);
        queued += done.queued;
        alreadyQueued += done.alreadyQueued;
        notMade += done.notMade;
      }
      if (queueing.isNoted) {
        for (const part of slice.cannot) {
          notMade += await noteCannot(queueing, part, signal);
        }
      }
      onProgress({ done: slice.next ?? total, total });
      signal.throwIfAborted();
    }
    await countAvoided(queueing, plan);
  } catch (error) {
    if (!signal.aborted || !(isAppError(error) ? error.code === 'CANCELLED' : error === signal.reason)) {
      throw error;
    }
  }
  return { queued, alreadyQueued, notMade };
}

/** Earlier turns first: a later one waits for what is in the queue already. */
function inTurn(parts: readonly PlanPart[], stages: readonly number[]): readonly PlanPart[] {
  return parts.toSorted((a, b) => (stages[a.source] ?? 0) - (stages[b.source] ?? 0));
}

async function enqueue(queueing: Queueing, part: PlanPart, signal: AbortSignal) {
  const { database, intakeId, purpose, strategy, sources, stages, now } = queueing;
  const source = sources[part.source]?.code ?? 0;
  const done = await database.write(
    'enqueue',
    {
      source,
      kind: part.kind,
      digests: part.digests,
      purpose,
      intakeId,
      stage: stages[part.source] ?? 0,
      stopOnMalicious: strategy !== 'certain',
      // The plan and the claim agree on what is due; what is answered until then costs no call.
      force: false,
      mostNew: await queueing.room(part.digests.length / DIGEST_BYTES[part.kind], signal),
      at: now(),
    },
    'bulk',
    signal,
  );
  await countNotMade(database, { at: now(), source, amount: done.notMade });
  return done;
}

/** Puts down what cannot be asked about, as far as there is room for it. Returns what there was none for. */
async function noteCannot(queueing: Queueing, part: PlanPart, signal: AbortSignal): Promise<number> {
  const { database, now } = queueing;
  const source = queueing.sources[part.source];
  if (source === undefined) {
    return 0;
  }
  const count = part.digests.length / DIGEST_BYTES[part.kind];
  const made = await queueing.room(count, signal);
  const digests = part.digests.subarray(0, made * DIGEST_BYTES[part.kind]);
  await database.write(
    'putCouldNotAsk',
    { source: source.code, kind: part.kind, digests, reason: takesNot(source), at: now() },
    'bulk',
    signal,
  );
  await countNotMade(database, { at: now(), source: source.code, amount: count - made });
  return count - made;
}

/** One event per source and reason, from the very pairs that were decided. */
async function countAvoided({ database, sources, now }: Queueing, plan: ScanPlan): Promise<void> {
  const at = Math.floor(now() / 1000);
  for (const [place, { pairs }] of plan.totals.sources.entries()) {
    for (const why of AVOIDED) {
      const source = sources[place]?.code;
      if (pairs[why] > 0 && source !== undefined) {
        await database.write('recordMetric', { kind: 'pairsAvoided', at, source, amount: pairs[why], detail: why });
      }
    }
  }
}
