import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type JobTimes, type LastRun, nextReconcileAt, nextRunAt, nextTimeOfDay } from '#main/jobs/sync/schedule.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 10, 22, 12);
const job = (change: Partial<JobTimes> = {}): JobTimes => ({
  active: true,
  activatedAt: T,
  schedule: { kind: 'interval', minutes: 60 },
  reconcileHours: 24,
  reconciledAt: null,
  revision: 1,
  last: null,
  ...change,
});
const ran = (change: Partial<LastRun> = {}): LastRun => ({
  kind: 'run',
  state: 'done',
  revision: 1,
  requestedAt: T,
  endedAt: T + 1000,
  ...change,
});

/** Long after everything that was noted. */
const LATE = T + 1000 * HOUR;
const runAt = (times: JobTimes): number | null => nextRunAt(times, LATE);
const reconcileAt = (times: JobTimes, last: LastRun | null): number | null => nextReconcileAt(times, last, LATE);

describe('when a job runs next', () => {
  it('never while it is inactive, at once after the activation', () => {
    expect([runAt(job({ active: false })), runAt(job())]).toEqual([null, T]);
  });

  it('an interval after it was asked for last: a sleep of ten intervals is one run', () => {
    expect(runAt(job({ last: ran() }))).toBe(T + HOUR);
  });

  it('15 minutes after a failure, or at its next time when that is sooner', () => {
    const last = ran({ state: 'failed' });
    expect(runAt(job({ last }))).toBe(T + 1000 + 15 * 60_000);
    expect(runAt(job({ last, schedule: { kind: 'interval', minutes: 5 } }))).toBe(T + 5 * 60_000);
  });

  it('at once after an interruption, and no sooner after a cancel', () => {
    expect(runAt(job({ last: ran({ state: 'interrupted' }) }))).toBe(T + 1000);
    expect(runAt(job({ last: ran({ state: 'cancelled' }) }))).toBe(T + HOUR);
  });

  it('once a day at a time of this machine, also when it was asleep then', () => {
    const noon = new Date(2026, 10, 22, 12, 0).getTime();
    expect(nextTimeOfDay('13:30', noon)).toBe(new Date(2026, 10, 22, 13, 30).getTime());
    expect(nextTimeOfDay('12:00', noon)).toBe(new Date(2026, 10, 23, 12, 0).getTime());
    expect(nextTimeOfDay('03:00', noon)).toBe(new Date(2026, 10, 23, 3, 0).getTime());
    const schedule = { kind: 'daily', at: '03:00' } as const;
    expect(runAt(job({ schedule, last: ran({ requestedAt: noon }) }))).toBe(new Date(2026, 10, 23, 3, 0).getTime());
  });
});

describe('when a job compares everything next', () => {
  it('with its first run, then after its interval, never when only a person asks for it', () => {
    expect(reconcileAt(job(), null)).toBe(T);
    expect(reconcileAt(job({ reconciledAt: T }), null)).toBe(T + 24 * HOUR);
    expect(reconcileAt(job({ reconcileHours: null }), null)).toBeNull();
    expect(reconcileAt(job({ active: false }), null)).toBeNull();
  });

  it('not again with each run after a person ended one, but with the next one once the criteria changed', () => {
    const ended = ran({ kind: 'reconcile', state: 'cancelled', requestedAt: T + 30 * HOUR });
    expect(reconcileAt(job({ reconciledAt: T }), ended)).toBe(T + 54 * HOUR);
    expect(reconcileAt(job({ reconciledAt: null, revision: 2 }), ended)).toBe(T);
  });

  it('is not asked again each time while one waits for approval', () => {
    const stopped = ran({ kind: 'reconcile', state: 'needs-approval', requestedAt: T + 30 * HOUR });
    expect(reconcileAt(job({ reconciledAt: T }), stopped)).toBe(T + 54 * HOUR);
  });
});

describe('on the days on which clocks are moved', () => {
  beforeAll(() => vi.stubEnv('TZ', 'Europe/Berlin'));
  afterAll(() => vi.unstubAllEnvs());

  it('a time that there is not comes an hour later, one that there is twice comes once', () => {
    expect(new Date(Date.UTC(2026, 6, 1)).getTimezoneOffset()).toBe(-120);
    const times = (from: number): string[] => {
      const one = nextTimeOfDay('02:30', from);
      return [one, nextTimeOfDay('02:30', one)].map((at) => new Date(at).toISOString());
    };
    expect(times(Date.UTC(2026, 2, 28, 12))).toEqual(['2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
    expect(times(Date.UTC(2026, 9, 24, 12))).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });
});

describe('after the clock was set back', () => {
  const last = ran({ requestedAt: T + 9000 * HOUR, endedAt: T + 9000 * HOUR });

  it('a job runs at once, and not when the clock is there again', () => {
    expect(nextRunAt(job({ last }), T)).toBe(T);
    expect(nextRunAt(job({ last, schedule: { kind: 'daily', at: '03:00' } }), T)).toBe(T);
    expect(nextRunAt(job({ last, active: false }), T)).toBeNull();
    expect(nextRunAt(job({ last: ran({ state: 'interrupted', endedAt: T + HOUR }) }), T)).toBe(T);
  });

  it('a job compares everything, whatever was noted of the last comparison', () => {
    expect(nextReconcileAt(job({ reconciledAt: T + 9000 * HOUR }), null, T)).toBe(T);
    const stopped = { ...last, kind: 'reconcile', state: 'needs-approval' } as const;
    expect(nextReconcileAt(job({ reconciledAt: T - 25 * HOUR }), stopped, T)).toBe(T - HOUR);
  });
});
