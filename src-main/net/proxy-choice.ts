import { BlockList, isIP } from 'node:net';
import { bareHost, isLoopbackHost } from './addresses.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { HttpOptions } from './port.ts';

/** A proxy to open tunnels through. `authorization` is a header's value and never shown. */
export interface ProxyRoute {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  readonly port: number;
  readonly authorization: string | null;
  readonly isManual: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a target, or null for a direct connection. `system` follows the variables curl follows: HTTPS_PROXY or
 * HTTP_PROXY by the target's scheme, else ALL_PROXY, except for NO_PROXY, lower case first
 * (https://everything.curl.dev/usingcurl/proxies/env.html). This machine is never reached through a system proxy.
 */
export function proxyFor(target: URL, options: HttpOptions, env: Environment): ProxyRoute | null {
  const { proxy, proxyCredentials } = options;
  if (proxy.kind === 'manual') {
    return routeOf(proxy.url, true, proxyCredentials);
  }
  if (proxy.kind === 'none' || isLoopbackHost(target.hostname) || isExempt(target, variable(env, 'NO_PROXY') ?? '')) {
    return null;
  }
  const named = variable(env, target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const address = named ?? variable(env, 'ALL_PROXY');
  return address === null ? null : routeOf(address, false, proxyCredentials);
}

/** Whether the environment names a proxy at all. */
export function namesProxy(env: Environment): boolean {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].some((name) => variable(env, name) !== null);
}

function variable(env: Environment, name: string): string | null {
  const value = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  return value === '' ? null : value;
}

function routeOf(
  address: string,
  isManual: boolean,
  credentials: { readonly name: string; readonly password: string } | null,
): ProxyRoute {
  const from = isManual ? 'The proxy address in the settings' : "The proxy in this machine's environment";
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.parse(written);
  if (url === null || url.hostname === '') {
    throw new ConnectionFault('proxy', `${from} is no address. It must look like http://proxy.example:3128.`);
  }
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new ConnectionFault(
      'proxy',
      `${from} is of a kind (${protocol.slice(0, -1)}) that cannot be used; http can.`,
    );
  }
  const own = url.username === '' ? null : { name: decoded(url.username), password: decoded(url.password) };
  const known = own ?? credentials;
  return {
    protocol,
    host: bareHost(url.hostname),
    port: url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port),
    authorization:
      known === null ? null : `Basic ${Buffer.from(`${known.name}:${known.password}`, 'utf8').toString('base64')}`,
    isManual,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % in a password that nobody encoded.
    return part;
  }
}

function isExempt(target: URL, list: string): boolean {
  const host = bareHost(target.hostname).replace(/\.$/, '');
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry.toLowerCase(), host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return isInNetwork(entry, host);
  }
  const parts = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry);
  const named = (parts?.[1] ?? parts?.[2] ?? entry).replace(/^\*?\./, '').replace(/\.$/, '');
  const itsPort = parts?.[3];
  return (itsPort === undefined || itsPort === port) && (host === named || host.endsWith(`.${named}`));
}

function isInNetwork(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    return false;
  }
  const block = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  block.addSubnet(network, Number(bits), kind);
  return block.check(host, kind);
}
