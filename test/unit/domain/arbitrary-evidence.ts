import * as fc from 'fast-check';
import { SET_MARKS, type EntryEvidence, type Evidence, type VerdictPolicy } from '#shared/domain/evidence.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';

export const NOW = 1_800_000_000;
export const POLICY: VerdictPolicy = { thresholds: {}, staleAfter: 30 * 86_400 };

const time = fc.integer({ min: NOW - 60 * 86_400, max: NOW });
const maybeTime = fc.option(time, { freq: 6 });

export const anyItem = fc
  .record({
    source: fc.constantFrom(...SOURCE_IDS),
    status: fc.constantFrom(...STATUSES),
    noAnswer: fc.option(fc.constantFrom('not-known' as const, 'could-not-ask' as const)),
    score: fc.option(fc.integer({ min: 0, max: 100 })),
    scannedAt: maybeTime,
    weak: fc.boolean(),
  })
  .map((item) => (item.status === 'unknown' ? item : { ...item, noAnswer: null }));

export const anyListEntry = fc.record({
  side: fc.constantFrom('malicious' as const, 'non-malicious' as const),
  addedAt: time,
  weak: fc.boolean(),
});

export const anySet = fc.record({ mark: fc.constantFrom(...SET_MARKS), datedAt: maybeTime, weak: fc.boolean() });

export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  list: fc.array(anyListEntry, { maxLength: 2 }),
  items: fc.array(anyItem, { maxLength: 4 }),
  sets: fc.array(anySet, { maxLength: 2 }),
});

export const anyEntryEvidence: fc.Arbitrary<EntryEvidence> = fc.record({
  own: fc.array(anyEvidence, { maxLength: 3 }),
  contradicting: fc.array(anyEvidence, { maxLength: 2 }),
  asserted: fc.array(anyEvidence, { maxLength: 2 }),
});

const limit = fc.option(fc.integer({ min: 0, max: 100 }));

export const anyPolicy: fc.Arbitrary<VerdictPolicy> = fc.record({
  staleAfter: fc.integer({ min: 1, max: 60 * 86_400 }),
  thresholds: fc.dictionary(fc.constantFrom(...SOURCE_IDS), fc.record({ malicious: limit, suspicious: limit })),
});
