import type { ForecastRow } from '#shared/contract/usage.ts';
import { QUOTA_WINDOWS } from '#shared/domain/outcome.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { endOfWindow, startOfWindow } from '../../../jobs/outbound/utc-window.ts';
import { endOfCalls, type CallPace } from '../../outbound/end-time.ts';
import { forecastSentence } from './sentence.ts';
import { evenProfile, expectedBetween, momentOf, type Profile } from './profile.ts';

export type LongWindow = ForecastRow['window'];

/** What one window of one source is forecast from. Times in milliseconds since the epoch. */
export interface ForecastFacts {
  readonly source: SourceId;
  readonly window: LongWindow;
  readonly now: number;
  readonly spent: number;
  readonly limit: number;
  /** Why nothing is sent until somebody acts, as the beginning of a sentence; null when something may be. */
  readonly held: string | null;
  /** How the source is asked. */
  readonly pace: CallPace;
  /** Calls that wait and could be sent, as the source counts. */
  readonly waiting: number;
  /** Why something waits that is not among them, as the end of a sentence; null when nothing does. */
  readonly heldBack: string | null;
  /** What is usual by the hour; null when it is not known. */
  readonly usual: Profile | null;
}

const DAY_MS = 86_400_000;
/** A window must have run for this share of its length before its own pace says anything. */
const LEAST_SHARE = 0.02;

interface Outlook {
  readonly basis: ForecastRow['basis'];
  readonly usedUpAt: number | null;
  /** Calls in the rest of the window. */
  readonly more: number;
}

/**
 * Whether and when a quota is used up: by what waits, at the rate the limits allow, or as in the same hours of past weeks,
 * whichever is more: something usually waits, and counting both counts it twice. Where the past is not known, at the pace of
 * this window. What cannot be sent does not count, and a window spends no more than is left of longer ones.
 */
export function forecastOf(facts: ForecastFacts): ForecastRow {
  const { source, window, now, spent, limit } = facts;
  const endsAt = endOfWindow(window, now);
  const outlook = spent >= limit ? { ...outlookOf(facts, endsAt), usedUpAt: now } : outlookOf(facts, endsAt);
  const { usedUpAt, more, basis } = outlook;
  const row = {
    source,
    window,
    spent,
    limit,
    startsAt: startOfWindow(window, now) / 1000,
    endsAt: endsAt / 1000,
    perDay: (more * DAY_MS) / Math.max(1, endsAt - now),
    usedUpAt: usedUpAt === null ? null : Math.ceil(usedUpAt / 1000),
    expected: spent + more,
    basis,
  };
  return {
    ...row,
    sentence: forecastSentence({ ...row, label: sourceLabel(source), held: facts.held, heldBack: facts.heldBack, now }),
  };
}

/** The one that ends first of those that end before their window does; null when none does. */
export function soonestOf(rows: readonly ForecastRow[]): ForecastRow | null {
  return rows
    .filter(({ usedUpAt }) => usedUpAt !== null)
    .reduce<ForecastRow | null>(
      (soonest, row) => (soonest === null || (row.usedUpAt ?? 0) < (soonest.usedUpAt ?? 0) ? row : soonest),
      null,
    );
}

function outlookOf(facts: ForecastFacts, endsAt: number): Outlook {
  const { now, spent, limit, held, pace, waiting } = facts;
  const room = Math.max(0, limit - spent);
  if (held !== null) {
    return { basis: 'none', usedUpAt: null, more: 0 };
  }
  const unlimited = { ...pace, limits: { ...pace.limits, [facts.window]: null } };
  const queued = waiting === 0 ? 0 : callsBefore(waiting, endsAt, unlimited);
  if (queued >= room && room > 0) {
    return { basis: 'queue', usedUpAt: endOfCalls(room, unlimited), more: queued };
  }
  const { profile, basis } = profileFor(facts);
  const usual = profile === null ? 0 : Math.min(expectedBetween(profile, now, endsAt), leftOfLonger(facts));
  if (profile === null || queued > usual) {
    return { basis: queued > 0 ? 'queue' : 'none', usedUpAt: null, more: queued };
  }
  return { basis, usedUpAt: usual < room ? null : momentOf(room, profile, now, endsAt), more: usual };
}

/** Calls that are left of the windows this one is a part of. */
function leftOfLonger({ window, pace }: ForecastFacts): number {
  const longer = QUOTA_WINDOWS.slice(QUOTA_WINDOWS.indexOf(window) + 1);
  const left = longer.map((one) => {
    const spent = pace.spends.find((spend) => spend.window === one)?.spent ?? 0;
    return (pace.limits[one] ?? Number.POSITIVE_INFINITY) - spent;
  });
  return Math.max(0, Math.min(...left));
}

function profileFor({ usual, window, now, spent }: ForecastFacts): {
  readonly profile: Profile | null;
  readonly basis: 'past' | 'window';
} {
  if (usual !== null) {
    return { profile: usual, basis: 'past' };
  }
  const start = startOfWindow(window, now);
  const isTold = spent > 0 && now - start >= LEAST_SHARE * (endOfWindow(window, now) - start);
  return { profile: isTold ? evenProfile((spent * 3_600_000) / (now - start)) : null, basis: 'window' };
}

/** How many of so many calls are answered before a moment. */
function callsBefore(most: number, moment: number, pace: CallPace): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((endOfCalls(middle, pace) ?? Number.POSITIVE_INFINITY) < moment) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
