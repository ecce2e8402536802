import type { QuotaView, SourceView } from '#shared/contract/sources.ts';
import { QUOTA_WINDOWS, type QuotaWindow } from '#shared/domain/outcome.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { Limits, SourceState, WindowSpend } from '../../db/repositories/queue-types.ts';
import { effectiveLimits, fullWindows } from '../../jobs/outbound/effective-limits.ts';
import { endOfWindow } from '../../jobs/outbound/utc-window.ts';

/** What decides how a source stands. Times in milliseconds since the epoch. */
export interface StandingFacts {
  readonly source: SourceId;
  readonly config: SourceConfig;
  /** Why it cannot be asked at all, or null. */
  readonly unready: { readonly why: 'disabled' | 'no-key'; readonly sentence: string } | null;
  readonly offline: boolean;
  readonly state: SourceState;
  readonly spends: readonly WindowSpend[];
  readonly waiting: number;
  /** Those of the waiting that are asked again after a pending answer, each at a time of its own. */
  readonly rechecks: number;
  readonly onTheWay: number;
  /** Whether any process asks sources now. */
  readonly hasOwner: boolean;
  readonly now: number;
}

export type Standing = Pick<SourceView, 'state' | 'reason' | 'until'>;

/** What a source is doing and why: what somebody chose goes first, then faults, then quotas. */
export function standingOf(facts: StandingFacts): Standing {
  const label = sourceLabel(facts.source);
  const { state, now, unready } = facts;
  if (unready !== null) {
    return still(unready.why, unready.sentence);
  }
  if (facts.offline) {
    return still('offline', 'Assay is offline: nothing leaves this machine until that is switched off.');
  }
  if (state.state === 'paused' || state.state === 'stopped') {
    const usual = state.state === 'paused' ? `${label} is paused.` : `${label} is stopped. Test the connection.`;
    return still(state.state, state.reason ?? usual);
  }
  if (state.state !== 'ready' && state.until !== null && state.until > now) {
    return { state: state.state, reason: state.reason ?? `${label} rests after a fault.`, until: state.until };
  }
  return standingOfQueue(facts, label);
}

/** How full each window is. The hour only shows where the source counts one. */
export function quotaOf(facts: Pick<StandingFacts, 'config' | 'state' | 'spends' | 'now'>): QuotaView[] {
  const limits = effectiveLimits(facts.config, facts.state.learned, facts.now);
  return QUOTA_WINDOWS.filter((window) => window !== 'hour' || limits.hour !== null).map((window) => {
    const spend = facts.spends.find((one) => one.window === window);
    const told = facts.state.learned.find((one) => one.window === window);
    return {
      window,
      spent: spend?.spent ?? 0,
      limit: limits[window],
      learned: told?.allowed ?? null,
      resetsAt: spend?.freesAt ?? null,
    };
  });
}

/** Windows whose set limit is above what the source itself told, as a sentence; empty when there is none. */
export function sentenceOfHigherLimits(
  source: SourceId,
  config: SourceConfig,
  learned: SourceState['learned'],
): string {
  const set: Limits = {
    minute: config.callsPerMinute,
    hour: null,
    day: config.callsPerDay,
    month: config.callsPerMonth,
  };
  const higher = learned.filter(({ window, allowed }) => (set[window] ?? 0) > allowed);
  return higher.length === 0
    ? ''
    : `${sourceLabel(source)} itself allows less than is set: ${higher
        .map(({ window, allowed }) => `${allowed} a ${window}`)
        .join(', ')}. The smaller number holds.`;
}

function standingOfQueue(facts: StandingFacts, label: string): Standing {
  if (facts.onTheWay > 0) {
    return { state: 'asking', reason: '', until: null };
  }
  if (facts.waiting === 0) {
    return { state: 'idle', reason: '', until: null };
  }
  if (!facts.hasOwner) {
    return still('waiting', `No process asks ${label} now. An open window or "assay run" does.`);
  }
  if (facts.waiting <= facts.rechecks) {
    const minutes = facts.config.recheckMinutes;
    return still('waiting', `What was pending at ${label} is asked about again ${minutes} min after its answer.`);
  }
  const full = longestWait(facts);
  return full === null
    ? { state: 'asking', reason: '', until: null }
    : {
        state: 'waiting',
        reason: `The calls of this ${full.window} are spent. ${label} is asked again by itself.`,
        until: full.until,
      };
}

function longestWait({
  config,
  state,
  spends,
  now,
}: StandingFacts): { readonly window: QuotaWindow; readonly until: number } | null {
  const [longest] = fullWindows(effectiveLimits(config, state.learned, now), spends)
    .map(({ window, freesAt }) => ({
      window,
      until: window === 'minute' ? (freesAt ?? now) : endOfWindow(window, now),
    }))
    .sort((a, b) => b.until - a.until);
  return longest ?? null;
}

function still(state: Standing['state'], reason: string): Standing {
  return { state, reason, until: null };
}
