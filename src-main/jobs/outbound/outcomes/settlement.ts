import { DIGEST_BYTES, type HexDigest } from '#shared/domain/hash.ts';
import type { Claim, SettleArgs, SettledRow } from '../../../db/repositories/queue-types.ts';
import type { RequestResult } from '../../../providers/port.ts';
import { rowAfterAbort, rowAfterAnswer, rowAfterFault, type AskedRow, type RowContext } from './row-outcome.ts';

type ClaimedRequest = Extract<Claim, { readonly kind: 'request' }>;

/** The rows of a claim with the digest each asks about, in order. */
export function askedRows(claim: ClaimedRequest): AskedRow[] {
  const bytes = DIGEST_BYTES[claim.digestKind];
  const hex = Buffer.from(claim.digests.buffer, claim.digests.byteOffset, claim.digests.byteLength).toString('hex');
  return claim.rows.map((row, index) => ({
    ...row,
    hash: hex.slice(index * bytes * 2, (index + 1) * bytes * 2) as HexDigest,
  }));
}

/**
 * What the ledger is told about a request that was answered, failed or was broken off. It stays spent unless certainly
 * nothing was sent, or the source documents that it counts no such answer. A source that gives fewer answers than it
 * was asked leaves the rest unreadable, not unknown.
 */
export function settlementOf(
  claim: ClaimedRequest,
  rows: readonly AskedRow[],
  result: RequestResult,
  isAborted: boolean,
  given: RowContext,
): SettleArgs {
  // Drawn once: hashes that failed together come due together, and cost one request again instead of one each.
  const drawn = given.random();
  const context = { ...given, random: () => drawn };
  const whole = {
    requestId: claim.requestId,
    now: context.now,
    httpStatus: result.httpStatus,
    elapsedMs: Math.max(0, Math.round(result.elapsedMs)),
  };
  if (result.ok) {
    const settled = rows.map((row, index) => afterBatch(row, result.answers[index], context));
    return { ...whole, outcome: outcomeOfBatch(settled), message: null, billed: claim.billed, rows: settled };
  }
  const { fault } = result;
  return {
    ...whole,
    outcome: isAborted ? 'lost' : fault.outcome,
    message: fault.message,
    billed: fault.sent ? (fault.billed ?? claim.billed) : 0,
    sent: fault.sent,
    rows: rows.map((row) => (isAborted ? rowAfterAbort(row) : rowAfterFault(row, fault, rows.length === 1, context))),
  };
}

/** An answer for another digest, or none, is none: the adapter keeps the order, and this is checked once more. */
function afterBatch(
  row: AskedRow,
  answer: Extract<RequestResult, { ok: true }>['answers'][number] | undefined,
  context: RowContext,
): SettledRow {
  if (answer?.hash === row.hash) {
    return rowAfterAnswer(row, answer, context);
  }
  const missing = {
    hash: row.hash,
    outcome: 'protocol',
    status: 'unknown',
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    digests: {},
    report: null,
    note: 'The source left this hash out of its answer.',
  } as const;
  return rowAfterAnswer(row, missing, context);
}

/** The request log shows the best that came back: one answer makes it an answered request. */
function outcomeOfBatch(rows: readonly SettledRow[]): SettleArgs['outcome'] {
  const order = ['answer', 'pending', 'not-known', 'invalid-input', 'transient', 'protocol'] as const;
  return order.find((outcome) => rows.some((row) => row.outcome === outcome)) ?? 'protocol';
}
