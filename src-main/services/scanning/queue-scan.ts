import type { Purpose, Strategy } from '#shared/domain/outcome.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { PlanPart } from '../intake/host/scan-plans.ts';
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
): Promise<{ readonly queued: number; readonly alreadyQueued: number }> {
  const total = plan.totals.hashes;
  let queued = 0;
  let alreadyQueued = 0;
  try {
    for await (const slice of plan.slices(ENTRIES)) {
      for (const part of inTurn(slice.asked, queueing.stages)) {
        const done = await enqueue(queueing, part, signal);
        queued += done.queued;
        alreadyQueued += done.alreadyQueued;
      }
      if (queueing.isNoted) {
        for (const part of slice.cannot) {
          await noteCannot(queueing, part, signal);
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
  return { queued, alreadyQueued };
}

/** Earlier turns first: a later one waits for what is in the queue already. */
function inTurn(parts: readonly PlanPart[], stages: readonly number[]): readonly PlanPart[] {
  return parts.toSorted((a, b) => (stages[a.source] ?? 0) - (stages[b.source] ?? 0));
}

function enqueue(queueing: Queueing, part: PlanPart, signal: AbortSignal) {
  const { database, intakeId, purpose, strategy, sources, stages, now } = queueing;
  return database.write(
    'enqueue',
    {
      source: sources[part.source]?.code ?? 0,
      kind: part.kind,
      digests: part.digests,
      purpose,
      intakeId,
      stage: stages[part.source] ?? 0,
      stopOnMalicious: strategy !== 'certain',
      // The plan and the claim agree on what is due; what is answered until then costs no call.
      force: false,
      at: now(),
    },
    'bulk',
    signal,
  );
}

async function noteCannot(queueing: Queueing, part: PlanPart, signal: AbortSignal): Promise<void> {
  const source = queueing.sources[part.source];
  if (source !== undefined) {
    await queueing.database.write(
      'putCouldNotAsk',
      { source: source.code, kind: part.kind, digests: part.digests, reason: takesNot(source), at: queueing.now() },
      'bulk',
      signal,
    );
  }
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
