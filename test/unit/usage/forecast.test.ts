import { describe, expect, it } from 'vitest';
import { forecastOf, soonestOf, type ForecastFacts } from '#main/services/usage/forecast/forecast.ts';
import { evenProfile, expectedBetween, momentOf, profileOf } from '#main/services/usage/forecast/profile.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-11-18T12:00:00Z');
const MIDNIGHT = Date.parse('2026-11-19T00:00:00Z');
const NO_LIMITS = { minute: null, hour: null, day: null, month: null };

const facts = (more: Partial<ForecastFacts> = {}): ForecastFacts => {
  const { now = NOON, limit = 500, window = 'day' } = more;
  return {
    source: 'virustotal',
    window,
    now,
    spent: 100,
    limit,
    held: null,
    waiting: 0,
    heldBack: null,
    usual: null,
    pace: {
      now,
      notBefore: now,
      limits: { ...NO_LIMITS, minute: 4, [window]: limit },
      spends: [],
      minuteMs: 60_000,
      latencyMs: 0,
      concurrency: 4,
    },
    ...more,
  };
};
const at = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 16));

describe('the forecast of a quota', () => {
  it('is told by what waits, at the rate the limits allow', () => {
    const row = forecastOf(facts({ waiting: 1000 }));
    // 400 calls at 4 a minute take 100 minutes.
    expect([row.basis, at(row.usedUpAt)]).toEqual(['queue', '2026-11-18T13:39']);
    expect(row.sentence).toBe('VirusTotal’s day ends at 13:39 UTC at this pace.');
    expect(row.expected).toBe(1100);
    expect(row.perDay).toBe(2000);
  });

  it('takes what waits for a part of what is usual', () => {
    const row = forecastOf(facts({ waiting: 200, usual: evenProfile(100) }));
    // 400 more at 100 an hour.
    expect([row.basis, at(row.usedUpAt), row.expected]).toEqual(['past', '2026-11-18T16:00', 1300]);
  });

  it('is told by what waits where that is more than usual', () => {
    const row = forecastOf(facts({ waiting: 200, usual: evenProfile(10) }));
    expect([row.basis, row.usedUpAt, row.expected]).toEqual(['queue', null, 300]);
  });

  it('spends no more in a day than is left of its month', () => {
    const { pace } = facts();
    const limits = { ...pace.limits, month: 3000 };
    const left = (calls: number) => {
      const spends = [{ window: 'month', spent: 3000 - calls, freesAt: null } as const];
      return forecastOf(facts({ usual: evenProfile(100), pace: { ...pace, limits, spends } }));
    };
    expect([left(150).usedUpAt, left(150).expected]).toEqual([null, 250]);
    expect([at(left(600).usedUpAt), left(600).expected]).toEqual(['2026-11-18T16:00', 700]);
  });

  it('lasts where less is usual than is left', () => {
    const row = forecastOf(facts({ usual: evenProfile(10) }));
    expect([row.usedUpAt, row.expected, row.perDay]).toEqual([null, 220, 240]);
    expect(row.sentence).toBe('VirusTotal’s day lasts at this pace: about 220 of 500 calls until 19 Nov 00:00 UTC.');
  });

  it('is told by the window itself where the past is not known', () => {
    const row = forecastOf(facts({ spent: 300 }));
    expect([row.basis, at(row.usedUpAt), row.expected]).toEqual(['window', '2026-11-18T20:00', 600]);
  });

  it('is not told by a window that has just begun, or in which nothing was spent', () => {
    const begun = forecastOf(facts({ now: NOON - 12 * HOUR + 60_000, spent: 20 }));
    expect([begun.basis, begun.usedUpAt, begun.expected]).toEqual(['none', null, 20]);
    expect(begun.sentence).toBe(
      'Of VirusTotal’s day 20 of 500 calls are spent; there is no pace yet to tell its end from.',
    );
    const untouched = forecastOf(facts({ spent: 0 }));
    expect([untouched.basis, untouched.sentence]).toEqual([
      'none',
      'Nothing of VirusTotal’s day is spent, and nothing waits.',
    ]);
  });

  it('counts nothing that cannot be sent', () => {
    const row = forecastOf(facts({ held: 'VirusTotal is paused', waiting: 1000, usual: evenProfile(100) }));
    expect([row.basis, row.usedUpAt, row.expected, row.perDay]).toEqual(['none', null, 100, 0]);
    expect(row.sentence).toBe('VirusTotal is paused: 100 of 500 calls of its day are spent.');
  });

  it('says when a spent quota begins again, also where the limit was lowered below what is spent', () => {
    const row = forecastOf(facts({ limit: 60, waiting: 10 }));
    expect(row.usedUpAt).toBe(NOON / 1000);
    expect(row.sentence).toBe('VirusTotal’s day is used up. The next one begins on 19 Nov 00:00 UTC.');
  });

  it('keeps a month inside its days', () => {
    const pace = { ...facts().pace, limits: { ...NO_LIMITS, day: 100, month: 1000 } };
    const row = forecastOf(facts({ window: 'month', limit: 1000, spent: 700, waiting: 5000, pace }));
    // 100 a day, from the 18th on: the last of 300 goes on the 20th.
    expect([row.basis, at(row.usedUpAt)?.slice(0, 10)]).toEqual(['queue', '2026-11-20']);
    expect(row.sentence).toMatch(/^VirusTotal’s month ends on 20 Nov /);
    expect(row.expected).toBe(700 + 1300);
  });

  it('waits for a source that rests', () => {
    const pace = { ...facts().pace, notBefore: NOON + 2 * HOUR };
    expect(at(forecastOf(facts({ waiting: 1000, pace })).usedUpAt)).toBe('2026-11-18T15:39');
  });

  it('ends first where it ends first', () => {
    const lasting = forecastOf(facts({ usual: evenProfile(1) }));
    const ending = forecastOf(facts({ waiting: 1000 }));
    const later = forecastOf(facts({ spent: 300 }));
    expect(soonestOf([lasting, later, ending])).toBe(ending);
    expect(soonestOf([lasting])).toBeNull();
  });
});

