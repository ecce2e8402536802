import type { SourceId } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { HttpClient, Network } from '../../net/port.ts';
import type { ProviderContext } from '../../providers/port.ts';
import type { KeyFound } from './keys.ts';

type UsableKey = Extract<KeyFound, { readonly ok: true }>;

/** One context per source for as long as settings and keys stay the same. */
export interface Connections {
  contextOf(source: SourceId, config: SourceConfig, key: UsableKey, settings: Settings): ProviderContext;
  dispose(): Promise<void>;
}

interface Connection {
  readonly mark: string;
  readonly context: ProviderContext;
  /** Closes the client as soon as nothing is on its way with it. */
  retire(): void;
  close(): Promise<void>;
}

/** Somebody may hold the old context and be about to send. */
const GRACE_MS = 2_000;

/** A context and its client per source; the old one is closed when nothing is on its way with it any more. */
export function createConnections(network: Network, now: () => number): Connections {
  const present = new Map<SourceId, Connection>();
  const all = new Set<Connection>();
  return {
    contextOf(source, config, key, settings) {
      const threshold = thresholdOf(source, settings);
      const mark = JSON.stringify([config, key.key, key.proxyCredentials, threshold]);
      const before = present.get(source);
      if (before?.mark === mark) {
        return before.context;
      }
      before?.retire();
      const made = connect(network, { config, key, threshold, now, mark }, (gone) => all.delete(gone));
      present.set(source, made);
      all.add(made);
      return made.context;
    },
    async dispose() {
      await Promise.all([...all].map((connection) => connection.close()));
      present.clear();
      all.clear();
    },
  };
}

function connect(
  network: Network,
  made: {
    readonly config: SourceConfig;
    readonly key: UsableKey;
    readonly threshold: ProviderContext['threshold'];
    readonly now: () => number;
    readonly mark: string;
  },
  onClosed: (connection: Connection) => void,
): Connection {
  const { config, key, threshold, now, mark } = made;
  const client = network.client({
    verifyTls: config.verifyTls,
    caFile: config.caFile,
    proxy: config.proxy,
    proxyCredentials: key.proxyCredentials,
    concurrency: config.concurrency,
  });
  let onTheirWay = 0;
  let isRetired = false;
  const close = async (): Promise<void> => {
    onClosed(connection);
    await client.close();
  };
  const closeWhenIdle = (): void => {
    if (isRetired && onTheirWay === 0) {
      setTimeout(() => (onTheirWay === 0 ? void close() : undefined), GRACE_MS).unref();
    }
  };
  const http: HttpClient = {
    async send(request, signal) {
      onTheirWay += 1;
      try {
        return await client.send(request, signal);
      } finally {
        onTheirWay -= 1;
        closeWhenIdle();
      }
    },
    close,
  };
  const connection: Connection = {
    mark,
    context: { config, key: key.key, http, threshold, now },
    retire() {
      isRetired = true;
      closeWhenIdle();
    },
    close,
  };
  return connection;
}

function thresholdOf(source: SourceId, settings: Settings): ProviderContext['threshold'] {
  return policyOf(settings).thresholds[source] ?? { malicious: null, suspicious: null };
}
