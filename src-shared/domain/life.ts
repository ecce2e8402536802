import type { NoAnswer } from './evidence.ts';
import type { SourceId } from './source.ts';
import type { Status } from './status.ts';

/** How items of one source grow old. All in seconds; null for never or none. */
export interface SourceLife {
  /** Items are asked for again when they are due. */
  readonly rescans: boolean;
  /** Until a pending answer is asked for again. */
  readonly pending: number;
  /** Maximum Age of New Items, by the source's First Seen. */
  readonly newAge: number | null;
  /** Rescan New Item Interval. */
  readonly newInterval: number;
}

/** What is set about the life of items. All in seconds; null for never. */
export interface LifePolicy {
  /** Rescan Item Interval. */
  readonly rescan: number | null;
  /** The same for items whose source does not know the file. */
  readonly notKnown: number | null;
  readonly sources: Readonly<Partial<Record<SourceId, SourceLife>>>;
}

/** An item as far as it matters for when it is due. Times are seconds since the epoch. */
export interface LivingItem {
  readonly source: SourceId;
  readonly status: Status;
  readonly noAnswer: NoAnswer | null;
  /** By the source; null when it tells none. */
  readonly firstSeen: number | null;
  /** When Assay made the item: stands in where the source tells no First Seen. */
  readonly createdAt: number;
  readonly scannedAt: number | null;
  /** Not before this, whatever the intervals say; null for no such time. */
  readonly notBefore: number | null;
}

/**
 * When an item is due to be asked for again, seconds since the epoch; null for never. Judged at the time of its answer: an
 * item that was new then is due after the interval of new items, also when it has grown old since. An item without an
 * answer is not due: it waits in the queue, or was given up with its reason.
 */
export function dueAt(item: LivingItem, policy: LifePolicy): number | null {
  const life = policy.sources[item.source];
  if (life === undefined || !life.rescans || item.scannedAt === null || item.noAnswer === 'could-not-ask') {
    return null;
  }
  const interval = intervalOf(item, item.scannedAt, life, policy);
  return interval === null ? null : Math.max(item.scannedAt + interval, item.notBefore ?? 0);
}

/** An answer that lies further ahead than this was heard under a clock that was set back since. Seconds. */
export const AHEAD_SECONDS = 86_400;
/** Nothing is ever held for longer; a moment further ahead was put down under a clock that was set back since. Seconds. */
export const LONGEST_HOLD_SECONDS = 32 * 86_400;

/**
 * Until when a hold holds, `now` in seconds since the epoch: one that is beyond the longest one holds nothing. Null for no
 * hold.
 */
export function heldUntil(notBefore: number | null, now: number): number | null {
  return notBefore !== null && notBefore > now + LONGEST_HOLD_SECONDS ? now : notBefore;
}

/**
 * `dueAt` by a clock that may have been set back, `now` in seconds since the epoch: of an answer that lies ahead nobody
 * can tell the age, so it is due now, and a hold beyond the longest one holds nothing.
 */
export function dueBy(item: LivingItem, policy: LifePolicy, now: number): number | null {
  const isHeld = item.notBefore !== null && item.notBefore <= now + LONGEST_HOLD_SECONDS;
  const notBefore = isHeld ? item.notBefore : null;
  const due = dueAt({ ...item, notBefore }, policy);
  const isAhead = item.scannedAt !== null && item.scannedAt > now + AHEAD_SECONDS;
  return due !== null && isAhead ? Math.max(now, notBefore ?? 0) : due;
}

function intervalOf(item: LivingItem, scannedAt: number, life: SourceLife, policy: LifePolicy): number | null {
  if (item.status === 'pending') {
    return life.pending;
  }
  if (item.noAnswer === 'not-known') {
    return policy.notKnown;
  }
  const age = scannedAt - (item.firstSeen ?? item.createdAt);
  // Seen first long after it was answered about: a mistake, which must not keep it new for years.
  const isNew = life.newAge !== null && age < life.newAge && age >= -AHEAD_SECONDS;
  return isNew ? life.newInterval : policy.rescan;
}
