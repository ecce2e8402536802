import { QUOTA_WINDOWS } from '#shared/domain/outcome.ts';
import { sourceCode, sourceLabel } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { Database } from '../../db/port.ts';
import type { SourceState, WindowSpend } from '../../db/repositories/queue-types.ts';
import { effectiveLimits } from '../../jobs/outbound/effective-limits.ts';
import type { Provider } from '../../providers/port.ts';
import type { SourcesService } from '../sources/port.ts';

/** A source as it stands at this moment, for deciding about single hashes. */
export interface SourceNow {
  readonly provider: Provider;
  readonly config: SourceConfig;
  /** Why it can be asked about nothing: disabled, no key, offline, stopped. Null when it can. */
  readonly cannotAsk: string | null;
  /** Calls left in its scarcest window beyond the minute, by what is set and what it told; null without a limit. */
  readonly left: number | null;
  /** Why queued hashes are not sent at once; empty when they are. */
  readonly holdUp: string;
}

/** All sources at this moment, in the order they are shown. */
export async function sourcesNow(parts: {
  readonly database: Database;
  readonly settings: Settings;
  readonly sources: SourcesService;
  readonly minuteMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): Promise<SourceNow[]> {
  const { database, settings, sources, minuteMs, now } = parts;
  const states = new Map((await database.read('sourceStates', undefined)).map((state) => [state.source, state]));
  return Promise.all(
    sources.providers.map(async (provider): Promise<SourceNow> => {
      const { source } = provider.facts;
      const code = sourceCode(source);
      const state = states.get(code);
      const [config, ready, spends] = await Promise.all([
        sources.config(source),
        sources.ready(source),
        database.read('windowSpends', { source: code, now, minuteMs }),
      ]);
      return {
        provider,
        config,
        cannotAsk: ready.ok ? whyNot(settings, state) : ready.sentence,
        left: leftOf(config, state, spends, now),
        holdUp: holdUpOf(state, now),
      };
    }),
  );
}

function whyNot(settings: Settings, state: SourceState | undefined): string | null {
  if (settings.offline) {
    return 'Assay is offline: nothing leaves this machine. Go online to ask.';
  }
  return state?.state === 'stopped' ? (state.reason ?? 'It is stopped until its key or settings change.') : null;
}

function holdUpOf(state: SourceState | undefined, now: number): string {
  if (state === undefined || state.state === 'ready') {
    return '';
  }
  const isOver = state.until !== null && state.until <= now;
  return isOver ? '' : (state.reason ?? state.state);
}

/** The minute is left out: it delays a call by seconds, the other windows decide whether there is one. */
function leftOf(
  config: SourceConfig,
  state: SourceState | undefined,
  spends: readonly WindowSpend[],
  now: number,
): number | null {
  const limits = effectiveLimits(config, state?.learned ?? [], now);
  const left = QUOTA_WINDOWS.flatMap((window) => {
    const limit = window === 'minute' ? null : limits[window];
    const spent = spends.find((spend) => spend.window === window)?.spent ?? 0;
    return limit === null ? [] : [Math.max(0, limit - spent)];
  });
  return left.length === 0 ? null : Math.min(...left);
}

/** The source's name for sentences. */
export function nameOf({ provider }: Pick<SourceNow, 'provider'>): string {
  return sourceLabel(provider.facts.source);
}
