import type { Outcome } from '#shared/domain/outcome.ts';
import type { WritableDb } from '../../handles.ts';
import { recordMetrics, type MetricEvent } from '../metrics/record.ts';
import type { SettleArgs } from '../queue-types.ts';
import { outcomeCode } from './codes.ts';

/** What is counted of a request; times in milliseconds since the epoch. */
interface CountedRequest {
  readonly source: number;
  /** Hashes it asked about. */
  readonly hashes: number;
  readonly counted_at: number;
  readonly billed: number;
}

type Counted = Pick<MetricEvent, 'kind' | 'amount' | 'detail'>;

const ANSWERS: readonly Outcome[] = ['answer', 'not-known', 'pending'];

/**
 * Counts a request that was heard of, once. One that was taken for lost before was counted with what it asked about and
 * cost; of it only the outcome is put right, at the time it was counted as lost.
 */
export function countSettled(
  db: WritableDb,
  args: SettleArgs,
  request: CountedRequest & { readonly settled_at: number | null; readonly outcome: number | null },
): void {
  const { source } = request;
  if (request.settled_at !== null && request.outcome !== outcomeCode('lost')) {
    return;
  }
  const outcome = args.sent === false ? 'unsent' : args.outcome;
  const settled: Counted[] = [{ kind: 'requestSettled', detail: outcome }];
  if (ANSWERS.includes(args.outcome)) {
    settled.push({ kind: 'requestMs', amount: args.elapsedMs });
  }
  if (request.settled_at === null) {
    if (args.sent !== false) {
      settled.push(...pairs(request.hashes + (args.testedHashes ?? 0)));
    }
    recordMetrics(db, source, seconds(request.counted_at), calls(args.billed));
  } else {
    const undone = { kind: 'requestSettled', amount: -1, detail: 'lost' } as const;
    recordMetrics(db, source, seconds(request.settled_at), [undone]);
  }
  recordMetrics(db, source, seconds(args.now), settled);
}

/** Counts a request whose answer was not heard: what it asked about may have reached the source, and counts as spent. */
export function countLost(db: WritableDb, request: CountedRequest, now: number): void {
  const { source } = request;
  recordMetrics(db, source, seconds(now), [{ kind: 'requestSettled', detail: 'lost' }, ...pairs(request.hashes)]);
  recordMetrics(db, source, seconds(request.counted_at), calls(request.billed));
}

function pairs(amount: number): Counted[] {
  return amount > 0 ? [{ kind: 'pairsSent', amount }] : [];
}

function calls(amount: number): Counted[] {
  return amount > 0 ? [{ kind: 'callsBilled', amount }] : [];
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
