import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beforeOf,
  fieldOf,
  isLive,
  LAST_RANGES,
  rangeFault,
  sentenceOf,
  stretchOf,
  timeOf,
} from '#renderer/features/usage/board/ranges.ts';

const NOW = 1_795_080_360; // 2026-11-19 09:26 UTC
const last = (range: (typeof LAST_RANGES)[number]): { range: typeof range; from: number; to: number } => ({
  range,
  from: 0,
  to: 0,
});

describe('ranges of the board', () => {
  it('reaches to the end of the interval that runs, in whole intervals', () => {
    for (const range of LAST_RANGES) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (now) => {
          const { from, to, bars } = stretchOf(last(range), now);
          const bar = (to - from) / bars;
          return Number.isInteger(bar) && to % bar === 0 && to > now && to - now <= bar && isLive({ from, to }, now);
        }),
      );
    }
    const stretches = LAST_RANGES.map((range) => stretchOf(last(range), NOW));
    expect(stretches.map(({ from, to, bars }) => [(to - from) / 86_400, bars])).toEqual([
      [1, 48],
      [7, 28],
      [30, 30],
      [90, 90],
    ]);
  });

  it('takes a chosen range as it is, and tells whether the present is in it', () => {
    const past = stretchOf({ range: 'custom', from: NOW - 7200, to: NOW - 3600 }, NOW);
    expect([past.from, past.to, isLive(past, NOW)]).toEqual([NOW - 7200, NOW - 3600, false]);
    // Never without an interval, whatever is kept.
    expect(stretchOf({ range: 'custom', from: 100, to: 0 }, NOW)).toMatchObject({ from: 100, to: 160 });
  });

  it('says what it shows and what that is compared with', () => {
    expect(LAST_RANGES.map((range) => sentenceOf(last(range), 'utc'))).toEqual([
      'the last 24 hours',
      'the last 7 days',
      'the last 30 days',
      'the last 90 days',
    ]);
    expect(beforeOf(last('7d'))).toBe('the 7 d before');
    expect(beforeOf({ range: 'custom', from: 1, to: 2 })).toBe('as long before');
  });

  it('reads its fields in the zone they are shown in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60_000_000 }),
        fc.constantFrom('utc' as const, 'local' as const),
        (minute, zone) => {
          const at = minute * 60;
          const back = timeOf(fieldOf(at, zone), zone);
          // The hour that a clock set back goes through twice is one field for two times.
          return back === at || (zone === 'local' && back !== null && Math.abs(back - at) === 3600);
        },
      ),
    );
    expect(fieldOf(NOW, 'utc')).toBe('2026-11-19T09:26');
    expect([timeOf('', 'utc'), timeOf('', 'local'), timeOf('2026-13-40T99:00', 'utc')]).toEqual([null, null, null]);
  });

  it('says which end is wrong, and why', () => {
    expect(rangeFault(null, NOW, NOW)?.at).toBe('from');
    expect(rangeFault(NOW - 60, null, NOW)?.at).toBe('to');
    expect(rangeFault(NOW + 60, NOW + 600, NOW)?.fault).toContain('future');
    expect(rangeFault(NOW - 60, NOW - 120, NOW)?.fault).toContain('before it begins');
    expect(rangeFault(NOW - 90, NOW - 60, NOW)?.at).toBe('to');
    expect(rangeFault(0, NOW - 60, NOW)?.fault).toContain('ten years');
    // It may end in the future: what has not happened is not shown.
    expect(rangeFault(NOW - 3600, NOW + 3600, NOW)).toBeNull();
  });
});
