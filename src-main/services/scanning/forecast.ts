import { grouped } from '#shared/domain/grouped.ts';
import type { QuotaWindow } from '#shared/domain/outcome.ts';
import { QUOTA_WINDOWS } from '#shared/domain/outcome.ts';
import type { SourcePlan } from '#shared/contract/scan.ts';
import { endOfWindow } from '../../jobs/outbound/utc-window.ts';
import { endOfCalls, type CallPace } from '../outbound/end-time.ts';
import type { SourceTotals } from '../triage/plan/summary.ts';
import { expectedSingles, type AnswerShares } from './answer-shares.ts';
import { batchOf, type ScanSource } from './chosen-sources.ts';

/** What asking one source so many hashes costs and how long it takes. */
export interface Forecast {
  /** The single calls that are expected to follow are among them. */
  readonly requests: number;
  /** Single calls that are expected to follow answers. */
  readonly singles: number;
  /** Calls by what the source bills. */
  readonly billed: number;
  /** When the last answer is expected, milliseconds since the epoch; null when that cannot be told. */
  readonly endsAt: number | null;
  readonly quota: SourcePlan['quota'];
  /** "207 today, then 161 wait for its day at 00:00 UTC"; empty when nothing waits for a window. */
  readonly waits: string;
}

/** The moment a forecast is made at. */
export interface Now {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly minuteMs: number;
  readonly isOffline: boolean;
}

type LongWindow = Exclude<QuotaWindow, 'minute'>;

/** How a source is asked from now on; null while somebody must act first: pause, key, settings, the offline switch. */
export function paceOf(source: ScanSource, { now, minuteMs, isOffline }: Now): CallPace | null {
  const { state, limits, spends, config, provider } = source;
  const isHeld = state?.state === 'paused' || state?.state === 'stopped';
  if (isOffline || isHeld || source.notReady !== null) {
    return null;
  }
  const isBilledByHash = provider.facts.billedBy === 'hash';
  return {
    now,
    notBefore: state === null || state.state === 'ready' ? now : Math.max(now, state.until ?? now),
    limits,
    spends,
    minuteMs,
    latencyMs: source.latencyMs / (isBilledByHash ? batchOf(source) : 1),
    concurrency: config.concurrency,
  };
}

/** Requests for the hashes of a plan: each holds one kind of digest only. */
export function requestsFor(source: ScanSource, { askByKind }: SourceTotals): number {
  const batch = batchOf(source);
  return Object.values(askByKind).reduce((sum, hashes) => sum + Math.ceil(hashes / batch), 0);
}

/** What the pairs of a plan that are asked cost at this source, with the single calls their answers are followed by. */
export function forecast(source: ScanSource, totals: SourceTotals, shares: AnswerShares, at: Now): Forecast {
  const { ask } = totals.pairs;
  const singles = expectedSingles(source, ask, shares);
  const requests = requestsFor(source, totals) + singles;
  const isByHash = source.provider.facts.billedBy === 'hash';
  const billed = isByHash ? ask + singles : requests;
  const ahead = isByHash ? source.ahead : Math.ceil(source.ahead / batchOf(source));
  const pace = paceOf(source, at);
  const end = (calls: number): number | null => {
    const moment = pace === null ? null : endOfCalls(calls, pace);
    return moment === null ? null : Math.ceil(moment);
  };
  const callsBy = (moment: number): number => {
    const mine = (calls: number): boolean => (end(ahead + calls) ?? Number.POSITIVE_INFINITY) <= moment;
    return mostThat(billed, mine);
  };
  return {
    requests,
    singles,
    billed,
    endsAt: ask === 0 && pace !== null ? at.now : end(ahead + billed),
    quota: quotaOf(source, at, billed, pace === null ? null : callsBy),
    waits: pace === null || ask === 0 ? '' : waitsOf(source, at, { ask, billed }, callsBy),
  };
}

/** What the scan takes of each window that has a limit, and what is spent when the window ends. */
function quotaOf(
  { limits, spends }: ScanSource,
  { now, minuteMs }: Now,
  billed: number,
  callsBy: ((moment: number) => number) | null,
): SourcePlan['quota'] {
  return QUOTA_WINDOWS.flatMap((window) => {
    const limit = limits[window];
    if (limit === null) {
      return [];
    }
    const spent = spends.find((one) => one.window === window)?.spent ?? 0;
    const end = window === 'minute' ? now + minuteMs : endOfWindow(window, now);
    const mine = callsBy?.(end) ?? billed;
    return [{ window, limit, spent, after: Math.min(Math.max(limit, spent), spent + mine) }];
  });
}

/** The window that the scan does not fit into, the shortest one first, with what fits. */
function waitsOf(
  source: ScanSource,
  { now }: Now,
  { ask, billed }: { readonly ask: number; readonly billed: number },
  callsBy: (moment: number) => number,
): string {
  const long: readonly LongWindow[] = ['hour', 'day', 'month'];
  for (const window of long) {
    const limit = source.limits[window];
    const spent = source.spends.find((one) => one.window === window)?.spent ?? 0;
    const end = endOfWindow(window, now);
    const fits = callsBy(end);
    if (limit !== null && fits < billed && spent + fits >= limit - batchCalls(source)) {
      const hashes = Math.min(ask, Math.round((ask * fits) / billed));
      return words(window, hashes, ask - hashes, end);
    }
  }
  return '';
}

/** A window may end with the room of one batch unused. */
function batchCalls(source: ScanSource): number {
  return source.provider.facts.billedBy === 'hash' ? batchOf(source) : 0;
}

const PRESENT: Readonly<Record<LongWindow, string>> = { hour: 'this hour', day: 'today', month: 'this month' };

function words(window: LongWindow, first: number, rest: number, end: number): string {
  const moment = new Date(end).toISOString();
  const at = window === 'month' ? `${moment.slice(0, 10)} 00:00 UTC` : `${moment.slice(11, 16)} UTC`;
  return `${grouped(first)} ${PRESENT[window]}, then ${grouped(rest)} wait for its ${window} at ${at}`;
}

/** The largest number up to `most` that holds; what holds for a number holds for smaller ones. */
function mostThat(most: number, holds: (number: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
