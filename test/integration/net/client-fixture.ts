import { createNetwork } from '#main/net/network.ts';
import type { HttpClient, HttpFault, HttpOptions, HttpRequest, HttpResult, NetworkRules } from '#main/net/port.ts';
import { AUTHORITY } from './servers.ts';

export const NEVER = new AbortController().signal;

const clients: HttpClient[] = [];

/** Closes the clients a test made. */
export async function closeClients(): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.close()));
}

export interface Setting {
  readonly options?: Partial<HttpOptions>;
  readonly directory?: NetworkRules['directory'];
  readonly isOffline?: () => Promise<boolean>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A client as a source has one, trusting the authority of the tests. */
export function clientWith({ options, directory = 'real', isOffline, env = {} }: Setting = {}): HttpClient {
  const rules = { directory, isOffline: isOffline ?? (() => Promise.resolve(false)) };
  const client = createNetwork(rules, env).client({
    verifyTls: true,
    caFile: AUTHORITY,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 2,
    ...options,
  });
  clients.push(client);
  return client;
}

export function requestTo(url: string, change: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, label: 'GET /', headers: {}, timeoutMs: 5_000, maxBytes: 100_000, ...change };
}

/** What became of a request, without times: status and body as text, or the kind of the fault and how far it came. */
export async function outcome(
  client: HttpClient,
  url: string,
  change: Partial<HttpRequest> = {},
  signal: AbortSignal = NEVER,
): Promise<unknown> {
  return brief(await client.send(requestTo(url, change), signal));
}

export function brief(result: HttpResult): unknown {
  return result.ok
    ? [result.response.status, Buffer.from(result.response.body).toString('utf8')]
    : [result.fault.kind, result.fault.sent ? 'sent' : 'not sent'];
}

/** The fault of a request that must fail. */
export async function faultOf(
  client: HttpClient,
  url: string,
  change: Partial<HttpRequest> = {},
): Promise<Omit<HttpFault, 'elapsedMs'>> {
  const result = await client.send(requestTo(url, change), NEVER);
  if (result.ok) {
    throw new Error(`answered with ${result.response.status}`);
  }
  const { kind, sent, message } = result.fault;
  return { kind, sent, message };
}
