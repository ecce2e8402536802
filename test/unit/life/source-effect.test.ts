import { describe, expect, it } from 'vitest';
import type { LifeTotals } from '#main/db/repositories/life/effects.ts';
import { sourceEffect, type SourceInForce } from '#main/services/life/effects/source-effect.ts';
import { plainConfig } from '../outbound/answers.ts';

const NO_LIMITS = { minute: null, hour: null, day: null, month: null };
const TOTALS: LifeTotals = {
  source: 1,
  items: 3_000,
  overdue: 0,
  overdueMalicious: 0,
  dueNextDay: 0,
  answersPerDay: 300,
  notKnownPerDay: 60,
};

function effect(change: Partial<SourceInForce> = {}, facts: Partial<SourceInForce['facts']> = {}) {
  return sourceEffect({
    facts: { source: 'reversinglabs-a1000', billedBy: 'request', mostHashesPerRequest: 100, ...facts },
    config: { ...plainConfig, enabled: true, rescans: true, plan: 'paid', hashesPerRequest: 500 },
    limits: NO_LIMITS,
    share: 0.5,
    totals: TOTALS,
    ...change,
  });
}

describe('calls a day', () => {
  it('are requests as full as the source allows, or hashes where it bills those', () => {
    expect(effect().callsPerDay).toBe(3);
    expect(effect({}, { billedBy: 'hash' }).callsPerDay).toBe(300);
  });

  it('are more than none however few they are', () => {
    const few = effect({ totals: { ...TOTALS, items: 120, answersPerDay: 4 }, limits: { ...NO_LIMITS, day: 5_000 } });
    expect(few.callsPerDay).toBe(0.04);
    expect(few.fullCycleDays).toBeGreaterThan(0);
  });

  it('count the single calls about files that are looked for elsewhere', () => {
    const followed = effect({ limits: { ...NO_LIMITS, day: 126 } }, { singleCalls: () => 'elsewhere' });
    // 3 requests and 60 single calls a day for a tenth of the items: ten days for all at 63 a day.
    expect([followed.callsPerDay, followed.allowedPerDay, followed.fullCycleDays]).toEqual([63, 63, 10]);
    // Details are asked for again only where something changed.
    expect(effect({}, { singleCalls: () => 'details' }).callsPerDay).toBe(3);
  });
});

describe('calls that rescans may use a day', () => {
  it.each([
    ['no limit', NO_LIMITS, null],
    ['a share of the day', { ...NO_LIMITS, day: 11 }, 5],
    ['one call at least where there is any', { ...NO_LIMITS, day: 1 }, 1],
    ['a share of the month, spread over it', { ...NO_LIMITS, month: 6_000 }, 100],
    ['a share of every hour', { ...NO_LIMITS, hour: 10 }, 120],
    ['the whole minute, which is shared with nobody', { ...NO_LIMITS, minute: 1 }, 1_440],
    ['the tightest of all', { minute: 1, hour: 10, day: 11, month: 6_000 }, 5],
  ])('are %s', (_what, limits, allowed) => {
    expect(effect({ limits }).allowedPerDay).toBe(allowed);
  });
});

describe('a source with nothing to ask', () => {
  it('has no cycle and no warning', () => {
    expect(effect({ totals: null, limits: { ...NO_LIMITS, day: 1 } })).toMatchObject({
      items: 0,
      callsPerDay: 0,
      fullCycleDays: null,
      warning: '',
    });
  });
});
