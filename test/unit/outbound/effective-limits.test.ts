import { describe, expect, it } from 'vitest';
import { effectiveLimits, shareOf, withRefusal, withTold } from '#main/jobs/outbound/effective-limits.ts';
import { plainConfig } from './answers.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const config = { ...plainConfig, callsPerMinute: 4, callsPerDay: 500, callsPerMonth: null };

describe('limits that hold', () => {
  it('are what is set as long as nothing is learned', () => {
    expect(effectiveLimits(config, [], now)).toEqual({ minute: 4, hour: null, day: 500, month: null });
  });

  it('are the smaller of what is set and what was told', () => {
    const learned = [
      { window: 'minute', allowed: 10, used: null, at: now },
      { window: 'day', allowed: 200, used: null, at: now },
      { window: 'hour', allowed: 60, used: null, at: now },
    ] as const;
    expect(effectiveLimits(config, learned, now)).toEqual({ minute: 4, hour: 60, day: 200, month: null });
  });

  it('leave out what others spent, in that window only', () => {
    const learned = [{ window: 'day', allowed: 500, used: 120, others: 100, at: now }] as const;
    expect(effectiveLimits(config, learned, now + 3_600_000).day).toBe(400);
    expect(effectiveLimits(config, learned, now + 86_400_000).day).toBe(500);
  });
});

describe('the share of rescans', () => {
  it('is a part of the windows that last, one call at least, and nothing when it is none', () => {
    const limits = { minute: 4, hour: 1, day: 500, month: null };
    expect(shareOf(limits, 0.5)).toEqual({ minute: 4, hour: 1, day: 250, month: null });
    expect(shareOf(limits, 0)).toEqual({ minute: 4, hour: 0, day: 0, month: null });
    expect(shareOf({ ...limits, day: 0 }, 1).day).toBe(0);
  });
});

describe('what a source tells', () => {
  const spends = [{ window: 'day', spent: 20, freesAt: null }] as const;

  it('is kept with what others spent', () => {
    expect(withTold([], [{ window: 'day', allowed: 500, used: 120 }], spends, now)).toEqual([
      { window: 'day', allowed: 500, used: 120, others: 100, at: now },
    ]);
  });

  it('changes nothing while it says the same, so that no row is written for each answer', () => {
    const learned = withTold([], [{ window: 'day', allowed: 500, used: 120 }], spends, now);
    const later = [{ window: 'day', spent: 25, freesAt: null }] as const;
    expect(withTold(learned, [{ window: 'day', allowed: 500, used: 125 }], later, now + 60_000)).toBe(learned);
    expect(withTold(learned, [{ window: 'day', allowed: 500, used: 126 }], later, now + 60_000)).not.toBe(learned);
  });

  it('is kept anew on a new day', () => {
    const learned = withTold([], [{ window: 'day', allowed: 500, used: 120 }], spends, now);
    const tomorrow = now + 86_400_000;
    expect(withTold(learned, [{ window: 'day', allowed: 500, used: 120 }], spends, tomorrow)[0]?.at).toBe(tomorrow);
  });
});

describe('a refusal for the minute', () => {
  it('teaches what was answered when that is well below what is set', () => {
    const learned = withRefusal([], { limit: 60, answeredInMinute: 4, now });
    expect(learned).toEqual([{ window: 'minute', allowed: 4, used: null, at: now }]);
    expect(effectiveLimits({ ...config, callsPerMinute: 60 }, learned, now).minute).toBe(4);
  });

  it('teaches a limit where none is set', () => {
    expect(withRefusal([], { limit: null, answeredInMinute: 30, now })).toHaveLength(1);
  });

  it('teaches nothing near the limit, or when nothing was answered', () => {
    const before = [] as const;
    expect(withRefusal(before, { limit: 60, answeredInMinute: 58, now })).toBe(before);
    expect(withRefusal(before, { limit: 60, answeredInMinute: 0, now })).toBe(before);
  });
});
