import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { isGauge, type GaugeKind } from '../../change-kinds.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { allCounters } from '../counters.ts';
import { notePresence } from './presence.ts';
import { lastBefore } from './reads.ts';
import { recordMetric } from './record.ts';
import { seriesOfKinds } from './series.ts';

/** What a gauge says now. */
export interface GaugeValue {
  readonly kind: GaugeKind;
  readonly source?: number;
  readonly detail?: string;
  readonly amount: number;
}

export interface NoteGaugesArgs {
  /** Seconds since the epoch. */
  readonly at: number;
  /** Gauges that were looked at besides the queue and the items. */
  readonly kinds: readonly GaugeKind[];
  /** All of their values that are not 0. */
  readonly values: readonly GaugeValue[];
  /** Also writes what did not change: who looked at these kinds before may be long gone. */
  readonly anew?: boolean;
}

/**
 * Notes that somebody looked now, and what gauges say where that differs from what is known of this moment. What a series
 * of these kinds is not given a value for is 0. At the beginning of a stretch of presence everything is written, so that
 * values need only be carried on inside of one. Folded events are compared with; call `foldMetrics` before.
 */
function noteGauges(db: WritableDb, args: NoteGaugesArgs): void {
  const kinds: readonly GaugeKind[] = ['queueDepth', 'itemsTotal', ...args.kinds];
  const isAnew = notePresence(db, { now: args.at }) || args.anew === true;
  const values = new Map<string, GaugeValue>();
  for (const value of [...queueDepths(db), ...itemTotals(db), ...args.values]) {
    values.set(nameOf(value), value);
  }
  for (const { series, kind, source, detail } of seriesOfKinds(db, kinds)) {
    const value = isGauge(kind) ? { kind, source, detail } : null;
    if (value !== null) {
      const amount = values.get(nameOf(value))?.amount ?? 0;
      values.delete(nameOf(value));
      if (isAnew || lastBefore(db, series, args.at + 1)?.value !== amount) {
        recordMetric(db, { ...value, at: args.at, amount });
      }
    }
  }
  for (const value of values.values()) {
    recordMetric(db, { ...value, at: args.at });
  }
}

function nameOf({ kind, source = 0, detail = '' }: Omit<GaugeValue, 'amount'>): string {
  return `${kind} ${source} ${detail}`;
}

/** Rows that wait, by the sums that are kept of them, and those on their way: of each source, and of all as source 0. */
function queueDepths(db: ReadableDb): GaugeValue[] {
  const rows = prepared<{ source: number; amount: number }>(
    db,
    `SELECT source, sum(n) AS amount FROM (
       SELECT source, sum(waiting) AS n FROM queue_groups GROUP BY source
       UNION ALL SELECT source, count(*) AS n FROM queue WHERE request_id IS NOT NULL GROUP BY source
     ) GROUP BY source`,
  ).all();
  const all = { source: 0, amount: rows.reduce((sum, { amount }) => sum + amount, 0) };
  return [all, ...rows].filter(({ amount }) => amount > 0).map((row) => ({ kind: 'queueDepth', ...row }));
}

function itemTotals(db: ReadableDb): GaugeValue[] {
  return [...allCounters(db)].flatMap(([name, amount]) => {
    const match = /^items:(\d+):(\d+)$/.exec(name);
    return match === null || amount <= 0
      ? []
      : [{ kind: 'itemsTotal', source: Number(match[1]), detail: statusOfCode(Number(match[2])), amount } as const];
  });
}

/** Entries of the hash list by side that are in force at a moment (seconds), and when the next one expires; null for never. */
function listTotals(
  db: ReadableDb,
  args: { readonly at: number },
): { readonly malicious: number; readonly 'non-malicious': number; readonly nextExpiry: number | null } {
  const sides = prepared<{ side: number; n: number }>(
    db,
    'SELECT side, count(*) AS n FROM hash_list WHERE expires_at IS NULL OR expires_at > ? GROUP BY side',
  ).all(args.at);
  const nextExpiry = prepared<number | null>(
    db,
    'SELECT min(expires_at) FROM hash_list WHERE expires_at IS NOT NULL AND expires_at > ?',
  )
    .pluck(true)
    .get(args.at);
  const of = (status: string): number => sides.find(({ side }) => statusOfCode(side) === status)?.n ?? 0;
  return { malicious: of('malicious'), 'non-malicious': of('non-malicious'), nextExpiry: nextExpiry ?? null };
}

/** Entries of the hash list in the order of their numbers, packed. */
export interface ListedPage {
  /** A row for each entry: 1 for malicious, 0 for non-malicious. */
  readonly malicious: Uint8Array;
  /** Until when it is in force, seconds since the epoch; infinite for always. */
  readonly expiresAt: Float64Array;
  /** Their digests, one after the other by kind, and the row of each. */
  readonly digests: readonly { readonly kind: DigestKind; readonly bytes: Uint8Array; readonly rows: Uint32Array }[];
  /** Number of the last entry; null when there are no further ones. */
  readonly next: number | null;
}

type ListedRow = Readonly<Record<DigestKind, Uint8Array | null>> & {
  readonly id: number;
  readonly side: number;
  readonly expiresAt: number | null;
};

/** Entries above a number, in order. */
function listedDigests(db: ReadableDb, args: { readonly after: number; readonly limit: number }): ListedPage {
  const rows = prepared<ListedRow>(
    db,
    'SELECT id, side, md5, sha1, sha256, expires_at AS expiresAt FROM hash_list WHERE id > ? ORDER BY id LIMIT ?',
  ).all(args.after, args.limit);
  return {
    malicious: Uint8Array.from(rows, ({ side }) => (statusOfCode(side) === 'malicious' ? 1 : 0)),
    expiresAt: Float64Array.from(rows, ({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY),
    digests: DIGEST_KINDS.map((kind) => {
      const of = rows.flatMap((row, place) => (row[kind] === null ? [] : [{ place, digest: row[kind] }]));
      return {
        kind,
        bytes: new Uint8Array(Buffer.concat(of.map(({ digest }) => digest))),
        rows: Uint32Array.from(of, ({ place }) => place),
      };
    }),
    next: rows.length < args.limit ? null : (rows.at(-1)?.id ?? null),
  };
}

export const gaugeReads = { listTotals, listedDigests } as const;
export const gaugeWrites = { noteGauges } as const;
