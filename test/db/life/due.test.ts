import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueBy, heldUntil, type LifePolicy, type LivingItem, type SourceLife } from '#shared/domain/life.ts';
import { sourceCode, SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { STATUS_CODE, STATUSES } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { DUE_CLASS, DUE_FIELDS, dueItems } from '#main/db/repositories/life/due.ts';
import { queueWorld } from '../queue/world.ts';

const DAY = 86_400;
const NOW = Date.UTC(2026, 2, 10, 12) / 1000;
const ALL = new Float64Array(18).fill(Number.POSITIVE_INFINITY);

interface Item extends Omit<LivingItem, 'noAnswer'> {
  readonly noAnswer: LivingItem['noAnswer'] | 'unasked';
  readonly score: number | null;
}

/** Around now, with the exact edges of the usual intervals often among them. */
const moment = fc.oneof(
  fc.integer({ min: NOW - 90 * DAY, max: NOW + 90 * DAY }),
  fc.constantFrom(...[-32, -30, -7, -1, 0, 1, 32].map((days) => NOW + days * DAY)),
);
const span = fc.option(fc.constantFrom(DAY, 7 * DAY, 30 * DAY));
const life: fc.Arbitrary<SourceLife> = fc.record({
  rescans: fc.boolean(),
  pending: fc.constantFrom(900, 3600, DAY),
  newAge: span,
  newInterval: fc.constantFrom(3600, DAY, 7 * DAY),
});
const policies: fc.Arbitrary<LifePolicy> = fc.record({
  rescan: span,
  notKnown: span,
  sources: fc.record(Object.fromEntries(SOURCE_IDS.map((id) => [id, life])), { requiredKeys: ['wildfire'] }),
});
const living: fc.Arbitrary<Item> = fc.record({
  source: fc.constantFrom(...SOURCE_IDS),
  status: fc.constantFrom(...STATUSES),
  noAnswer: fc.constantFrom(null, null, 'not-known', 'could-not-ask', 'unasked'),
  score: fc.option(fc.constantFrom(0, 3, 5, 65, 90)),
  firstSeen: fc.option(moment),
  createdAt: moment,
  scannedAt: fc.option(moment, { freq: 9 }),
  notBefore: fc.option(moment),
});
const THRESHOLDS = {
  virustotal: { malicious: 5, suspicious: 2 },
  'recorded-future': { malicious: null, suspicious: 25 },
};

/** As the rules of the domain say it, an item after the other. */
function expected(items: readonly Item[], policy: LifePolicy, unasked: readonly SourceId[]): number[][] {
  return items.flatMap((item, index) => {
    const { noAnswer, score, ...rest } = item;
    const source = sourceCode(item.source);
    if (noAnswer === 'unasked') {
      const held = heldUntil(item.notBefore, NOW);
      const isDue = unasked.includes(item.source) && held !== null && held <= NOW;
      return isDue ? [[index + 1, source, held, DUE_CLASS.unasked]] : [];
    }
    const due = dueBy({ ...rest, noAnswer }, policy, NOW);
    const evidence = { source: item.source, status: item.status, noAnswer, score, scannedAt: item.scannedAt };
    const isMalicious = effectiveStatus(evidence, { thresholds: THRESHOLDS, staleAfter: 0 }) === 'malicious';
    return due !== null && due <= NOW
      ? [[index + 1, source, due, isMalicious ? DUE_CLASS.malicious : DUE_CLASS.other]]
      : [];
  });
}

function store(db: WritableDb, items: readonly Item[]): void {
  db.exec('DELETE FROM items');
  const insert = db.prepare(
    `INSERT INTO items (file_id, source, status, no_answer, score, first_seen, created_at, scanned_at, next_scan_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  items.forEach((item, index) => {
    const noAnswer =
      item.noAnswer === 'unasked' ? NOT_ASKED : item.noAnswer === null ? null : NO_ANSWER_CODE[item.noAnswer];
    const { source, status, score, firstSeen, createdAt, scannedAt, notBefore } = item;
    insert.run(
      index + 1,
      sourceCode(source),
      STATUS_CODE[status],
      noAnswer,
      score,
      firstSeen,
      createdAt,
      scannedAt,
      notBefore,
    );
  });
}

function swept(db: WritableDb, policy: LifePolicy, unasked: readonly SourceId[], step: number, cuts = ALL): number[][] {
  const rows: number[][] = [];
  for (let from: number | null = 1; from !== null;) {
    const { found, next } = dueItems(db, {
      from,
      to: from + step,
      now: NOW,
      policy,
      thresholds: THRESHOLDS,
      unasked: unasked.map(sourceCode),
      cuts,
    });
    for (let at = 0; at < found.length; at += DUE_FIELDS) {
      rows.push([...found.subarray(at, at + DUE_FIELDS)]);
    }
    from = next;
  }
  return rows.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

test('a sweep finds exactly the items that the rules of the domain call due', () => {
  const { db } = queueWorld();
  fc.assert(
    fc.property(
      fc.array(living, { maxLength: 60 }),
      policies,
      fc.subarray([...SOURCE_IDS]),
      fc.integer({ min: 1, max: 70 }),
      (items, policy, unasked, step) => {
        store(db, items);
        expect(swept(db, policy, unasked, step)).toEqual(expected(items, policy, unasked));
      },
    ),
    { numRuns: 400 },
  );
});

test('a cut leaves out what was due at it or later, of its source and class alone', () => {
  const { db } = queueWorld();
  const at = (scannedAt: number, status: Item['status'], source: SourceId): Item => ({
    source,
    status,
    noAnswer: null,
    score: null,
    firstSeen: null,
    createdAt: NOW - 80 * DAY,
    scannedAt,
    notBefore: null,
  });
  const old = [40, 50, 60].flatMap((days) => [
    at(NOW - days * DAY, 'malicious', 'wildfire'),
    at(NOW - days * DAY, 'suspicious', 'wildfire'),
    at(NOW - days * DAY, 'suspicious', 'virustotal'),
  ]);
  store(db, old);
  const plain = { rescans: true, pending: 900, newAge: null, newInterval: DAY };
  const policy = { rescan: 30 * DAY, notKnown: null, sources: { wildfire: plain, virustotal: plain } };
  const cuts = Float64Array.from(ALL);
  cuts[sourceCode('wildfire') * 3 + DUE_CLASS.other] = NOW - 20 * DAY;
  const found = swept(db, policy, [], 100, cuts);
  expect(found.map(([id]) => id)).toEqual([1, 3, 4, 6, 7, 8, 9]);
});
