import type { LifeEffects } from '#shared/contract/life.ts';
import type { CallParsed } from '#shared/contract/index.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { lifePolicyOf } from '#shared/settings/life-policy.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../db/port.ts';
import type { LifeTotals } from '../../../db/repositories/life/effects.ts';
import { effectiveLimits } from '../../../jobs/outbound/effective-limits.ts';
import type { Provider } from '../../../providers/port.ts';
import type { SettingsService } from '../../../settings/settings.ts';
import { changedConfig } from '../../sources/check-config.ts';
import type { SourcesService } from '../../sources/port.ts';
import { fullInDays } from '../room/growth.ts';
import { itemTotals, type LifeRules } from './item-totals.ts';
import { remembered } from './remembered.ts';
import { sourceEffect } from './source-effect.ts';

/** What effects are worked out from. */
export interface EffectsParts {
  readonly database: Pick<Database, 'read'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly sources: Pick<SourcesService, 'providers' | 'config'>;
  readonly clock: Clock;
  /** Exactly what a purge with this interval would remove now. */
  readonly preview: (
    rule: Pick<Settings, 'removeItemDays'>,
    signal: AbortSignal,
  ) => Promise<{ readonly items: number; readonly files: number }>;
  readonly size: () => Promise<{ readonly bytes: number; readonly cap: number }>;
  /** For tests: bytes of one MiB of the setting. */
  readonly bytesPerMiB?: number | undefined;
}

type Draft = CallParsed<'life.effects'>;

/** A source with the settings of a draft. */
interface Drafted {
  readonly provider: Provider;
  readonly config: SourceConfig;
}

/** What was worked out last. */
interface Memory {
  readonly totals: ReturnType<typeof remembered<ReadonlyMap<number, LifeTotals>>>;
  readonly purge: ReturnType<typeof remembered<{ readonly items: number; readonly files: number }>>;
}

const MIB = 1_048_576;
const DAY_MS = 86_400_000;

/**
 * What settings, in force or as a draft, come to: exact counts of what is due, by one pass over all items in short reads,
 * and what it takes in calls. Writes nothing. INVALID_ARGUMENT names what a source would refuse. A newer question ends the
 * one before with CANCELLED: nobody waits for a draft that was changed.
 */
export function createEffects(parts: EffectsParts): (draft: Draft, signal: AbortSignal) => Promise<LifeEffects> {
  const memory: Memory = { totals: remembered(), purge: remembered() };
  let latest: AbortController | null = null;
  return async (draft, signal) => {
    latest?.abort(new AppError('CANCELLED', 'Newer values are worked out instead.'));
    const own = new AbortController();
    latest = own;
    try {
      return await effects(parts, memory, draft, AbortSignal.any([signal, own.signal]));
    } finally {
      latest = latest === own ? null : latest;
    }
  };
}

async function effects(parts: EffectsParts, memory: Memory, draft: Draft, signal: AbortSignal): Promise<LifeEffects> {
  const started = performance.now();
  const { database, clock } = parts;
  const nowMs = clock.now();
  const settings: Settings = { ...(await parts.settings.get()), ...given(draft.settings) };
  const drafted = await draftedSources(parts, draft);
  const states = await database.read('sourceStates', undefined);
  // Whatever is written about items and lists appends to the changes.
  const seq = await database.read('lastSeq', undefined);
  const rules = rulesOf(settings, drafted);
  const totals = await memory.totals(JSON.stringify([seq, rules]), () =>
    itemTotals(database, rules, Math.floor(nowMs / 1000), signal),
  );
  const { removeItemDays } = settings;
  const purge = await memory.purge(JSON.stringify([seq, removeItemDays, Math.floor(nowMs / DAY_MS)]), () =>
    parts.preview({ removeItemDays }, signal),
  );
  const { bytes } = await parts.size();
  const cap = settings.maxDatabaseMiB * (parts.bytesPerMiB ?? MIB);
  return {
    sources: drafted.map(({ provider, config }) => {
      const { source } = provider.facts;
      const code = sourceCode(source);
      const learned = states.find((state) => state.source === code)?.learned ?? [];
      return sourceEffect({
        facts: provider.facts,
        config,
        limits: effectiveLimits(config, learned, nowMs),
        share: settings.rescanShare / 100,
        totals: totals.get(code) ?? null,
      });
    }),
    purge: { items: purge.items, files: purge.files },
    size: { bytes, cap, fullInDays: await fullInDays(database, { bytes, cap, nowMs }) },
    elapsedMs: Math.round(performance.now() - started),
  };
}

async function draftedSources({ sources }: EffectsParts, draft: Draft): Promise<readonly Drafted[]> {
  return Promise.all(
    sources.providers.map(async (provider) => {
      const { source } = provider.facts;
      const config = await sources.config(source);
      const change = draft.sources[source];
      // A name or value the source would refuse must not pass for one without effect.
      return { provider, config: change === undefined ? config : changedConfig(provider.facts, config, change, false) };
    }),
  );
}

function rulesOf(settings: Settings, drafted: readonly Drafted[]): LifeRules {
  const sources = drafted.map(({ provider: { facts }, config }) => ({
    source: facts.source,
    hasNewItems: facts.hasNewItems,
    config,
  }));
  return { policy: lifePolicyOf(settings, sources), thresholds: policyOf(settings).thresholds };
}

/** What a draft names; what it leaves undefined is not named. */
function given<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
