import type { Outcome } from '#shared/domain/outcome.ts';
import type { WritableDb } from '../../../handles.ts';
import { recordMetrics, type MetricEvent } from '../../metrics/record.ts';
import type { SettleArgs } from '../../queue-types.ts';
import { outcomeCode } from '../codes.ts';

/** What is counted of a request; times in milliseconds since the epoch. */
interface CountedRequest {
  readonly source: number;
  /** Hashes it asked about. */
  readonly hashes: number;
  readonly counted_at: number;
  readonly billed: number;
}

type Counted = Omit<MetricEvent, 'source'>;

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
  if (request.settled_at !== null && request.outcome !== outcomeCode('lost')) {
    return;
  }
  const at = seconds(args.now);
  const events: Counted[] = [{ kind: 'requestSettled', at, detail: args.sent === false ? 'unsent' : args.outcome }];
  if (ANSWERS.includes(args.outcome)) {
    events.push({ kind: 'requestMs', at, amount: args.elapsedMs });
  }
  if (request.settled_at === null) {
    events.push(...calls(request, args.billed));
    if (args.sent !== false) {
      events.push(...pairs(at, request.hashes + (args.testedHashes ?? 0)));
    }
  } else {
    events.push({ kind: 'requestSettled', at: seconds(request.settled_at), amount: -1, detail: 'lost' });
  }
  recordMetrics(db, request.source, events);
}

/** Counts a request whose answer was not heard: what it asked about may have reached the source, and counts as spent. */
export function countLost(db: WritableDb, request: CountedRequest, now: number): void {
  const at = seconds(now);
  recordMetrics(db, request.source, [
    { kind: 'requestSettled', at, detail: 'lost' },
    ...pairs(at, request.hashes),
    ...calls(request, request.billed),
  ]);
}

function pairs(at: number, amount: number): Counted[] {
  return amount > 0 ? [{ kind: 'pairsSent', at, amount }] : [];
}

function calls({ counted_at: countedAt }: CountedRequest, amount: number): Counted[] {
  return amount > 0 ? [{ kind: 'callsBilled', at: seconds(countedAt), amount }] : [];
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
