import type { LimitName, LimitUse } from './api.ts';

export interface LimitOptions {
  readonly perMinute: number | null;
  readonly perDay: number | null;
  readonly perMonth: number | null;
  readonly minuteMs: number;
}

/** What calls cost, counted over a sliding minute and over UTC days and months. */
export interface Limits {
  /** The first limit that `cost` more calls at `at` would pass, the longest window first; null when all allow them. */
  passed(at: number, cost: number): { readonly limit: LimitName; readonly resetsAt: number } | null;
  spend(at: number, cost: number): void;
  use(at: number): LimitUse;
}

interface Spend {
  readonly at: number;
  readonly cost: number;
}

/** Counts calls by the clock of its caller, which must not run backwards by more than a minute. */
export function createLimits(options: LimitOptions): Limits {
  const recent: Spend[] = [];
  const days = new Map<string, number>();
  let inMinute = 0;
  const sinceMinute = (at: number): number => {
    for (let first = recent[0]; first !== undefined && first.at <= at - options.minuteMs; first = recent[0]) {
      recent.shift();
      inMinute -= first.cost;
    }
    return inMinute;
  };
  /** When enough of the oldest calls have left the minute for `cost` more. */
  const minuteResetsAt = (at: number, cost: number): number => {
    let used = inMinute;
    const last = recent.find((spend) => {
      used -= spend.cost;
      return !over(options.perMinute, used, cost);
    });
    return (last?.at ?? at) + options.minuteMs;
  };
  const onDay = (at: number): number => days.get(dayOf(at)) ?? 0;
  const inMonth = (at: number): number => {
    const month = dayOf(at).slice(0, 7);
    return [...days].reduce((sum, [day, calls]) => (day.startsWith(month) ? sum + calls : sum), 0);
  };
  return {
    passed(at, cost) {
      if (over(options.perMonth, inMonth(at), cost)) {
        return { limit: 'month', resetsAt: nextMonth(at) };
      }
      if (over(options.perDay, onDay(at), cost)) {
        return { limit: 'day', resetsAt: nextDay(at) };
      }
      if (over(options.perMinute, sinceMinute(at), cost)) {
        return { limit: 'minute', resetsAt: minuteResetsAt(at, cost) };
      }
      return null;
    },
    spend(at, cost) {
      sinceMinute(at);
      recent.push({ at, cost });
      inMinute += cost;
      days.set(dayOf(at), onDay(at) + cost);
    },
    use: (at) => ({
      minute: { used: sinceMinute(at), allowed: options.perMinute },
      day: { used: onDay(at), allowed: options.perDay },
      month: { used: inMonth(at), allowed: options.perMonth },
    }),
  };
}

function over(allowed: number | null, used: number, cost: number): boolean {
  return allowed !== null && used + cost > allowed;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function nextDay(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}

function nextMonth(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
