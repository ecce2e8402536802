import type { SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { SourceConfig, SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Database } from '../../db/port.ts';
import type { Network } from '../../net/port.ts';
import { namesProxy } from '../../net/proxy-choice.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import type { Provider } from '../../providers/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { untouched } from '../../jobs/outbound/ledger.ts';
import { changedConfig } from './check-config.ts';
import { checkedKey } from './check-key.ts';
import { createConfigCache } from './config-cache.ts';
import { createConnections } from './connections.ts';
import { environmentMark } from './environment-mark.ts';
import { hostOf, strangeHost } from './key-host.ts';
import { createKeys, keyName, type KeyFound } from './keys.ts';
import { afterNews, newsOf, type News } from './new-settings.ts';
import type { ReadySource, SourcesService } from './port.ts';
import { watchSources } from './source-changes.ts';
import { type ViewedSource, viewSources } from './source-view.ts';
import { sentenceOfHigherLimits } from './standing.ts';
import type { StoredConfig } from './stored-config.ts';
import { testConnection } from './test-connection.ts';

export interface SourcesParts {
  readonly database: Database;
  readonly settings: SettingsService;
  readonly secrets: Secrets;
  readonly network: Network;
  readonly providers: readonly Provider[];
  readonly clock: Clock;
  readonly simulated: boolean;
  /** Length of a sliding minute in milliseconds; shorter in tests only. */
  readonly minuteMs?: number;
}

const MINUTE_MS = 60_000;
const ANOTHER_KEY: News = { isAnotherAccount: true, windows: [] };
const NOTHING_NEW: News = { isAnotherAccount: false, windows: [] };

/** Settings, keys and connections of the sources of one data directory, the same in every process. */
export function createSources(parts: SourcesParts): SourcesService {
  const { database, settings, secrets, providers, clock, simulated } = parts;
  const minuteMs = parts.minuteMs ?? MINUTE_MS;
  const configs = createConfigCache(database, providers);
  const keys = createKeys(secrets, () => namesProxy(process.env));
  const connections = createConnections(parts.network, () => clock.now());
  const changes = watchSources({ database, settings, secrets, configs, keys, onStart: () => noticeKeys() });

  const providerOf = (source: SourceId): Provider => {
    const provider = providers.find(({ facts }) => facts.source === source);
    if (provider === undefined) {
      throw new AppError('UNSUPPORTED', `This version cannot ask ${sourceLabel(source)}.`);
    }
    return provider;
  };

  /** As the database has it: whatever is remembered is watched from then on. */
  const storedOf = (source: SourceId): Promise<StoredConfig> => {
    changes.start();
    return configs.get(source);
  };

  /**
   * A key of the environment goes wherever the settings lead; a stored one only to the host it was given for. Where the
   * settings lack what the key needs beside it, none is found.
   */
  async function findKey({ facts }: Provider, stored: StoredConfig): Promise<KeyFound> {
    const lacking = facts.lacks?.(stored.config) ?? null;
    if (lacking !== null) {
      return { ok: false, sentence: lacking };
    }
    const refused = secrets.isGiven(keyName(facts.source, 'source')) ? null : strangeHost(facts, stored);
    return refused === null ? keys.find(facts.source, stored) : { ok: false, sentence: refused };
  }

  /** What a source that has no usable key is short of: an address goes first. */
  const missingAt = async (source: SourceId) => ((await storedOf(source)).config.url === '' ? 'url' : 'key');

  /** The source with its key, enabled or not. */
  async function keyed(source: SourceId): Promise<{ ok: true; source: ReadySource } | { ok: false; sentence: string }> {
    const provider = providerOf(source);
    const stored = await storedOf(source);
    const { config } = stored;
    const found = await findKey(provider, stored);
    return found.ok
      ? {
          ok: true,
          source: { provider, config, context: connections.contextOf(source, config, found, await settings.get()) },
        }
      : found;
  }

  async function unreadyOf(provider: Provider, stored: StoredConfig): Promise<ViewedSource['unready']> {
    const closed = closedSentence(provider, stored);
    if (closed !== null) {
      return { why: 'disabled', sentence: closed };
    }
    const found = await findKey(provider, stored);
    return found.ok ? null : { why: 'no-key', sentence: found.sentence };
  }

  async function views(of: readonly Provider[]): Promise<SourceView[]> {
    const viewed = await Promise.all(
      of.map(async (provider): Promise<ViewedSource> => {
        const { facts } = provider;
        const stored = await storedOf(facts.source);
        const [states, unready] = await Promise.all([keys.states(facts.source, stored), unreadyOf(provider, stored)]);
        return { facts, stored, keys: states, unready };
      }),
    );
    return viewSources({ database, settings, clock, minuteMs }, viewed);
  }

  async function view(source: SourceId): Promise<SourceView> {
    const [found] = await views([providerOf(source)]);
    if (found === undefined) {
      throw new AppError('UNSUPPORTED', `This version cannot ask ${sourceLabel(source)}.`);
    }
    return found;
  }

  const stateOf = async (source: SourceId) =>
    (await database.read('sourceStates', {})).find((state) => state.source === sourceCode(source)) ??
    untouched(sourceCode(source));

  async function goOn(source: SourceId, news: News): Promise<void> {
    const at = clock.now();
    const change = afterNews(await stateOf(source), news, at);
    if (change !== null) {
      await database.write('setSourceState', {
        source: sourceCode(source),
        change,
        at,
        unlessPaused: change.state !== undefined,
      });
    }
  }

  /** Nobody tells when the environment brings another key: once per process it is compared with the last one. */
  async function noticeKeys(): Promise<void> {
    const { id } = await database.read('databaseMeta', undefined);
    for (const { facts } of providers) {
      const mark = await environmentMark(secrets, facts.source, id);
      if ((await configs.get(facts.source)).environmentMark !== mark) {
        await configs.change(facts.source, clock.now(), (before) => ({ ...before, environmentMark: mark }));
        // Without a key in this environment another process may have the same one as before.
        await goOn(facts.source, mark === null ? NOTHING_NEW : ANOTHER_KEY);
      }
    }
  }

  async function followChange(source: SourceId, before: SourceConfig, after: SourceConfig): Promise<void> {
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      await goOn(source, newsOf(before, after, providerOf(source).facts.options));
    }
  }

  async function keyChanged(source: SourceId, of: 'source' | 'proxy'): Promise<SourceView> {
    await configs.change(source, clock.now(), (before) => ({
      ...before,
      keyRevision: before.keyRevision + 1,
      keyHost: of === 'source' ? hostOf(before.config.url) : before.keyHost,
    }));
    await goOn(source, of === 'source' ? ANOTHER_KEY : NOTHING_NEW);
    return view(source);
  }

  async function storeChanged(): Promise<SecretStoreView> {
    keys.forget();
    changes.tellAll();
    return secrets.store();
  }

  return {
    providers,
    async list() {
      const sources = await views(providers);
      return { sources, secretStore: await secrets.store() };
    },
    view,
    config: async (source) => (await storedOf(source)).config,
    async set(source, change: SourceConfigChange) {
      const { facts } = providerOf(source);
      let present: SourceConfig | null = null;
      const { config } = await configs.change(source, clock.now(), (before) => {
        present = before.config;
        return { ...before, config: changedConfig(facts, before.config, change, simulated) };
      });
      await followChange(source, present ?? config, config);
      const shown = await view(source);
      const told = sentenceOfHigherLimits(source, config, (await stateOf(source)).learned);
      return { ...shown, reason: [shown.reason, told].filter((text) => text !== '').join(' ') };
    },
    async setKey(source, of, value) {
      providerOf(source);
      if (of === 'source' && (await storedOf(source)).config.url === '') {
        // A key for no host would go to whichever comes first.
        const why = 'a key is kept for the host it is given for';
        throw new AppError('INVALID_ARGUMENT', `${sourceLabel(source)} has no address. Set its URL first: ${why}.`);
      }
      await secrets.set(keyName(source, of), checkedKey(of, value));
      return keyChanged(source, of);
    },
    async removeKey(source, of) {
      providerOf(source);
      await secrets.remove(keyName(source, of));
      return keyChanged(source, of);
    },
    async ready(source) {
      const closed = closedSentence(providerOf(source), await storedOf(source));
      if (closed !== null) {
        return { ok: false, why: 'disabled', sentence: closed };
      }
      const found = await keyed(source);
      return found.ok ? found : { ok: false, why: 'no-key', sentence: found.sentence };
    },
    async test(source, signal) {
      const found = await keyed(source);
      return found.ok
        ? testConnection({ database, clock, minuteMs }, found.source, await stateOf(source), signal)
        : {
            ok: false,
            at: await missingAt(source),
            message: found.sentence,
            billed: 0,
            httpStatus: null,
            elapsedMs: 0,
          };
    },
    async chooseSecretStore(place, passphrase) {
      await secrets.choose(place, passphrase);
      return storeChanged();
    },
    async unlockSecrets(passphrase) {
      await secrets.unlock(passphrase);
      return storeChanged();
    },
    onChange: (listener) => changes.listen(listener),
    async dispose() {
      await changes.stop();
      await connections.dispose();
    },
  };
}

/** Why nobody may ask it, whatever its key; null when somebody may. */
function closedSentence({ facts }: Provider, { config }: StoredConfig): string | null {
  const label = sourceLabel(facts.source);
  if (!config.enabled) {
    return `${label} is disabled. Enable it to ask it.`;
  }
  return config.plan === 'public' && facts.licenceNote !== null && !config.licenceAccepted
    ? `The terms of a public key of ${label} were not accepted. Read and accept them in its settings.`
    : null;
}
