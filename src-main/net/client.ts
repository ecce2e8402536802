import { ASSAY_VERSION } from '#shared/version.ts';
import type { Agent } from 'undici';
import { isLoopbackHost } from './addresses.ts';
import { exchange, type Exchanged } from './exchange.ts';
import type { HttpClient, HttpFault, HttpOptions, HttpRequest, HttpResult, NetworkRules } from './port.ts';

/** Some front ends compress only for clients whose name holds the word. */
const USER_AGENT = `assay/${ASSAY_VERSION} (gzip)`;

/** Answers of the simulators carry it, so that a real directory never keeps one. */
const SIMULATED_MARK = 'x-assay-simulated';

/**
 * A client with connections of its own. Requests are never pipelined, repeated or redirected. undici and TLS are
 * loaded with the first exchange; `close` ends everything that is on its way as `aborted`.
 */
export function createClient(
  rules: NetworkRules,
  options: HttpOptions,
  env: Readonly<Record<string, string | undefined>>,
): HttpClient {
  const closing = new AbortController();
  let agent: Promise<Agent> | null = null;
  const opened = async (): Promise<Agent | null> => {
    agent ??= openAgent(rules, options, env, closing.signal);
    try {
      return await agent;
    } catch {
      // A program that is being replaced under our feet: the next exchange tries again.
      agent = null;
      return null;
    }
  };
  return {
    async send(request, signal) {
      const startedAt = performance.now();
      const elapsedMs = (): number => Math.round(performance.now() - startedAt);
      const ended = AbortSignal.any([signal, closing.signal]);
      return toResult(await sendChecked(rules, request, opened, ended), elapsedMs());
    },
    async close() {
      closing.abort();
      const open = await agent?.catch(() => null);
      await open?.destroy();
    },
  };
}

async function openAgent(
  rules: NetworkRules,
  options: HttpOptions,
  env: Readonly<Record<string, string | undefined>>,
  closing: AbortSignal,
): Promise<Agent> {
  const [undici, { createConnector }] = await Promise.all([import('undici'), import('./connector.ts')]);
  return new undici.Agent({
    connect: createConnector({
      options,
      env,
      closing,
      whyHeld: () => whyHeld(rules),
      loopbackOnly: rules.directory === 'simulated',
    }),
    connections: options.concurrency,
    pipelining: 1,
    allowH2: false,
  });
}

async function sendChecked(
  rules: NetworkRules,
  request: HttpRequest,
  opened: () => Promise<Agent | null>,
  signal: AbortSignal,
): Promise<Exchanged> {
  const url = checkedUrl(request.url, rules.directory);
  if (typeof url === 'string') {
    return unsent('refused-address', url);
  }
  const held = await whyHeld(rules);
  if (held !== null) {
    return unsent('offline', held);
  }
  const agent = await opened();
  if (agent === null) {
    return unsent('connect', 'A part of Assay that connects could not be loaded, so nothing was sent. Start it again.');
  }
  if (signal.aborted) {
    return unsent('aborted', 'The request was ended from this side.');
  }
  const result = await exchange(agent, url, request, withOwnHeaders(request.headers), signal);
  return rules.directory === 'real' && result.ok && SIMULATED_MARK in result.headers
    ? {
        ok: false,
        kind: 'refused-address',
        sent: true,
        message: 'A simulator answered. Simulated answers belong into a data directory of their own: check the URL.',
      }
    : result;
}

/** The offline switch as a sentence, or null. One that cannot be read holds everything. */
async function whyHeld(rules: NetworkRules): Promise<string | null> {
  try {
    return (await rules.isOffline())
      ? 'Assay is offline: nothing leaves this machine until that is switched off.'
      : null;
  } catch {
    return 'The offline switch could not be read, so nothing was sent. Check the data directory.';
  }
}

/** The URL, or the sentence why nothing may be sent there. No name is resolved. */
function checkedUrl(address: string, directory: NetworkRules['directory']): URL | string {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'The URL of the source is no web address. It must begin with https://.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'The URL of the source holds a name or password. Keep credentials as the key of the source.';
  }
  const isLoopback = isLoopbackHost(url.hostname);
  if (directory === 'simulated' && !isLoopback) {
    return 'This data directory is simulated: it only reaches this machine, by localhost or a loopback address.';
  }
  return url.protocol === 'http:' && !isLoopback
    ? 'Hashes are sent in the clear only to this machine: the URL of the source must begin with https://.'
    : url;
}

function withOwnHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { 'user-agent': USER_AGENT, 'accept-encoding': 'gzip', ...lower };
}

function unsent(kind: HttpFault['kind'], message: string): Exchanged {
  return { ok: false, kind, sent: false, message };
}

function toResult(result: Exchanged, elapsedMs: number): HttpResult {
  return result.ok
    ? { ok: true, response: { status: result.status, headers: result.headers, body: result.body, elapsedMs } }
    : {
        ok: false,
        fault: { kind: result.kind, sent: result.sent, message: result.message, elapsedMs },
      };
}
