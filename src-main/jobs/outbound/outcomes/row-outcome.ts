import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { assertNever } from '#shared/errors/app-error.ts';
import type { ClaimedRow, SettledRow } from '../../../db/repositories/queue-types.ts';
import type { HashAnswer, RequestFault } from '../../../providers/port.ts';
import { couldNotAskItem, itemsOfAnswer, type ItemContext } from './answer-items.ts';
import { MOST_MISREADS, MOST_RECHECKS, MOST_TRIES, pauseBeforeRetry, type Pace } from './pauses.ts';

/** A queue row as it was claimed, with the digest it asks about. */
export interface AskedRow extends ClaimedRow {
  readonly hash: HexDigest;
}

export interface RowContext extends ItemContext, Pace {
  readonly kind: DigestKind;
  /** Milliseconds until a pending answer is asked for again. */
  readonly recheckMs: number;
  /** Answers that say a single call would tell more are followed by one. The single call itself asks for no more. */
  readonly asksForMore: boolean;
}

/** A file that stays pending is asked again by itself after this, with as many rechecks. */
const LEFT_PENDING_SECONDS = 86_400;

/** Shown while a row waits for the single call. */
const AWAITED = {
  details: 'Answered; its details are asked for by a call of its own.',
  elsewhere: 'Not known where it was asked for first; asked for elsewhere by a call of its own.',
} as const;

/** What becomes of a row the source answered for, or left out. */
export function rowAfterAnswer(row: AskedRow, answer: HashAnswer, context: RowContext): SettledRow {
  const items = itemsOfAnswer(answer, context.kind, context);
  switch (answer.outcome) {
    case 'answer':
    case 'not-known':
      return afterPlainAnswer(row, answer, answer.outcome, items, context);
    case 'pending':
      return row.purpose === 'recheck' && row.attempts + 1 >= MOST_RECHECKS
        ? settled(row, 'pending', { items: heldFor(items, LEFT_PENDING_SECONDS, context) })
        : settled(row, 'pending', {
            items: items.map((item) => ({ ...item, notBefore: Math.floor(recheckAt(context) / 1000) })),
            next: 'recheck',
            notBefore: recheckAt(context),
            reason: 'The source has no verdict yet.',
          });
    case 'invalid-input':
      return givenUp(row, 'invalid-input', answer.note ?? 'The source does not take this hash.', context);
    case 'transient':
      return triedAgain(row, 'transient', answer.note ?? 'The source failed for this hash.', context, MOST_TRIES);
    case 'protocol':
      return triedAgain(row, 'protocol', answer.note ?? 'The source gave no readable answer.', context, MOST_MISREADS);
    default:
      return assertNever(answer.outcome);
  }
}

function heldFor(items: SettledRow['items'], seconds: number, { now }: RowContext): SettledRow['items'] {
  return items.map((item) => ({ ...item, notBefore: Math.floor(now / 1000) + seconds }));
}

function afterPlainAnswer(
  row: AskedRow,
  answer: HashAnswer,
  outcome: Outcome,
  items: SettledRow['items'],
  context: RowContext,
): SettledRow {
  if (answer.more !== undefined && context.asksForMore) {
    // Not known in one of two places is not yet "not known": neither shown as that, nor put over what the other one said.
    const kept = answer.more === 'elsewhere' && outcome === 'not-known' ? [] : items;
    const reason = AWAITED[answer.more];
    return settled(row, outcome, { items: kept, next: answer.more, notBefore: context.now, reason });
  }
  // Its batch told what the source thinks of it: that its details are not found takes nothing of that back.
  return settled(row, outcome, { items: row.awaits === 'details' && outcome === 'not-known' ? [] : items });
}

/**
 * When a pending answer is asked for again: after the time that is set, and at most half of it later, so that those
 * from many requests come due together and share one.
 */
function recheckAt({ now, recheckMs }: RowContext): number {
  const step = Math.max(1, Math.floor(recheckMs / 2));
  return Math.ceil((now + recheckMs) / step) * step;
}

/**
 * What becomes of a row whose request failed as a whole. A limit, a refused key and a request that never left are not
 * the hash's fault: such a row waits unchanged.
 */
export function rowAfterFault(row: AskedRow, fault: RequestFault, isAlone: boolean, context: RowContext): SettledRow {
  switch (fault.outcome) {
    case 'auth':
    case 'quota':
      return waiting(row, fault.outcome, fault.message);
    case 'invalid-input':
      // In a batch nobody can tell which one it was: they are asked again in smaller ones.
      return isAlone
        ? givenUp(row, 'invalid-input', fault.message, context)
        : { ...waiting(row, 'invalid-input', fault.message), countAttempt: true };
    case 'transient':
    case 'protocol':
      return fault.sent
        ? triedAgain(row, fault.outcome, fault.message, context, MOST_TRIES)
        : waiting(row, fault.outcome, fault.message);
    default:
      return assertNever(fault.outcome);
  }
}

/** A row whose request this process itself broke off, when it ends: as if it had not been tried. */
export function rowAfterAbort(row: AskedRow): SettledRow {
  return waiting(row, 'lost', 'The request was broken off when Assay ended.');
}

function triedAgain(
  row: AskedRow,
  outcome: 'transient' | 'protocol',
  reason: string,
  context: RowContext,
  mostTries: number,
): SettledRow {
  const tries = row.attempts + 1;
  // Rechecks count their tries as well, and a fault must not end them early.
  if (tries >= (row.purpose === 'recheck' ? MOST_RECHECKS : mostTries)) {
    return givenUp(row, outcome, reason, context);
  }
  return settled(row, outcome, {
    next: 'retry',
    notBefore: context.now + pauseBeforeRetry(tries, context),
    reason,
  });
}

function givenUp(row: AskedRow, outcome: Outcome, reason: string, context: RowContext): SettledRow {
  const items = [couldNotAskItem(row.hash, context.kind, reason, context)];
  return settled(row, outcome, { items, reason });
}

function waiting(row: AskedRow, outcome: Outcome, reason: string): SettledRow {
  return settled(row, outcome, { next: 'retry', reason, countAttempt: false });
}

function settled(row: AskedRow, outcome: Outcome, change: Partial<SettledRow>): SettledRow {
  return {
    queueId: row.id,
    outcome,
    next: 'done',
    notBefore: 0,
    reason: null,
    items: [],
    countAttempt: true,
    ...change,
  };
}
