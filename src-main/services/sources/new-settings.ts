import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { SourceState } from '../../db/repositories/queue-types.ts';
import type { SourceStateChange } from '../../jobs/outbound/port.ts';
import { endOfWindow } from '../../jobs/outbound/utc-window.ts';
import type { SourceOption } from '../../providers/port.ts';

/** What is new about a source, as far as what it told before may no longer hold. */
export interface News {
  /** Another key, address, user name or plan: whatever the source said about limits, it said of another account. */
  readonly isAnotherAccount: boolean;
  /** Limits that were set anew. */
  readonly windows: readonly QuotaWindow[];
}

/** Waits that end this soon after midnight are for midnight: sources are asked a little later than that. */
const AFTER_MIDNIGHT_MS = 120_000;
/** The longest wait for a minute or an hour. */
const SHORT_MS = 3_600_000 + AFTER_MIDNIGHT_MS;

/** What changed between two settings of a source. `options`: those it declares. */
export function newsOf(before: SourceConfig, after: SourceConfig, options: readonly SourceOption[]): News {
  const windows: readonly (readonly [QuotaWindow, boolean])[] = [
    ['minute', before.callsPerMinute !== after.callsPerMinute],
    ['day', before.callsPerDay !== after.callsPerDay],
    ['month', before.callsPerMonth !== after.callsPerMonth],
  ];
  return {
    isAnotherAccount:
      before.url !== after.url ||
      before.plan !== after.plan ||
      options.some(({ name, namesAccount }) => namesAccount === true && before.options[name] !== after.options[name]),
    windows: windows.filter(([, isNew]) => isNew).map(([window]) => window),
  };
}

/**
 * What new settings or a new key change in what is remembered of a source; null for nothing. What stopped it or made it
 * back off may be over now; a pause is somebody's choice and stays. What the source told of its limits is forgotten when it
 * told it of another account; with new limits only what its refusals taught about the minute is.
 *
 * A wait after a refusal ends for another account. With new limits a short one ends as well, as it only says that calls
 * came too fast under the old ones; a wait for the day or the month ends only when that very limit was set anew: the
 * source's own count of the day is not changed by any other. A wait that a pause covers ends in the same way. How long a wait lasts tells which one it is.
 */
export function afterNews(state: SourceState, news: News, now: number): SourceStateChange | null {
  const isWaitOver = endsWait(state, news, now);
  const isOver =
    state.state === 'stopped' ||
    state.state === 'open' ||
    state.state === 'backing-off' ||
    (state.state === 'waiting' && isWaitOver);
  const learned = state.learned.filter(
    ({ window }) => !news.isAnotherAccount && (news.windows.length === 0 || window !== 'minute'),
  );
  const forgets = learned.length < state.learned.length;
  const endsLater = state.state === 'paused' && isWaitOver;
  if (!isOver && !forgets && !endsLater) {
    return null;
  }
  return {
    ...(isOver ? { state: 'ready', reason: null, until: null, faults: 0 } : {}),
    ...(endsLater ? { until: null } : {}),
    ...(forgets ? { learned } : {}),
  };
}

function endsWait(state: SourceState, { isAnotherAccount, windows }: News, now: number): boolean {
  if (state.until === null || (state.state !== 'waiting' && state.state !== 'paused')) {
    return false;
  }
  const window = windowOfWait(state.until, now);
  return isAnotherAccount || (window === 'minute' ? windows.length > 0 : windows.includes(window));
}

function windowOfWait(until: number, now: number): 'minute' | 'day' | 'month' {
  const midnight = endOfWindow('day', now);
  if (until > midnight + AFTER_MIDNIGHT_MS) {
    return 'month';
  }
  return until >= midnight || until - now > SHORT_MS ? 'day' : 'minute';
}
