import { describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/domain/basis.ts';
import type { EntryEvidence, Evidence, ItemEvidence, VerdictPolicy } from '#shared/domain/evidence.ts';
import { decide, decideEntry, effectiveStatus, flagBits, flagsOfBits, NEVER_ASKED } from '#shared/domain/verdict.ts';
import { NOW, POLICY } from './arbitrary-evidence.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const item = (status: ItemEvidence['status'], more: Partial<ItemEvidence> = {}): ItemEvidence => ({
  source: 'wildfire',
  status,
  noAnswer: null,
  score: null,
  scannedAt: NOW - HOUR,
  ...more,
});
const nothing: Evidence = { list: [], items: [], sets: [] };
const items = (...all: ItemEvidence[]): Evidence => ({ ...nothing, items: all });
const listed = (side: 'malicious' | 'non-malicious', more: Partial<Evidence> = {}): Evidence => ({
  ...nothing,
  list: [{ side, addedAt: NOW - DAY }],
  ...more,
});
const inSet = (mark: 'known' | 'known-good' | 'known-bad', more: Partial<Evidence> = {}): Evidence => ({
  ...nothing,
  sets: [{ mark, datedAt: NOW - 100 * DAY }],
  ...more,
});
const virustotal = { source: 'virustotal' } as const;

/** [name, evidence, what of the verdict matters] */
const TABLE: readonly (readonly [string, Evidence, Partial<Verdict>])[] = [
  ['nothing', nothing, NEVER_ASKED],
  [
    'one item',
    items(item('malicious')),
    { status: 'malicious', rule: 'source', source: 'wildfire', agreeing: 0, answeredAt: NOW - HOUR, flags: [] },
  ],
  // Order of severity.
  ['malicious over suspicious', items(item('suspicious'), item('malicious', virustotal)), { status: 'malicious' }],
  [
    'suspicious over non-malicious',
    items(item('non-malicious'), item('suspicious', virustotal)),
    { status: 'suspicious', flags: ['conflict'] },
  ],
  [
    'non-malicious over pending',
    items(item('pending'), item('non-malicious', virustotal)),
    { status: 'non-malicious', rule: 'source', source: 'virustotal', flags: [] },
  ],
  [
    'pending over unknown',
    items(item('unknown', { noAnswer: 'not-known' }), item('pending', virustotal)),
    { status: 'pending', rule: 'pending', source: 'virustotal' },
  ],
  // The list decides.
  [
    'list over a worse source',
    listed('non-malicious', { items: [item('malicious')] }),
    { status: 'non-malicious', rule: 'hash-list', source: null, answeredAt: NOW - DAY, flags: ['conflict'] },
  ],
  [
    'list over a better source',
    listed('malicious', { items: [item('non-malicious')] }),
    { status: 'malicious', rule: 'hash-list', agreeing: 0, flags: ['conflict'] },
  ],
  [
    'list beside an agreeing source',
    listed('malicious', { items: [item('malicious'), item('suspicious', virustotal)] }),
    { status: 'malicious', rule: 'hash-list', agreeing: 1, flags: [] },
  ],
  [
    'list over an unfinished source',
    listed('non-malicious', { items: [item('pending')] }),
    { status: 'non-malicious', rule: 'hash-list', flags: [] },
  ],
  [
    'both sides of the list',
    {
      ...nothing,
      list: [
        { side: 'non-malicious', addedAt: NOW },
        { side: 'malicious', addedAt: 1 },
      ],
    },
    { status: 'malicious', rule: 'hash-list', answeredAt: 1, flags: ['conflict', 'listedBothSides'] },
  ],
  // Known sets.
  ['a known-bad set', inSet('known-bad'), { status: 'malicious', rule: 'known-bad', answeredAt: NOW - 100 * DAY }],
  ['a known-good set', inSet('known-good'), { status: 'non-malicious', rule: 'known-good', flags: [] }],
  ['a known set is no judgement', inSet('known'), { status: 'unknown', rule: 'known-set', flags: [] }],
  [
    'known-good against a source',
    inSet('known-good', { items: [item('suspicious')] }),
    { status: 'suspicious', rule: 'source', flags: ['conflict'] },
  ],
  [
    'source before set inside a status',
    inSet('known-bad', { items: [item('malicious', { scannedAt: 1 })] }),
    { rule: 'source', agreeing: 1 },
  ],
  [
    'list before source inside a status',
    listed('malicious', { items: [item('malicious')] }),
    { rule: 'hash-list', agreeing: 1 },
  ],
  // Freshest of a status.
  [
    'the freshest of a status decides',
    items(item('malicious', { scannedAt: NOW - DAY }), item('malicious', virustotal)),
    { source: 'virustotal', agreeing: 1, answeredAt: NOW - HOUR },
  ],
  [
    'an answer without a time comes last',
    items(item('malicious', { scannedAt: null }), item('malicious', { ...virustotal, scannedAt: 5 })),
    { source: 'virustotal', agreeing: 1 },
  ],
  // Stale answers count and are marked.
  [
    'stale counts and is marked',
    items(item('malicious', { scannedAt: NOW - 31 * DAY })),
    { status: 'malicious', flags: ['stale'] },
  ],
  [
    'a fresh answer of the same status takes the mark away',
    items(item('malicious', { scannedAt: NOW - 31 * DAY }), item('malicious', virustotal)),
    { source: 'virustotal', flags: [] },
  ],
  [
    'a stale bad answer decides over a fresh good one',
    items(item('malicious', { scannedAt: NOW - 31 * DAY }), item('non-malicious', virustotal)),
    { status: 'malicious', flags: ['conflict', 'stale'] },
  ],
  ['exactly the interval is not stale', items(item('malicious', { scannedAt: NOW - 30 * DAY })), { flags: [] }],
  [
    'a set or a list entry is never stale',
    listed('malicious', { list: [{ side: 'malicious', addedAt: 1 }] }),
    { flags: [] },
  ],
  // Each kind of unknown.
  [
    'a source does not know',
    items(item('unknown', { noAnswer: 'not-known' })),
    { status: 'unknown', rule: 'source-does-not-know', source: 'wildfire', answeredAt: NOW - HOUR },
  ],
  [
    'an old "does not know" is marked',
    items(item('unknown', { noAnswer: 'not-known', scannedAt: NOW - 31 * DAY })),
    { rule: 'source-does-not-know', flags: ['stale'] },
  ],
  [
    'a source without an opinion',
    items(item('unknown')),
    { status: 'unknown', rule: 'source-does-not-know', source: 'wildfire' },
  ],
  [
    'a source could not be asked',
    items(item('unknown', { noAnswer: 'could-not-ask' })),
    { status: 'unknown', rule: 'could-not-ask', source: 'wildfire' },
  ],
  [
    'a failed question is not hidden by one that does not know',
    items(item('unknown', { noAnswer: 'not-known' }), item('unknown', { ...virustotal, noAnswer: 'could-not-ask' })),
    { rule: 'could-not-ask', source: 'virustotal', agreeing: 0 },
  ],
  [
    'a set knows what no source does',
    inSet('known', { items: [item('unknown', { noAnswer: 'not-known' })] }),
    { rule: 'known-set', source: null, agreeing: 0 },
  ],
  // Weak matches.
  ['only MD5 led here', items(item('malicious', { weak: true })), { flags: ['weak'] }],
  [
    'a strong answer of the same status takes the mark away',
    items(item('malicious', { weak: true }), item('malicious', { ...virustotal, scannedAt: 1 })),
    { source: 'wildfire', flags: [] },
  ],
  [
    'a strong answer of another status does not',
    items(item('malicious', { weak: true }), item('suspicious', virustotal)),
    { status: 'malicious', flags: ['weak'] },
  ],
];

