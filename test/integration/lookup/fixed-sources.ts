import { wildfire } from '#main/providers/wildfire/index.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import type { Provider } from '#main/providers/port.ts';
import type { SourcesService } from '#main/services/sources/port.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';

export interface FixedSources {
  readonly service: SourcesService;
  /** Changes what is set for one source. */
  set(source: SourceId, change: Partial<SourceConfig>): void;
  /** A source that cannot be asked, with this sentence; null for one that can. */
  refuse(source: SourceId, sentence: string | null): void;
}

/** Real adapters with settings held in memory: switched on, with a key, and nobody to connect to. */
export function fixedSources(providers: readonly Provider[] = [wildfire, virustotal]): FixedSources {
  const configs = new Map<SourceId, SourceConfig>(
    providers.map(({ facts }) => [facts.source, { ...facts.defaults, enabled: true, licenceAccepted: true }]),
  );
  const refused = new Map<SourceId, string>();
  const config = (source: SourceId): SourceConfig => {
    const known = configs.get(source);
    if (known === undefined) {
      throw new Error(`no adapter for ${source}`);
    }
    return known;
  };
  const parts: Partial<SourcesService> = {
    providers,
    config: async (source) => config(source),
    ready: async (source) => {
      const sentence = refused.get(source);
      const provider = providers.find(({ facts }) => facts.source === source);
      return sentence === undefined && provider !== undefined
        ? { ok: true, source: { provider, config: config(source), context: null as never } }
        : { ok: false, why: 'disabled', sentence: sentence ?? 'no adapter' };
    },
  };
  return {
    service: parts as SourcesService,
    set: (source, change) => void configs.set(source, { ...config(source), ...change }),
    refuse: (source, sentence) => void (sentence === null ? refused.delete(source) : refused.set(source, sentence)),
  };
}
