import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dueBy, type LifePolicy, type LivingItem } from '#shared/domain/life.ts';
import { SOURCE_IDS, sourceCode } from '#shared/domain/source.ts';
import { STATUS_CODE, STATUSES } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { effectsReads, type LifeTotals } from '#main/db/repositories/life/effects.ts';
import { startWriting } from '#main/db/start.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

function opened(): WritableDb {
  const { db, use } = startWriting(join(temporaryDirectory(), 'assay.db'));
  onTestFinished(() => {
    db.close();
    use.release();
  });
  return db;
}

interface Item extends LivingItem {
  readonly score: number | null;
}

/** Made when it was queued and never answered. */
type Kept = Item | { readonly source: Item['source']; readonly isUnasked: true };

const time = fc.integer({ min: NOW - 60 * DAY, max: NOW + 3 * DAY });
const anyItem: fc.Arbitrary<Kept> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        source: fc.constantFrom(...SOURCE_IDS),
        status: fc.constantFrom(...STATUSES),
        noAnswer: fc.constantFrom(null, 'not-known' as const, 'could-not-ask' as const),
        score: fc.option(fc.integer({ min: 0, max: 99 })),
        firstSeen: fc.option(time),
        createdAt: time,
        scannedAt: fc.option(time, { freq: 9 }),
        notBefore: fc.option(fc.integer({ min: NOW - DAY, max: NOW + 60 * DAY }), { freq: 2 }),
      })
      .map((item) => (item.status === 'unknown' ? item : { ...item, noAnswer: null })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ source: fc.constantFrom(...SOURCE_IDS), isUnasked: fc.constant(true as const) }),
  },
);
const days = fc.option(fc.integer({ min: 1, max: 40 }).map((many) => many * DAY));
const anyPolicy: fc.Arbitrary<LifePolicy> = fc
  .record({
    rescan: days,
    notKnown: days,
    sources: fc.array(
      fc.record({
        rescans: fc.boolean(),
        pending: fc.integer({ min: 60, max: 7 * DAY }),
        newAge: days,
        newInterval: fc.integer({ min: 3600, max: 3 * DAY }),
      }),
      { minLength: SOURCE_IDS.length, maxLength: SOURCE_IDS.length },
    ),
  })
  .map(({ rescan, notKnown, sources }) => ({
    rescan,
    notKnown,
    sources: Object.fromEntries(SOURCE_IDS.map((source, place) => [source, sources[place]])) as LifePolicy['sources'],
  }));
const THRESHOLDS = { virustotal: { malicious: 10, suspicious: 3 } };

function fill(db: WritableDb, items: readonly Kept[]): void {
  db.exec('DELETE FROM items');
  const insert = db.prepare(
    `INSERT INTO items (file_id, source, status, no_answer, score, first_seen, scanned_at, next_scan_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const [place, item] of items.entries()) {
    // Some files lie far apart, so that the pass takes several stretches.
    const row = 'isUnasked' in item ? null : item;
    insert.run(
      1 + place * 3_000,
      sourceCode(item.source),
      row === null ? 0 : STATUS_CODE[row.status],
      row === null ? NOT_ASKED : row.noAnswer === null ? null : NO_ANSWER_CODE[row.noAnswer],
      row?.score ?? null,
      row?.firstSeen ?? null,
      row?.scannedAt ?? null,
      row?.notBefore ?? null,
      row?.createdAt ?? NOW,
    );
  }
}

/** All stretches of the pass, added up. */
function totals(db: WritableDb, policy: LifePolicy): Map<number, LifeTotals> {
  const sums = new Map<number, LifeTotals>();
  for (let after: number | null = 0; after !== null;) {
    const stretch: ReturnType<typeof effectsReads.lifeTotals> = effectsReads.lifeTotals(db, {
      policy,
      thresholds: THRESHOLDS,
      now: NOW,
      after,
    });
    for (const one of stretch.totals) {
      const sum = sums.get(one.source);
      const names = Object.keys(one).filter((name) => name !== 'source') as (keyof LifeTotals)[];
      const added = names.map((name) => [name, one[name] + (sum?.[name] ?? 0)]);
      sums.set(one.source, { ...Object.fromEntries(added), source: one.source } as LifeTotals);
    }
    after = stretch.next;
  }
  return sums;
}

function ratePerDay(item: Item, policy: LifePolicy): number {
  const life = policy.sources[item.source];
  if (life === undefined || !life.rescans) {
    return 0;
  }
  const age = NOW - (item.firstSeen ?? item.createdAt);
  const isNew = life.newAge !== null && age < life.newAge && age >= -86_400;
  const interval =
    item.status === 'pending'
      ? life.pending
      : item.noAnswer === 'not-known'
        ? policy.notKnown
        : isNew
          ? life.newInterval
          : policy.rescan;
  return interval === null ? 0 : DAY / interval;
}

describe('what settings come to', () => {
  it('is counted as the rules of the life of an item say', () => {
    const db = opened();
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 12 }), anyPolicy, (items, policy) => {
        fill(db, items);
        const found = totals(db, policy);
        for (const source of SOURCE_IDS) {
          const own = items.flatMap((item) =>
            !('isUnasked' in item) &&
            item.source === source &&
            item.noAnswer !== 'could-not-ask' &&
            item.scannedAt !== null
              ? [item]
              : [],
          );
          const due = own.map((item) => ({ item, at: dueBy(item, policy, NOW) }));
          const overdue = due.flatMap(({ item, at }) => (at !== null && at <= NOW ? [item] : []));
          const malicious = overdue.filter(
            (item) => effectiveStatus(item, { thresholds: THRESHOLDS, staleAfter: 1 }) === 'malicious',
          );
          const next = due.filter(({ at }) => at !== null && at > NOW && at <= NOW + DAY);
          const sum = (some: readonly Item[]): number =>
            some.reduce((total, item) => total + ratePerDay(item, policy), 0);
          const totalsOf = found.get(sourceCode(source));
          expect([
            totalsOf?.items ?? 0,
            totalsOf?.overdue ?? 0,
            totalsOf?.overdueMalicious ?? 0,
            totalsOf?.dueNextDay ?? 0,
          ]).toEqual([own.length, overdue.length, malicious.length, next.length]);
          expect(totalsOf?.answersPerDay ?? 0).toBeCloseTo(sum(own), 6);
          expect(totalsOf?.notKnownPerDay ?? 0).toBeCloseTo(
            sum(own.filter(({ noAnswer, status }) => noAnswer === 'not-known' && status !== 'pending')),
            6,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes nothing for an empty cache, and ends', () => {
    const db = opened();
    expect(
      effectsReads.lifeTotals(db, {
        policy: { rescan: 1, notKnown: 1, sources: {} },
        thresholds: {},
        now: NOW,
        after: 0,
      }),
    ).toEqual({
      totals: [],
      next: null,
      last: 0,
    });
  });
});