describe('decide', () => {
  it.each(TABLE)('%s', (_name, evidence, expected) => {
    expect(decide(evidence, POLICY, NOW)).toMatchObject(expected);
  });
});

describe('effectiveStatus', () => {
  const policy = (malicious: number | null, suspicious: number | null): VerdictPolicy => ({
    ...POLICY,
    thresholds: { virustotal: { malicious, suspicious } },
  });
  it.each([
    // stored, score, malicious at, suspicious at, counts as
    ['malicious', 3, null, null, 'malicious'],
    ['malicious', 3, 5, 2, 'suspicious'],
    ['malicious', 1, 5, 2, 'non-malicious'],
    ['malicious', 5, 5, 2, 'malicious'],
    ['non-malicious', 2, 5, 2, 'suspicious'],
    ['non-malicious', 70, 5, null, 'malicious'],
    ['non-malicious', 1, 5, 2, 'non-malicious'],
    ['malicious', 3, 5, null, 'suspicious'],
    ['suspicious', 3, 5, null, 'suspicious'],
    ['suspicious', 1, 5, 2, 'non-malicious'],
    ['malicious', 1, null, 2, 'malicious'],
    ['malicious', null, 5, 2, 'malicious'],
    ['unknown', 9, 5, 2, 'malicious'],
    ['unknown', 1, 5, 2, 'unknown'],
    ['pending', 99, 5, 2, 'pending'],
    // A malicious threshold below the suspicious one still reads as malicious.
    ['suspicious', 4, 3, 9, 'malicious'],
    ['non-malicious', 0, 0, 0, 'malicious'],
    // A score is kept below the malicious threshold while engines only suspect: it cannot reach a suspicious one that is no lower.
    ['suspicious', 0, 1, 1, 'suspicious'],
    ['suspicious', 2, 3, 3, 'suspicious'],
    ['suspicious', 2, 3, 4, 'suspicious'],
    ['malicious', 2, 3, 3, 'non-malicious'],
  ] as const)('%s with score %s, limits %s and %s, counts as %s', (status, score, malicious, suspicious, expected) => {
    expect(effectiveStatus(item(status, { ...virustotal, score }), policy(malicious, suspicious))).toBe(expected);
  });

  it.each([
    ['malicious', 30, 80, 40, 'unknown'],
    ['suspicious', 30, 80, 40, 'unknown'],
    ['suspicious', 50, 80, 40, 'suspicious'],
    ['unknown', 12, 80, 10, 'suspicious'],
    ['unknown', 0, 80, 40, 'unknown'],
    ['non-malicious', 0, 80, 40, 'non-malicious'],
  ] as const)('%s with a risk of %s, limits %s and %s, counts as %s: low risk vouches for no file', (...row) => {
    const [status, score, malicious, suspicious, expected] = row;
    const limits: VerdictPolicy = { ...POLICY, thresholds: { 'recorded-future': { malicious, suspicious } } };
    expect(effectiveStatus(item(status, { source: 'recorded-future', score }), limits)).toBe(expected);
  });

  it('leaves other sources and failed questions alone', () => {
    expect(effectiveStatus(item('malicious', { score: 1 }), policy(5, 2))).toBe('malicious');
    const failed = item('unknown', { ...virustotal, score: 9, noAnswer: 'could-not-ask' });
    expect(effectiveStatus(failed, policy(5, 2))).toBe('unknown');
  });
});

