import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { AHEAD_SECONDS, LONGEST_HOLD_SECONDS, type LifePolicy } from '#shared/domain/life.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '../../codes.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

/** What an item that is due is: its order of urgency when it is asked for again. */
export const DUE_CLASS = { other: 0, malicious: 1, unasked: 2 } as const;

/** Numbers per found item: file id, source, due (seconds since the epoch), class. */
export const DUE_FIELDS = 4;

export interface DueItemsArgs {
  /** File ids from here up to before `to`. */
  readonly from: number;
  readonly to: number;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Rules of the sources that are looked at, others are passed over. */
  readonly policy: LifePolicy;
  readonly thresholds: VerdictPolicy['thresholds'];
  /** Codes of sources whose unasked items are looked for. */
  readonly unasked: readonly number[];
  /** Only what was due before this, by `source * 3 + class`; Infinity for all. */
  readonly cuts: Float64Array;
}

export interface DueItems {
  /** Packed, DUE_FIELDS numbers each. */
  readonly found: Float64Array;
  /** The first file id from `to` on that has an item; null when there is none. */
  readonly next: number | null;
}

/** A parameter of each source by its stored code, as SQL. */
function bySource(name: string): string {
  return `CASE source ${SOURCES.map(({ code }) => `WHEN ${code} THEN @${name}${code}`).join(' ')} END`;
}

/** When the answer of an item is due, without holds: the twin of `dueAt`. Null for never. */
const ANSWER_DUE = `scanned_at + CASE
  WHEN status = ${STATUS_CODE.pending} THEN ${bySource('pending')}
  WHEN no_answer = ${NO_ANSWER_CODE['not-known']} THEN @notKnown
  WHEN scanned_at - coalesce(first_seen, created_at) < ${bySource('newAge')}
    AND scanned_at - coalesce(first_seen, created_at) >= -${AHEAD_SECONDS} THEN ${bySource('newInterval')}
  ELSE @rescan END`;

/** A hold that can be meant: the twin of `dueBy`. */
const HOLD = `CASE WHEN next_scan_at <= @now + ${LONGEST_HOLD_SECONDS} THEN next_scan_at ELSE 0 END`;

/** Until when an item without an answer is held: the twin of `heldUntil`. */
const HELD_UNTIL = `CASE WHEN next_scan_at > @now + ${LONGEST_HOLD_SECONDS} THEN @now ELSE next_scan_at END`;

/**
 * When an item is due, seconds since the epoch, null for never: the same as `dueBy` says, over columns of `items` and the
 * parameters of `dueParams`. For statements that look at many items.
 */
export const DUE_SQL = `CASE
  WHEN NOT (@rescans >> source) & 1 OR scanned_at IS NULL
    OR no_answer IN (${NO_ANSWER_CODE['could-not-ask']}, ${NOT_ASKED}) THEN NULL
  WHEN scanned_at > @now + ${AHEAD_SECONDS} AND ${ANSWER_DUE} IS NOT NULL THEN max(@now, ${HOLD})
  ELSE max(${ANSWER_DUE}, ${HOLD}) END`;

/** Whether an item counts as malicious by the thresholds of `thresholdParams`: the twin of `effectiveStatus`. */
export const MALICIOUS_SQL = `CASE
  WHEN score IS NULL OR no_answer IS NOT NULL OR status = ${STATUS_CODE.pending} OR ${bySource('threshold')} IS NULL
    THEN status = ${STATUS_CODE.malicious}
  ELSE score >= ${bySource('threshold')} END`;

// One pass: the age, which most items fail by, is looked at before anything else of them.
const DUE_ITEMS = `
  SELECT file_id, source, due, class FROM (
    SELECT file_id, source,
      CASE WHEN no_answer IS NOT ${NOT_ASKED} THEN ${DUE_SQL}
        WHEN (@unasked >> source) & 1 THEN ${HELD_UNTIL} END AS due,
      CASE WHEN no_answer = ${NOT_ASKED} THEN ${DUE_CLASS.unasked}
        WHEN ${MALICIOUS_SQL} THEN ${DUE_CLASS.malicious} ELSE ${DUE_CLASS.other} END AS class
    FROM items
    WHERE file_id >= @from AND file_id < @to
      AND (scanned_at <= @youngest OR scanned_at > @now + ${AHEAD_SECONDS} OR status = ${STATUS_CODE.pending}
        OR no_answer = ${NOT_ASKED})
  ) WHERE due <= @now AND due < CASE source * 3 + class ${cutCases()} END`;

function cutCases(): string {
  return SOURCES.flatMap(({ code }) => [0, 1, 2].map((of) => `WHEN ${code * 3 + of} THEN @cut${code * 3 + of}`)).join(
    ' ',
  );
}

/** Items of a range of files that are due now. One range is a few milliseconds; the caller takes one after the other. */
export function dueItems(db: ReadableDb, args: DueItemsArgs): DueItems {
  const { from, to, now, policy } = args;
  const rows = prepared<readonly [number, number, number, number]>(db, DUE_ITEMS)
    .raw(true)
    .all({
      ...dueParams(policy, now),
      ...thresholdParams(args.thresholds),
      ...Object.fromEntries(SOURCES.flatMap(({ code }) => [0, 1, 2].map((of) => cutOf(args.cuts, code * 3 + of)))),
      from,
      to,
      youngest: now - shortest(policy),
      unasked: args.unasked.reduce((mask, code) => mask | (1 << code), 0),
    });
  const found = new Float64Array(rows.length * DUE_FIELDS);
  rows.forEach((row, index) => found.set(row, index * DUE_FIELDS));
  const next = prepared<number | null>(db, 'SELECT min(file_id) FROM items WHERE file_id >= +?').pluck(true).get(to);
  return { found, next: next ?? null };
}

function cutOf(cuts: Float64Array, index: number): readonly [string, number] {
  const cut = cuts[index] ?? Number.POSITIVE_INFINITY;
  return [`cut${index}`, Math.min(cut, Number.MAX_SAFE_INTEGER)];
}

/** Parameters of `DUE_SQL`. */
export function dueParams(policy: LifePolicy, now: number): Record<string, number | null> {
  const rescans = SOURCES.reduce(
    (mask, { id, code }) => mask | (policy.sources[id]?.rescans === true ? 1 << code : 0),
    0,
  );
  return {
    now,
    rescans,
    rescan: policy.rescan,
    notKnown: policy.notKnown,
    ...Object.fromEntries(
      SOURCES.flatMap(({ id, code }) => {
        const life = policy.sources[id];
        return [
          [`pending${code}`, life?.pending ?? null],
          [`newAge${code}`, life?.newAge ?? null],
          [`newInterval${code}`, life?.newInterval ?? null],
        ];
      }),
    ),
  };
}

/** Parameters of `MALICIOUS_SQL`. */
export function thresholdParams(thresholds: VerdictPolicy['thresholds']): Record<string, number | null> {
  return Object.fromEntries(
    SOURCES.map(({ id, code }) => {
      const threshold = thresholds[id];
      return [`threshold${code}`, threshold?.malicious ?? null];
    }),
  );
}

/** The shortest time after which any answer but a pending one is due; Infinity becomes a time no clock reaches. */
function shortest(policy: LifePolicy): number {
  const intervals = [
    policy.rescan,
    policy.notKnown,
    ...Object.values(policy.sources).map((life) => (life.rescans && life.newAge !== null ? life.newInterval : null)),
  ].filter((interval) => interval !== null);
  return Math.min(...intervals, Number.MAX_SAFE_INTEGER / 2);
}

export const dueReads = { dueItems } as const;
