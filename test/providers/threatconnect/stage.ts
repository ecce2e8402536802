import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNetwork } from '#main/net/network.ts';
import type { RecordedExchange } from '#main/net/service-fault.ts';
import type { ThreatConnect } from '#main/providers/indicator-port.ts';
import { createThreatConnect } from '#main/providers/indicators.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
export const NOW = Date.UTC(2026, 10, 22, 9);
export const ACCESS_ID = '12345678901234567890';
export const SECRET = 'Not+A/Secret=Key"But\'Odd^One';
export const NEVER = new AbortController().signal;

/** A request as it arrived: `target` is path and query of the request line. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a text. */
  readonly body: unknown;
}

export interface Stage {
  readonly origin: string;
  readonly requests: readonly Arrived[];
  readonly exchanges: readonly RecordedExchange[];
  readonly threatConnect: ThreatConnect;
}

const undo: (() => Promise<void>)[] = [];

/** Ends what tests began. */
export async function clearStages(): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
}

/** A real server that answers as told, and a client of it. */
export async function stage(
  answer: (request: Arrived, origin: string) => Answer,
  change: Partial<SyncJobConfig> = {},
  secret: string | null = SECRET,
): Promise<Stage> {
  const requests: Arrived[] = [];
  const server = createServer((request, response) => {
    void arrived(request).then((whole) => {
      requests.push(whole);
      reply(response, answer(whole, origin));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchanges: RecordedExchange[] = [];
  const threatConnect = clientOf(
    { ...defaultSyncJob(), threatConnectUrl: origin, accessId: ACCESS_ID, ...change },
    secret,
    (exchange) => exchanges.push(exchange),
  );
  undo.push(async () => {
    await threatConnect.close();
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { origin, requests, exchanges, threatConnect };
}

/** A client as a simulated directory makes it, at NOW. */
export function clientOf(
  config: SyncJobConfig,
  secret: string | null,
  onExchange: (exchange: RecordedExchange) => void = () => {},
): ThreatConnect {
  return createThreatConnect({
    config,
    secret,
    http: createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
      verifyTls: true,
      caFile: null,
      proxy: { kind: 'none' },
      proxyCredentials: null,
      concurrency: 1,
    }),
    now: () => NOW,
    onExchange,
  });
}

/** Parameters of a request, from its query or its body. */
export function parametersOf({ target, body }: Arrived): Readonly<Record<string, string>> {
  const query = Object.fromEntries(new URL(target, 'http://localhost').searchParams);
  const data = body === '' ? {} : (JSON.parse(body) as { data: Record<string, unknown> }).data;
  return { ...query, ...Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)])) };
}

/** A Host as ThreatConnect tells it. */
export function hostRow(id: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    ownerName: 'Acme',
    type: 'Host',
    summary: `h${id}.example`,
    hostName: `h${id}.example`,
    lastModified: '2026-11-20T10:00:00Z',
    active: true,
    ...more,
  };
}

async function arrived(request: IncomingMessage): Promise<Arrived> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    pieces.push(piece as Buffer);
  }
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(pieces).toString(),
  };
}

function reply(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', date: new Date(NOW).toUTCString(), ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
