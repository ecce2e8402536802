import { describe, expect, it } from 'vitest';
import { endOfCalls, type CallPace } from '#main/services/outbound/end-time.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const MINUTE = 60_000;
const pace = (change: Partial<CallPace> = {}, limits: Partial<CallPace['limits']> = {}): CallPace => ({
  now,
  notBefore: 0,
  limits: { minute: null, hour: null, day: null, month: null, ...limits },
  spends: [],
  minuteMs: MINUTE,
  latencyMs: 400,
  concurrency: 4,
  ...change,
});
const inMs = (calls: number, of: CallPace): number => (endOfCalls(calls, of) ?? Number.NaN) - now;

describe('when calls end', () => {
  it('is a matter of latency and concurrency without limits', () => {
    expect([inMs(1, pace()), inMs(100, pace())]).toEqual([400, 10_000]);
  });

  it('goes minute by minute under a limit of the minute', () => {
    const limited = pace({}, { minute: 4 });
    expect(inMs(4, limited)).toBe(400);
    expect(inMs(5, limited)).toBe(60_100 + 400 + 400);
    expect(inMs(40, limited)).toBe(9 * 60_500 + 400);
  });

  it('starts with what the minute still has', () => {
    const spends = [{ window: 'minute', spent: 4, freesAt: now + 20_000 }] as const;
    expect(inMs(4, pace({ spends }, { minute: 4 }))).toBe(20_400);
  });

  it('goes on on the next day of UTC when the day is spent', () => {
    const spends = [{ window: 'day', spent: 293, freesAt: null }] as const;
    expect(endOfCalls(207 + 161, pace({ spends }, { day: 500 }))).toBe(Date.UTC(2026, 10, 23) + 41 * 400);
    expect(endOfCalls(207 + 500 + 1, pace({ spends }, { day: 500 }))).toBe(Date.UTC(2026, 10, 24) + 400);
  });

  it('goes on in the next month when the month is spent, whatever the day has', () => {
    const spends = [{ window: 'month', spent: 15_500, freesAt: null }] as const;
    expect(endOfCalls(1, pace({ spends }, { day: 500, month: 15_500 }))).toBe(Date.UTC(2026, 11, 1) + 400);
  });

  it('crosses midnight at the pace of the minute', () => {
    // 4 a minute from 09:30: 14.5 hours hold fewer than 3,500 calls.
    const end = endOfCalls(4_000, pace({}, { minute: 4, day: 5_000 })) ?? 0;
    expect(end / (now + 1000 * 60_500)).toBeCloseTo(1, 3);
  });

  it('waits for a source that says until when', () => {
    expect(inMs(1, pace({ notBefore: now + 3_600_000 }))).toBe(3_600_400);
  });

  it('cannot be told when nothing is allowed', () => {
    expect([endOfCalls(1, pace({}, { day: 0 })), endOfCalls(1, pace({}, { minute: 0 }))]).toEqual([null, null]);
    expect(endOfCalls(10_000_000, pace({}, { day: 1 }))).toBeNull();
  });
});
