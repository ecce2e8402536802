import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { Limits, SourceState, WindowSpend } from '../../db/repositories/queue-types.ts';
import type { LearnedLimit } from '../../providers/port.ts';
import { startOfWindow } from './utc-window.ts';

type Learned = SourceState['learned'];

/** A refusal at less than this share of what is set says that the true limit is lower. */
const WELL_BELOW = 0.8;

/**
 * What holds for a source now: in each window the smaller of what the user set and what the source told, less what
 * others spent under the same key as far as the source said so for this very window. Never more than either.
 */
export function effectiveLimits(config: SourceConfig, learned: Learned, now: number): Limits {
  const set: Limits = {
    minute: config.callsPerMinute,
    hour: null,
    day: config.callsPerDay,
    month: config.callsPerMonth,
  };
  const limits = { ...set } as Record<QuotaWindow, number | null>;
  for (const { window, allowed, others, at } of learned) {
    const taken = window !== 'minute' && isSameWindow(window, at, now) ? (others ?? 0) : 0;
    const told = Math.max(0, allowed - taken);
    limits[window] = Math.min(limits[window] ?? Number.POSITIVE_INFINITY, told);
  }
  return limits;
}

/**
 * The same share, 0 to 1, of every window but the minute, which ends too soon to be kept for anybody. A share of a window
 * that has a call at all is one call at least; no share is none.
 */
export function shareOf(limits: Limits, share: number): Limits {
  const part = (limit: number | null): number | null =>
    limit === null ? null : Math.min(limit, Math.max(share > 0 ? 1 : 0, Math.floor(limit * share)));
  return { minute: limits.minute, hour: part(limits.hour), day: part(limits.day), month: part(limits.month) };
}

/** `learned` with what an answer told, and what `spends` shows that others spent. The same array when nothing is new. */
export function withTold(
  learned: Learned,
  told: readonly LearnedLimit[],
  spends: readonly WindowSpend[],
  now: number,
): Learned {
  let result = learned;
  for (const { window, allowed, used } of told) {
    const own = spends.find((spend) => spend.window === window)?.spent ?? 0;
    const others = used === null ? 0 : Math.max(0, used - own);
    const before = result.find((entry) => entry.window === window);
    const isNew =
      before === undefined ||
      before.allowed !== allowed ||
      (before.others ?? 0) !== others ||
      (window !== 'minute' && !isSameWindow(window, before.at, now));
    if (isNew) {
      result = [...result.filter((entry) => entry.window !== window), { window, allowed, used, others, at: now }];
    }
  }
  return result;
}

/**
 * `learned` after a refusal for the minute. Only a refusal well below what is set teaches anything, and only when
 * something was answered in that minute: otherwise others use the key, or another window is spent.
 */
export function withRefusal(
  learned: Learned,
  refusal: { readonly limit: number | null; readonly answeredInMinute: number; readonly now: number },
): Learned {
  const { limit, answeredInMinute, now } = refusal;
  if (answeredInMinute < 1 || (limit !== null && answeredInMinute >= limit * WELL_BELOW)) {
    return learned;
  }
  return [
    ...learned.filter((entry) => entry.window !== 'minute'),
    { window: 'minute', allowed: answeredInMinute, used: null, at: now },
  ];
}

/** Windows in which as much is spent as holds. */
export function fullWindows(limits: Limits, spends: readonly WindowSpend[]): WindowSpend[] {
  return spends.filter(({ window, spent }) => spent >= (limits[window] ?? Number.POSITIVE_INFINITY));
}

function isSameWindow(window: Exclude<QuotaWindow, 'minute'>, one: number, other: number): boolean {
  return startOfWindow(window, one) === startOfWindow(window, other);
}
