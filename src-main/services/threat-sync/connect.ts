import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import type { HttpClient, HttpOptions, Network } from '../../net/port.ts';
import { askOnce, type RecordedExchange, type Repeat } from '../../net/service-fault.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { ThreatConnect } from '../../providers/indicator-port.ts';
import type { ThreatResponse } from '../../destinations/tanium/port.ts';
import type { JobSecrets, ProxyCredentials } from './job-secrets.ts';

/** What a client is made with. Every request is told to `onExchange`; without `repeat` each is sent once. */
export interface ClientParts {
  readonly config: SyncJobConfig;
  readonly secret: string;
  readonly http: HttpClient;
  readonly now: () => number;
  readonly onExchange: (exchange: RecordedExchange) => void;
  readonly repeat?: Repeat;
}

/** Makes the clients of the two services. */
export interface SyncClients {
  threatConnect(parts: ClientParts): ThreatConnect;
  threatResponse(parts: ClientParts): ThreatResponse;
}

/** A client ready to be used, or which parameter is missing. Whoever opened it closes it. */
export type Opened<T> =
  | { readonly ok: true; readonly client: T; close(): Promise<void> }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** Opens the two sides of jobs. Nothing is sent by opening. */
export interface Connect {
  threatConnect(
    job: SyncJobRow,
    onExchange: ClientParts['onExchange'],
    repeat?: Repeat,
  ): Promise<Opened<ThreatConnect>>;
  threatResponse(
    job: SyncJobRow,
    onExchange: ClientParts['onExchange'],
    repeat?: Repeat,
  ): Promise<Opened<ThreatResponse>>;
}

/** Pages are asked for one after the other, and so are writes. */
const CONCURRENCY = 2;

export function createConnect(parts: {
  readonly network: Network;
  readonly secrets: JobSecrets;
  readonly clients: SyncClients;
  readonly now: () => number;
}): Connect {
  const { network, secrets, clients, now } = parts;
  return {
    async threatConnect(job, onExchange, repeat = askOnce) {
      const found = await secrets.find(job, 'threatconnect');
      if (!found.ok) {
        return found;
      }
      const { config } = job;
      const http = network.client(
        options(true, config.threatConnectCaFile, config.threatConnectProxy, found.proxyCredentials),
      );
      return opened(clients.threatConnect({ config, secret: found.secret, http, now, onExchange, repeat }), http);
    },
    async threatResponse(job, onExchange, repeat = askOnce) {
      const found = await secrets.find(job, 'tanium');
      if (!found.ok) {
        return found;
      }
      const { config } = job;
      const http = network.client(
        options(config.verifyTaniumTls, config.taniumCaFile, config.taniumProxy, found.proxyCredentials),
      );
      return opened(clients.threatResponse({ config, secret: found.secret, http, now, onExchange, repeat }), http);
    },
  };
}

function opened<T extends { close(): Promise<void> }>(client: T, http: HttpClient): Opened<T> {
  return {
    ok: true,
    client,
    async close() {
      await client.close();
      await http.close();
    },
  };
}

function options(
  verifyTls: boolean,
  caFile: string | null,
  proxy: HttpOptions['proxy'],
  proxyCredentials: ProxyCredentials | null,
): HttpOptions {
  return { verifyTls, caFile, proxy, proxyCredentials, concurrency: CONCURRENCY };
}
