import type { RunKind, RunState } from '#shared/domain/indicator.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/** What decides when a job runs next. Times are milliseconds since the epoch. */
export interface JobTimes {
  readonly active: boolean;
  readonly activatedAt: number | null;
  readonly schedule: SyncJobConfig['schedule'];
  readonly reconcileHours: number | null;
  readonly reconciledAt: number | null;
  /** Of its settings. */
  readonly revision: number;
  /** Its newest run that is no dry run and no recall; null before the first. */
  readonly last: LastRun | null;
}

export interface LastRun {
  readonly kind: RunKind;
  readonly state: RunState;
  readonly revision: number;
  readonly requestedAt: number;
  readonly endedAt: number | null;
}

/** A failed run comes again after this, or at its next time when that is sooner. */
const AFTER_FAILURE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * When a job runs next by its schedule; null for an inactive one. A time that has passed is due now: once, not once per missed
 * time. So is a job whose last run was noted by a clock that was set back since: it would else wait until the clock is there.
 */
export function nextRunAt(times: JobTimes, now: number): number | null {
  const { active, activatedAt, schedule, last } = times;
  if (!active) {
    return null;
  }
  if (last === null) {
    return Math.min(activatedAt ?? 0, now);
  }
  if (last.requestedAt > now) {
    return now;
  }
  if (last.state === 'interrupted') {
    return Math.min(last.endedAt ?? last.requestedAt, now);
  }
  const regular =
    schedule.kind === 'interval'
      ? last.requestedAt + schedule.minutes * MINUTE_MS
      : nextTimeOfDay(schedule.at, last.requestedAt);
  return last.state === 'failed' ? Math.min(regular, (last.endedAt ?? last.requestedAt) + AFTER_FAILURE_MS) : regular;
}

/**
 * From when on the next run of a job compares everything; null when only a person asks for it. One that stopped to ask, or
 * that a person ended, does not come again before its interval has passed, unless other criteria hold since.
 */
export function nextReconcileAt(times: JobTimes, lastReconcile: LastRun | null, now: number): number | null {
  if (!times.active || times.reconcileHours === null) {
    return null;
  }
  const interval = times.reconcileHours * HOUR_MS;
  const { reconciledAt, activatedAt } = times;
  const last = reconciledAt !== null && reconciledAt > now ? now - interval : reconciledAt;
  const due = last === null ? Math.min(activatedAt ?? 0, now) : last + interval;
  const isWaiting =
    (lastReconcile?.state === 'needs-approval' || lastReconcile?.state === 'cancelled') &&
    lastReconcile.requestedAt <= now &&
    lastReconcile.revision === times.revision;
  return isWaiting ? Math.max(due, lastReconcile.requestedAt + interval) : due;
}

/** The next moment after `from` at which the clock of this machine shows a time of day, HH:MM. */
export function nextTimeOfDay(at: string, from: number): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const day = new Date(from);
  // A day at a time by the calendar: a day on which the clock is moved has not 24 hours.
  for (let ahead = 0; ; ahead += 1) {
    const moment = new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead, hours, minutes).getTime();
    if (moment > from) {
      return moment;
    }
  }
}
