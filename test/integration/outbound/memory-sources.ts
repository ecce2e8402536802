import type { SourceId } from '#shared/domain/source.ts';
import type { SourceConfig, SourceConfigChange } from '#shared/settings/source-config.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { Provider } from '#main/providers/port.ts';
import type { SourcesService } from '#main/services/sources/port.ts';

/** Settings and keys of sources in memory: what the scheduler needs of the sources service. */
export interface MemorySources extends SourcesService {
  change(source: SourceId, change: SourceConfigChange): void;
  setKeyOf(source: SourceId, key: string | null): void;
}

const noHttp: HttpClient = {
  send: () => Promise.reject(new Error('no network in this test')),
  close: async () => undefined,
};

export function memorySources(
  providers: readonly Provider[],
  configs: Readonly<Partial<Record<SourceId, Partial<SourceConfig>>>> = {},
  http: (config: SourceConfig) => HttpClient = () => noHttp,
): MemorySources {
  const keys = new Map<SourceId, string | null>();
  const kept = new Map<SourceId, SourceConfig>(
    providers.map(({ facts }) => [facts.source, { ...facts.defaults, enabled: true, ...configs[facts.source] }]),
  );
  const listeners = new Set<(source: SourceId) => void>();
  const tell = (source: SourceId): void => {
    for (const listener of listeners) {
      listener(source);
    }
  };
  const configOf = (source: SourceId): SourceConfig => {
    const config = kept.get(source);
    if (config === undefined) {
      throw new Error(`no source ${source}`);
    }
    return config;
  };
  const clients = new Map<SourceConfig, HttpClient>();
  const unused = (): never => {
    throw new Error('not part of these tests');
  };
  return {
    providers,
    list: unused,
    view: unused,
    set: unused,
    setKey: unused,
    removeKey: unused,
    test: unused,
    chooseSecretStore: unused,
    unlockSecrets: unused,
    config: async (source) => configOf(source),
    async ready(source) {
      const config = configOf(source);
      const provider = providers.find(({ facts }) => facts.source === source);
      const key = keys.get(source) === undefined ? 'a key' : keys.get(source);
      if (provider === undefined || !config.enabled) {
        return { ok: false, why: 'disabled', sentence: 'It is disabled.' };
      }
      if (key === null || key === undefined) {
        return { ok: false, why: 'no-key', sentence: 'It has no key.' };
      }
      const client = clients.get(config) ?? http(config);
      clients.set(config, client);
      const threshold = { malicious: null, suspicious: null };
      const context = { config, key, http: client, threshold, now: () => Date.now() };
      return { ok: true, source: { provider, config, context } };
    },
    change(source, change) {
      kept.set(source, { ...configOf(source), ...change } as SourceConfig);
      tell(source);
    },
    setKeyOf(source, key) {
      keys.set(source, key);
      tell(source);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
