import { describe, expect, it } from 'vitest';
import type { IndicatorRow, PulledRow } from '#main/db/repositories/sync/types.ts';
import { decide, type Hold } from '#main/jobs/sync/planning/decide.ts';

const base = {
  id: 7,
  type: 'Host',
  summary: 'bad.example.net',
  terms: [{ kind: 'host', value: 'bad.example.net' }],
  owner: 'A',
  rating: 3,
  confidence: 50,
  threatAssess: null,
  falsePositives: 0,
  tags: ['x'],
  modifiedAt: 1,
  link: '',
} as const;
const pulled = (change: Partial<PulledRow> = {}): PulledRow => ({ ...base, gone: null, invalid: null, ...change });
const known = (change: Partial<IndicatorRow> = {}): IndicatorRow => ({
  ...base,
  wanted: true,
  held: null,
  heldBy: '',
  released: false,
  recalled: false,
  sent: true,
  sentTerms: base.terms,
  sentRating: 3,
  sentConfidence: 50,
  listedTerms: null,
  goes: true,
  ...change,
});
const hold = (reason: Hold['reason']): ReadonlyMap<number, Hold> => new Map([[7, { reason, by: `because ${reason}` }]]);
const none: ReadonlyMap<number, Hold> = new Map();
const look = (
  left: PulledRow | null,
  right: IndicatorRow | null,
  holds = none,
  isProtected = (_owner: string): boolean => false,
) => {
  const planned = decide({ id: 7, pulled: left, known: right }, { holds, isProtected });
  return planned === null
    ? null
    : [planned.action, planned.reason, planned.wanted, planned.held, planned.shown !== false];
};

describe('what a run does with an indicator', () => {
  it.each([
    ['one that is not known', pulled(), null, ['new', null, true, null, true]],
    ['one that is there as it is', pulled(), known(), ['unchanged', null, true, null, true]],
    ['one rated otherwise', pulled({ rating: 4 }), known(), ['changed', null, true, null, true]],
    ['one tagged otherwise', pulled({ tags: [] }), known(), ['changed', null, true, null, true]],
    ['one with another term', pulled({ terms: [] }), known(), ['changed', null, true, null, true]],
    ['one known and never sent', pulled(), known({ sent: false, sentTerms: null }), ['new', null, true, null, true]],
    ['one that became inactive', pulled({ gone: 'inactive' }), known(), ['withdrawn', 'inactive', false, null, true]],
    ['one that was deleted', pulled({ gone: 'deleted' }), known(), ['withdrawn', 'deleted', false, null, true]],
    ['one that was not there and is gone', pulled({ gone: 'deleted' }), null, null],
    ['one that became invalid', pulled({ invalid: 'bad' }), known(), ['withdrawn', 'invalid', false, null, true]],
    ['one that is invalid', pulled({ invalid: 'bad' }), null, ['invalid', null, false, null, true]],
    [
      'one that cannot be read',
      pulled({ gone: 'unreadable', invalid: 'odd' }),
      null,
      ['invalid', null, false, null, true],
    ],
    [
      'one that is there and cannot be read now',
      pulled({ gone: 'unreadable', invalid: 'odd' }),
      known(),
      ['invalid', null, true, null, true],
    ],
    [
      'one held back that cannot be read now',
      pulled({ gone: 'unreadable', invalid: 'odd' }),
      known({ sent: false, goes: false, held: 'known-good' }),
      ['invalid', null, true, 'known-good', true],
    ],
    ['one that no longer matches', null, known(), ['withdrawn', 'no-match', false, null, true]],
    [
      'one held back that no longer matches',
      null,
      known({ sent: false, goes: false, held: 'known-good' }),
      ['unchanged', null, false, null, false],
    ],
    ['one forgotten long ago', null, known({ sent: false, wanted: false, goes: false }), null],
  ] as const)('%s', (_name, left, right, expected) => {
    expect(look(left, right)).toEqual(expected);
  });

  it('holds back what this machine calls harmless, and takes it out where it is there', () => {
    expect(look(pulled(), null, hold('known-good'))).toEqual(['held', 'known-good', true, 'known-good', true]);
    expect(look(pulled(), known(), hold('hash-list'))).toEqual(['withdrawn', 'held', true, 'hash-list', true]);
  });

  it('lets released ones go, but never own addresses', () => {
    const released = known({ sent: false, sentTerms: null, released: true, held: 'known-good' });
    expect(look(pulled(), released, hold('known-good'))).toEqual(['new', null, true, 'known-good', true]);
    expect(look(pulled(), released, hold('own'))).toEqual(['held', 'own', true, 'own', true]);
  });

  it('keeps out what was called back until it is released', () => {
    const recalled = known({ sent: false, recalled: true, held: 'recalled', goes: false });
    expect(look(pulled(), recalled)).toEqual(['held', 'recalled', true, 'recalled', true]);
    expect(look(pulled(), { ...recalled, sent: true })).toEqual(['withdrawn', 'recalled', true, 'recalled', true]);
    expect(look(pulled(), { ...recalled, released: true })?.[0]).toBe('new');
  });

  it('withdraws nothing of an owner that cannot be read now', () => {
    expect(look(null, known(), none, () => true)).toEqual(['unchanged', null, true, null, true]);
  });
});
