import { QUOTA_WINDOWS } from '#shared/domain/outcome.ts';
import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { ForecastRow } from '#shared/contract/usage.ts';
import type { Database } from '../../../db/port.ts';
import type { QueueGroup } from '../../../db/repositories/queue-types.ts';
import { whoIsOwner } from '../../../jobs/owner-lock.ts';
import type { ProviderFacts } from '../../../providers/port.ts';
import type { SettingsService } from '../../../settings/settings.ts';
import type { CallPace } from '../../outbound/end-time.ts';
import { sourceNow } from '../../outbound/source-now.ts';
import type { SourceNow } from '../../outbound/waits.ts';
import type { SourcesService } from '../../sources/port.ts';
import { recordedWith } from '../figures.ts';
import { forecastOf, type LongWindow } from './forecast.ts';
import { PAST_MS, profileOf, type Profile } from './profile.ts';

const HOUR = 3600;
/** Requests looked at for how long they take, and what stands for it before there are any; as for flight plans. */
const RECENT = 50;
const USUAL_MS = 400;

const NOBODY_ASKS = 'what waits needs an open window or "assay run"';

export interface ForecastParts {
  readonly database: Pick<Database, 'read' | 'directory'> & Database;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly minuteMs: number;
}

/** The forecast of every enabled source and window with a limit, in the order sources are shown. `now` in milliseconds. */
export async function gatherForecasts(parts: ForecastParts, now: number): Promise<ForecastRow[]> {
  const { database, settings, sources } = parts;
  const [{ offline }, groups, { flagged }, usual] = await Promise.all([
    settings.get(),
    database.read('queueGroups', {}),
    database.read('embargoedIntakes', {}),
    usualBySource(database, now),
  ]);
  const isAsked = whoIsOwner(database.directory) !== null;
  const embargoed = new Set(flagged);
  const sendable = groups.filter((group) => isAsked && mayGo(group, embargoed));
  const rows = await Promise.all(
    sources.providers.map(async ({ facts }) => {
      const source = await sourceNow(parts, facts.source, now);
      if (!source.config.enabled) {
        return [];
      }
      const code = sourceCode(facts.source);
      const elapsed = await database.read('recentElapsed', { source: code, limit: RECENT });
      const pace = paceOf(source, facts, elapsed, parts.minuteMs);
      const own = sendable.filter((group) => group.source === code);
      const isHeldBack = groups.some((group) => group.source === code && group.waiting > 0 && !own.includes(group));
      return windowsOf(source).map(({ window, limit, spent }) =>
        forecastOf({
          source: facts.source,
          window,
          now,
          spent,
          limit,
          held: heldBecause(facts.source, source, offline),
          pace,
          waiting: callsOf(own, source, facts, window),
          heldBack: isHeldBack ? (isAsked ? 'what waits is held back' : NOBODY_ASKS) : null,
          usual: usual.get(code) ?? null,
        }),
      );
    }),
  );
  return rows.flat();
}

/** Calls by hour of the last weeks, as what is usual, by the code of the source. */
async function usualBySource(
  database: Pick<Database, 'read'>,
  now: number,
): Promise<ReadonlyMap<number, Profile | null>> {
  const to = Math.floor(now / 1000 / HOUR) * HOUR;
  const from = Math.max(0, to - PAST_MS / 1000);
  const [sums, since, letGo] = await Promise.all([
    database.read('metricSums', { kinds: ['callsBilled'], from, to, stepSeconds: HOUR, level: 1 }),
    database.read('metricSince', { kinds: recordedWith('callsBilled') }),
    database.read('metricsLetGo', undefined),
  ]);
  const bySource = new Map<number, Map<number, number>>();
  for (const { source, bucket, sum } of sums) {
    const hours = bySource.get(source) ?? new Map<number, number>();
    bySource.set(source, hours.set(bucket * 1000, sum));
  }
  const recordedFrom = Math.max(since.first ?? now / 1000, letGo.hours) * 1000;
  return new Map([...bySource].map(([source, hours]) => [source, profileOf(hours, recordedFrom, now)]));
}

/** Rows that wait for somebody to act, for another source, or that may not leave the machine, are not sent. */
function mayGo({ paused, parked, intakeId, waiting }: QueueGroup, embargoed: ReadonlySet<number>): boolean {
  return waiting > 0 && !paused && !parked && !embargoed.has(intakeId);
}

/** Calls, as the source counts, for what waits: rescans only as far as their share of the window goes. */
function callsOf(groups: readonly QueueGroup[], source: SourceNow, facts: ProviderFacts, window: LongWindow): number {
  const size =
    facts.billedBy === 'hash' ? 1 : Math.max(1, Math.min(source.config.hashesPerRequest, facts.mostHashesPerRequest));
  const calls = (isRescan: boolean): number => {
    const hashes = groups.reduce((sum, one) => ((one.purpose === 'rescan') === isRescan ? sum + one.waiting : sum), 0);
    return Math.ceil(hashes / size);
  };
  const share = source.rescanLimits[window] ?? Number.POSITIVE_INFINITY;
  const spent = source.spends.find((one) => one.window === window)?.spent ?? 0;
  const first = calls(false);
  return first + Math.min(calls(true), Math.max(0, share - spent - first));
}

function windowsOf({ limits, spends }: SourceNow): { window: LongWindow; limit: number; spent: number }[] {
  return QUOTA_WINDOWS.flatMap((window) => {
    const limit = limits[window];
    const spent = spends.find((one) => one.window === window)?.spent ?? 0;
    return window === 'minute' || limit === null ? [] : [{ window, limit, spent }];
  });
}

function paceOf(source: SourceNow, facts: ProviderFacts, elapsed: readonly number[], minuteMs: number): CallPace {
  const size = Math.max(1, Math.min(source.config.hashesPerRequest, facts.mostHashesPerRequest));
  const latency = elapsed.toSorted((a, b) => a - b)[Math.floor(elapsed.length / 2)] ?? USUAL_MS;
  return {
    now: source.now,
    notBefore: Math.max(source.now, source.state.until ?? 0),
    limits: source.limits,
    spends: source.spends,
    minuteMs,
    latencyMs: facts.billedBy === 'hash' ? latency / size : latency,
    concurrency: source.config.concurrency,
  };
}

/** Why nothing is sent until somebody acts, as the beginning of a sentence; null when something may be. */
function heldBecause(source: SourceId, { state, unready }: SourceNow, offline: boolean): string | null {
  const label = sourceLabel(source);
  if (offline) {
    return 'Assay is offline';
  }
  if (state.state === 'paused' || state.state === 'stopped') {
    return `${label} is ${state.state}`;
  }
  return unready === null ? null : `${label} cannot be asked`;
}
