import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { AHEAD_SECONDS, type LifePolicy } from '#shared/domain/life.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE } from '../../codes.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { DUE_SQL, dueParams, MALICIOUS_SQL, thresholdParams } from './due.ts';

/** What the answered items of one source come to under a policy. */
export interface LifeTotals {
  readonly source: number;
  readonly items: number;
  /** Due at `now` and not asked again yet. */
  readonly overdue: number;
  readonly overdueMalicious: number;
  /** Due within the 24 hours after `now`. */
  readonly dueNextDay: number;
  /** Answers a day in the long run, as old as the items are now. */
  readonly answersPerDay: number;
  /** Of those, about files the source does not know. */
  readonly notKnownPerDay: number;
}

export interface LifeTotalsArgs {
  readonly policy: LifePolicy;
  readonly thresholds: VerdictPolicy['thresholds'];
  /** Seconds since the epoch. */
  readonly now: number;
  /** Files above this number are looked at. */
  readonly after: number;
}

/** Files looked at by one read: about twenty milliseconds with five sources each. */
const FILES = 4_000;
const DAY = 86_400;

/** Seconds between two answers of an item by its present age; null for never. Parameters as of `DUE_SQL`. */
const INTERVAL = `CASE WHEN NOT (@rescans >> source) & 1 THEN NULL
  WHEN status = ${STATUS_CODE.pending} THEN ${bySource('pending')}
  WHEN no_answer = ${NO_ANSWER_CODE['not-known']} THEN @notKnown
  WHEN @now - coalesce(first_seen, created_at) < ${bySource('newAge')}
    AND @now - coalesce(first_seen, created_at) >= -${AHEAD_SECONDS} THEN ${bySource('newInterval')}
  ELSE @rescan END`;

// Materialized: otherwise each sum would work the due time out anew.
const TOTALS = `
  WITH living AS MATERIALIZED (
    SELECT source, no_answer IS NOT NULL AS unknown, ${DUE_SQL} AS due, ${MALICIOUS_SQL} AS malicious,
      ${DAY}.0 / ${INTERVAL} AS rate
    FROM items WHERE file_id > @after AND file_id <= @upTo AND scanned_at IS NOT NULL
      AND (no_answer IS NULL OR no_answer = ${NO_ANSWER_CODE['not-known']})
  )
  SELECT source, count(*) AS items, total(due <= @now) AS overdue, total(due <= @now AND malicious) AS overdueMalicious,
    total(due > @now AND due <= @now + ${DAY}) AS dueNextDay, total(rate) AS answersPerDay,
    total(rate * unknown) AS notKnownPerDay
  FROM living GROUP BY source`;

/**
 * One stretch of the pass over all items, in the order of files. `next` is where the next one starts, null after the last;
 * the caller adds the stretches up and may stop between any two.
 */
function lifeTotals(
  db: ReadableDb,
  { policy, thresholds, now, after }: LifeTotalsArgs,
): { readonly totals: readonly LifeTotals[]; readonly next: number | null; readonly last: number } {
  const last = prepared<number>(db, 'SELECT coalesce(max(file_id), 0) FROM items').pluck(true).get() ?? 0;
  const upTo = after + FILES;
  const totals = prepared<LifeTotals>(db, TOTALS).all({
    ...dueParams(policy, now),
    ...thresholdParams(thresholds),
    after,
    upTo,
  });
  return { totals, next: upTo < last ? upTo : null, last };
}

/** The value of a row's own source. */
function bySource(name: string): string {
  return `CASE source ${SOURCES.map(({ code }) => `WHEN ${code} THEN @${name}${code}`).join(' ')} END`;
}

export const effectsReads = { lifeTotals } as const;