describe('what is usual by the hour', () => {
  const weekday = (time: number): boolean => ![0, 6].includes(new Date(time).getUTCDay());
  /** 10 calls in each hour from 8 to 16 of weekdays. */
  const office = (from: number): Map<number, number> => {
    const hours = new Map<number, number>();
    for (let hour = from; hour < NOON; hour += HOUR) {
      const ofDay = new Date(hour).getUTCHours();
      if (weekday(hour) && ofDay >= 8 && ofDay < 16) {
        hours.set(hour, 10);
      }
    }
    return hours;
  };

  it('is told by the same hours of the last four weeks', () => {
    const profile = profileOf(office(NOON - 35 * DAY), NOON - 35 * DAY, NOON);
    const today = expectedBetween(profile ?? evenProfile(0), NOON, MIDNIGHT);
    expect(today).toBeGreaterThan(35);
    expect(today).toBeLessThan(42);
    const sunday = Date.parse('2026-11-22T00:00:00Z');
    expect(expectedBetween(profile ?? evenProfile(0), sunday, sunday + DAY)).toBeLessThan(15);
  });

  it('leans on all days while few weeks are on record', () => {
    const profile = profileOf(office(NOON - 2 * DAY), NOON - 2 * DAY, NOON);
    // Never seen on a Friday, yet expected: in the hours in which it was seen on other days.
    const friday = Date.parse('2026-11-20T00:00:00Z');
    const hours = (from: number, to: number) =>
      expectedBetween(profile ?? evenProfile(0), friday + from * HOUR, friday + to * HOUR);
    expect(hours(8, 16)).toBeGreaterThan(50);
    expect(hours(0, 8)).toBeLessThan(15);
  });

  it('is not known with less than a day on record, or where nothing was spent', () => {
    expect(profileOf(new Map([[NOON - HOUR, 5]]), NOON - 23 * HOUR, NOON)).toBeNull();
    expect(profileOf(new Map(), NOON - 20 * DAY, NOON)).toBeNull();
  });

  it('tells when a number of calls is reached', () => {
    expect(momentOf(25, evenProfile(10), NOON, MIDNIGHT)).toBe(NOON + 2.5 * HOUR);
    expect(momentOf(121, evenProfile(10), NOON, MIDNIGHT)).toBeNull();
    expect(momentOf(1, evenProfile(0), NOON, MIDNIGHT)).toBeNull();
  });
});
