import type { ScanRequest } from '#shared/contract/scan.ts';
import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { Database } from '../../db/port.ts';
import type { Limits, SourceState, WindowSpend } from '../../db/repositories/queue-types.ts';
import { effectiveLimits } from '../../jobs/outbound/effective-limits.ts';
import type { Provider } from '../../providers/port.ts';
import type { SourcesService } from '../sources/port.ts';
import type { PlanSource } from '../triage/plan/pairs.ts';

/** A source of a scan as it stands at this moment. */
export interface ScanSource {
  readonly source: SourceId;
  readonly code: number;
  readonly label: string;
  readonly provider: Provider;
  readonly config: SourceConfig;
  /** Why it cannot be asked now although it is enabled, in a sentence; null when it can. */
  readonly notReady: string | null;
  readonly state: SourceState | null;
  /** What holds: the smaller of what is set and what the source told. */
  readonly limits: Limits;
  readonly spends: readonly WindowSpend[];
  /** Milliseconds one request takes, from the last ones. */
  readonly latencyMs: number;
  /** Hashes that go first. */
  readonly ahead: number;
}

/** Requests the usual time is taken from, and what stands for it before there are any. */
const RECENT = 50;
const USUAL_MS = 400;

/** The enabled sources a scan asks, and the named ones that are disabled. */
export async function chooseSources(
  parts: {
    readonly database: Database;
    readonly sources: SourcesService;
    readonly minuteMs: number;
    /** Milliseconds since the epoch. */
    readonly now: number;
  },
  wanted: ScanRequest['sources'],
): Promise<{ readonly chosen: readonly ScanSource[]; readonly disabled: readonly SourceId[] }> {
  const { database, sources } = parts;
  const states = await database.read('sourceStates', undefined);
  const chosen: ScanSource[] = [];
  const disabled: SourceId[] = [];
  for (const provider of sources.providers) {
    const { source } = provider.facts;
    if (wanted !== undefined && !wanted.includes(source)) {
      continue;
    }
    const config = await sources.config(source);
    if (!config.enabled) {
      disabled.push(source);
      continue;
    }
    const state = states.find((one) => one.source === sourceCode(source)) ?? null;
    chosen.push(await describe(parts, provider, config, state));
  }
  return { chosen, disabled };
}

/** What a plan asks of a source. */
export function planSource({ source, code, provider, config }: ScanSource): PlanSource {
  return { source, code, takes: provider.facts.takes, recheckSeconds: config.recheckMinutes * 60 };
}

/** Hashes one request may hold. */
export function batchOf({ provider, config }: ScanSource): number {
  return Math.max(1, Math.min(config.hashesPerRequest, provider.facts.mostHashesPerRequest));
}

async function describe(
  {
    database,
    sources,
    minuteMs,
    now,
  }: {
    readonly database: Database;
    readonly sources: SourcesService;
    readonly minuteMs: number;
    readonly now: number;
  },
  provider: Provider,
  config: SourceConfig,
  state: SourceState | null,
): Promise<ScanSource> {
  const { source } = provider.facts;
  const code = sourceCode(source);
  const [ready, spends, elapsed, ahead] = await Promise.all([
    sources.ready(source),
    database.read('windowSpends', { source: code, now, minuteMs }),
    database.read('recentElapsed', { source: code, limit: RECENT }),
    database.read('queuedAhead', { source: code }),
  ]);
  return {
    source,
    code,
    label: sourceLabel(source),
    provider,
    config,
    notReady: ready.ok ? null : ready.sentence,
    state,
    limits: effectiveLimits(config, state?.learned ?? [], now),
    spends,
    latencyMs: median(elapsed) ?? USUAL_MS,
    ahead,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
