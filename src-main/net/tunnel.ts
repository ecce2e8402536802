import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { lookupHost } from './addresses.ts';
import { codeOf, ConnectionFault, isNameFault, tlsFault } from './connection-fault.ts';
import type { ProxyRoute } from './proxy-choice.ts';

/** What a tunnel leads to. */
export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Opens a tunnel with CONNECT (RFC 9110, 9.3.6); the socket then reaches the target itself. Every failure is a
 * ConnectionFault of kind `proxy` (or `tls` when the proxy's own certificate is refused) and says what the proxy said.
 */
export function openTunnel(
  proxy: ProxyRoute,
  target: TunnelTarget,
  tls: { readonly verify: boolean; readonly trust: () => Promise<SecureContext> },
  signal: AbortSignal,
): Promise<Socket> {
  return proxy.protocol === 'https:'
    ? tls.trust().then((secureContext) => {
        const options = {
          ...requestOptions(proxy, target, signal),
          secureContext,
          rejectUnauthorized: tls.verify,
          ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
        };
        return connectThrough(httpsRequest(options), proxy, target);
      })
    : connectThrough(httpRequest(requestOptions(proxy, target, signal)), proxy, target);
}

function requestOptions(proxy: ProxyRoute, target: TunnelTarget, signal: AbortSignal) {
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  return {
    method: 'CONNECT',
    host: proxy.host,
    port: proxy.port,
    path: authority,
    lookup: lookupHost,
    agent: false,
    signal,
    headers: {
      host: authority,
      ...(proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization }),
    },
  } as const;
}

function connectThrough(request: ClientRequest, proxy: ProxyRoute, target: TunnelTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    request.once('connect', (response, socket, head) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) {
        socket.on('error', () => undefined).destroy();
        reject(refusalOf(status, response.headers['proxy-authenticate'], proxy, target));
        return;
      }
      if (head.length > 0) {
        socket.unshift(head);
      }
      resolve(socket);
    });
    // A server that is no proxy may answer CONNECT like any request.
    request.once('response', (response) => {
      response.destroy();
      reject(refusalOf(response.statusCode ?? 0, response.headers['proxy-authenticate'], proxy, target));
    });
    request.once('error', (error) => reject(proxyFault(error, proxy)));
    request.end();
  });
}

function refusalOf(
  status: number,
  challenges: readonly string[] | string | undefined,
  proxy: ProxyRoute,
  target: TunnelTarget,
): ConnectionFault {
  if (status === 407) {
    return new ConnectionFault('proxy', signInSentence(String(challenges ?? ''), proxy));
  }
  if (status === 502 || status === 503 || status === 504) {
    return new ConnectionFault('proxy', `The proxy ${shown(proxy)} could not reach ${target.host} (${status}).`);
  }
  return new ConnectionFault(
    'proxy',
    `The proxy ${shown(proxy)} refused a connection to ${target.host} (${status}). Its rules have to allow it.`,
  );
}

/** Ways of signing in that are repeated by name; any other word a proxy answers with may be what it was sent. */
const WAYS = new Set(['bearer', 'digest', 'kerberos', 'negotiate', 'ntlm']);

/** Why a proxy wants to know who asks (RFC 9110, 11.7), and what can be done about it. */
function signInSentence(challenges: string, proxy: ProxyRoute): string {
  const schemes = [...challenges.matchAll(/(?:^|,)\s*([a-z][a-z0-9-]*)(?=\s|,|$)/gi)].map(([, scheme = '']) => scheme);
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    const named = schemes.filter((scheme) => WAYS.has(scheme.toLowerCase())).slice(0, 3);
    const which = named.length === 0 ? '407' : `407: ${named.join(', ')}`;
    return `The proxy ${shown(proxy)} asks for a way of signing in that cannot be used (${which}); only Basic can.`;
  }
  return proxy.authorization === null
    ? `The proxy ${shown(proxy)} asks for a name and password (407). Keep them as the proxy's credentials.`
    : `The proxy ${shown(proxy)} refused its name and password (407). Set the proxy's credentials again.`;
}

function proxyFault(error: Error, proxy: ProxyRoute): ConnectionFault {
  const code = codeOf(error);
  if (isNameFault(error)) {
    return new ConnectionFault('proxy', `The name of the proxy ${shown(proxy)} could not be resolved.`);
  }
  if (proxy.protocol === 'https:' && !code.startsWith('ECONN') && !code.startsWith('HPE_')) {
    return tlsFault(error, `the proxy ${shown(proxy)}`);
  }
  if (code.startsWith('HPE_')) {
    return new ConnectionFault('proxy', `${shown(proxy)} did not answer as an HTTP proxy. Check its address.`);
  }
  return new ConnectionFault(
    'proxy',
    `The proxy ${shown(proxy)} could not be reached (${code === '' ? 'no reason given' : code}). Check its address.`,
  );
}

function shown(proxy: ProxyRoute): string {
  return `${proxy.host}:${proxy.port}`;
}
