import { describe, expect, it } from 'vitest';
import { type JobTimes, type LastRun, nextReconcileAt, nextRunAt, nextTimeOfDay } from '#main/jobs/sync/schedule.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 10, 22, 12);
const job = (change: Partial<JobTimes> = {}): JobTimes => ({
  active: true,
  activatedAt: T,
  schedule: { kind: 'interval', minutes: 60 },
  reconcileHours: 24,
  reconciledAt: null,
  last: null,
  ...change,
});
const ran = (change: Partial<LastRun> = {}): LastRun => ({
  kind: 'run',
  state: 'done',
  requestedAt: T,
  endedAt: T + 1000,
  ...change,
});

describe('when a job runs next', () => {
  it('never while it is inactive, at once after the activation', () => {
    expect([nextRunAt(job({ active: false })), nextRunAt(job())]).toEqual([null, T]);
  });

  it('an interval after it was asked for last: a sleep of ten intervals is one run', () => {
    expect(nextRunAt(job({ last: ran() }))).toBe(T + HOUR);
  });

  it('15 minutes after a failure, or at its next time when that is sooner', () => {
    const last = ran({ state: 'failed' });
    expect(nextRunAt(job({ last }))).toBe(T + 1000 + 15 * 60_000);
    expect(nextRunAt(job({ last, schedule: { kind: 'interval', minutes: 5 } }))).toBe(T + 5 * 60_000);
  });

  it('at once after an interruption, and no sooner after a cancel', () => {
    expect(nextRunAt(job({ last: ran({ state: 'interrupted' }) }))).toBe(T + 1000);
    expect(nextRunAt(job({ last: ran({ state: 'cancelled' }) }))).toBe(T + HOUR);
  });

  it('once a day at a time of this machine, also when it was asleep then', () => {
    const noon = new Date(2026, 10, 22, 12, 0).getTime();
    expect(nextTimeOfDay('13:30', noon)).toBe(new Date(2026, 10, 22, 13, 30).getTime());
    expect(nextTimeOfDay('12:00', noon)).toBe(new Date(2026, 10, 23, 12, 0).getTime());
    expect(nextTimeOfDay('03:00', noon)).toBe(new Date(2026, 10, 23, 3, 0).getTime());
    const schedule = { kind: 'daily', at: '03:00' } as const;
    expect(nextRunAt(job({ schedule, last: ran({ requestedAt: noon }) }))).toBe(new Date(2026, 10, 23, 3, 0).getTime());
  });
});

describe('when a job compares everything next', () => {
  it('with its first run, then after its interval, never when only a person asks for it', () => {
    expect(nextReconcileAt(job(), null)).toBe(T);
    expect(nextReconcileAt(job({ reconciledAt: T }), null)).toBe(T + 24 * HOUR);
    expect(nextReconcileAt(job({ reconcileHours: null }), null)).toBeNull();
    expect(nextReconcileAt(job({ active: false }), null)).toBeNull();
  });

  it('is not asked again each time while one waits for approval', () => {
    const stopped = ran({ kind: 'reconcile', state: 'needs-approval', requestedAt: T + 30 * HOUR });
    expect(nextReconcileAt(job({ reconciledAt: T }), stopped)).toBe(T + 54 * HOUR);
  });
});