const entry = (parts: Partial<EntryEvidence>): EntryEvidence => ({
  own: [],
  contradicting: [],
  asserted: [],
  ...parts,
});

const ENTRIES: readonly (readonly [string, EntryEvidence, Partial<Verdict>])[] = [
  ['nothing at all', entry({}), NEVER_ASKED],
  [
    'the worst of two candidates',
    entry({ own: [items(item('non-malicious')), items(item('malicious', virustotal))] }),
    { status: 'malicious', source: 'virustotal', agreeing: 0, flags: ['conflict', 'ambiguous'] },
  ],
  [
    'the list speaks for its own candidate only',
    entry({ own: [listed('non-malicious'), items(item('malicious'))] }),
    { status: 'malicious', rule: 'source', flags: ['conflict', 'ambiguous'] },
  ],
  [
    'an answer that holds for both candidates counts once',
    entry({
      own: (() => {
        const shared = [{ mark: 'known-bad' as const, datedAt: null }];
        return [
          { ...nothing, sets: shared },
          { ...nothing, sets: shared },
        ];
      })(),
    }),
    { status: 'malicious', rule: 'known-bad', agreeing: 0, flags: ['ambiguous'] },
  ],
  [
    'asserted raises unknown',
    entry({ asserted: [items(item('suspicious'))] }),
    { status: 'suspicious', rule: 'source', flags: ['weak', 'asserted'] },
  ],
  [
    'asserted raises non-malicious and that is a conflict',
    entry({ own: [items(item('non-malicious'))], asserted: [items(item('malicious', virustotal))] }),
    { status: 'malicious', source: 'virustotal', flags: ['conflict', 'weak', 'asserted'] },
  ],
  ['asserted never gives non-malicious', entry({ asserted: [inSet('known-good')] }), NEVER_ASKED],
  [
    'asserted never lowers',
    entry({ own: [items(item('malicious'))], asserted: [listed('non-malicious')] }),
    { status: 'malicious', rule: 'source', flags: [] },
  ],
  [
    'asserted of the same status changes nothing',
    entry({ own: [items(item('malicious'))], asserted: [items(item('malicious', virustotal))] }),
    { status: 'malicious', source: 'wildfire', agreeing: 0, flags: [] },
  ],
  [
    'good news on one asserted hash does not hide bad news on another',
    entry({ asserted: [listed('non-malicious'), items(item('malicious'))] }),
    { status: 'malicious', flags: ['weak', 'asserted'] },
  ],
  [
    'the list on the row itself stands against an asserted source, flagged',
    entry({ own: [listed('non-malicious')], asserted: [items(item('malicious'))] }),
    { status: 'non-malicious', rule: 'hash-list', flags: ['conflict'] },
  ],
  [
    'the list on both sides through an asserted hash',
    entry({ own: [listed('non-malicious')], asserted: [listed('malicious')] }),
    { status: 'malicious', rule: 'hash-list', flags: ['conflict', 'weak', 'asserted', 'listedBothSides'] },
  ],
  [
    'a contradicting file raises',
    entry({ own: [items(item('non-malicious'))], contradicting: [items(item('malicious'))] }),
    { status: 'malicious', flags: ['conflict', 'ambiguous', 'weak'] },
  ],
  ['a contradicting file brings no good news', entry({ contradicting: [listed('non-malicious')] }), NEVER_ASKED],
  [
    'a contradicting file stands back behind the list',
    entry({ own: [listed('non-malicious')], contradicting: [listed('malicious')] }),
    { status: 'non-malicious', rule: 'hash-list', flags: [] },
  ],
];

describe('decideEntry', () => {
  it.each(ENTRIES)('%s', (_name, evidence, expected) => {
    expect(decideEntry(evidence, POLICY, NOW)).toMatchObject(expected);
  });
});

describe('flag bits', () => {
  it('come back as they went, for every combination', () => {
    for (let bits = 0; bits < 64; bits += 1) {
      expect(flagBits(flagsOfBits(bits))).toBe(bits);
    }
  });
});
