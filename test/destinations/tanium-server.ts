import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { ThreatResponse } from '#main/destinations/tanium/port.ts';
import { createThreatResponse } from '#main/destinations/tanium/threat-response.ts';
import { createNetwork } from '#main/net/network.ts';
import type { RecordedExchange } from '#main/net/service-fault.ts';

export const PREFIX = '/plugin/products/threat-response/api/v1';
export const PASSWORD = 'correct-horse/battery';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly session: string | undefined;
  readonly body: string;
}

/** Answers what it is given for `METHOD path`; what it returns is sent as JSON, null when the handler answered itself. */
export type Handler = (asked: Asked, response: ServerResponse, request: IncomingMessage) => unknown;

export interface Server {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** How often each `METHOD path` was asked. */
  count(start: string): number;
  close(): Promise<void>;
}

/** A server that gives out sessions `s-1`, `s-2`, ... and answers the look for its interface; the rest is the handler's. */
export async function startServer(handler: Handler): Promise<Server> {
  const asked: Asked[] = [];
  let sessions = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request
      .on('data', (piece: Buffer) => pieces.push(piece))
      .on('error', () => request.destroy())
      .on('end', () => {
        const { method = '', url = '', headers } = request;
        const session = headers['session'];
        const one: Asked = { method, url, session: String(session), body: Buffer.concat(pieces).toString('utf8') };
        asked.push(one);
        const said = handler(one, response, request);
        if (said === null) {
          return;
        }
        const own =
          url === '/api/v2/session/login'
            ? { session: `s-${(sessions += 1)}` }
            : url.includes('/sources?limit=1')
              ? []
              : {};
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(said === undefined ? own : said));
      });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    count: (start) => asked.filter(({ method, url }) => `${method} ${url}`.startsWith(start)).length,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with a status and JSON. */
export function refuse(response: ServerResponse, status: number, said: unknown, headers = {}): null {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said));
  return null;
}

export interface Connected {
  readonly client: ThreatResponse;
  readonly recorded: readonly RecordedExchange[];
  close(): Promise<void>;
}

/** A client of that server with a user name and password, and whatever settings differ. */
export function connect(
  taniumUrl: string,
  {
    secret = PASSWORD,
    isOffline = false,
    ...config
  }: Partial<SyncJobConfig> & { secret?: string; isOffline?: boolean } = {},
): Connected {
  const http = createNetwork({ isOffline: async () => isOffline, directory: 'simulated' }, {}).client({
    verifyTls: config.verifyTaniumTls ?? true,
    caFile: config.taniumCaFile ?? null,
    proxy: config.taniumProxy ?? { kind: 'none' },
    proxyCredentials: null,
    concurrency: 4,
  });
  const recorded: RecordedExchange[] = [];
  const client = createThreatResponse({
    config: { ...defaultSyncJob(), taniumUsername: 'assay', taniumUrl, ...config },
    secret,
    http,
    onExchange: (exchange) => recorded.push(exchange),
    now: () => Date.UTC(2026, 10, 22, 9),
  });
  return { client, recorded, close: () => http.close() };
}
