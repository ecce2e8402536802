import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { bareHost, isLoopbackAddress, isLoopbackHost, lookupHost } from './addresses.ts';
import { ConnectionFault, connectFault, tlsFault } from './connection-fault.ts';
import type { HttpOptions } from './port.ts';
import { proxyFor } from './proxy-choice.ts';
import { trustOf } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** No connection may take longer, whatever time its request has. */
const CONNECT_MS = 20_000;

export interface ConnectorParts {
  readonly options: HttpOptions;
  readonly loopbackOnly: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Why nothing may be sent, looked at again once a connection stands: making it takes a while. Null when it may. */
  readonly whyHeld: () => Promise<string | null>;
  /** Ends connections that are being made. */
  readonly closing: AbortSignal;
  /** How long making one may take, milliseconds. */
  readonly connectMs?: number;
}

/**
 * Makes the sockets of one client: direct or through a tunnel, checked against the authorities it trusts, and on this
 * machine only where that is the rule. Every failure is a ConnectionFault: not a byte of a request was sent.
 */
export function createConnector(parts: ConnectorParts): buildConnector.connector {
  let trust: Promise<SecureContext> | null = null;
  const trusted = async (): Promise<SecureContext> => {
    trust ??= trustOf(parts.options.verifyTls ? parts.options.caFile : null);
    try {
      return await trust;
    } catch (error) {
      // The file may be mended before the next connection.
      trust = null;
      throw error;
    }
  };
  return (target, callback) => {
    const connectMs = parts.connectMs ?? CONNECT_MS;
    const making = limited(connectMs, parts.closing);
    const host = bareHost(target.hostname);
    openSocket(parts, target, trusted, making.signal)
      .then((socket) => unlessHeld(parts, socket))
      .finally(() => making.over())
      .then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(making.isLate() ? slow(host, connectMs) : connectFault(error, host), null),
      );
  };
}

/**
 * A signal for making one connection, which says nothing any more once that is `over`: sockets keep listening to the
 * signal they were opened with, and would be destroyed by it in the middle of an exchange.
 */
function limited(
  milliseconds: number,
  closing: AbortSignal,
): { readonly signal: AbortSignal; over(): void; isLate(): boolean } {
  const controller = new AbortController();
  let isLate = false;
  const stop = (): void => controller.abort(closing.reason);
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort(new Error('late'));
  }, milliseconds);
  if (closing.aborted) {
    stop();
  }
  closing.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    over() {
      clearTimeout(timer);
      closing.removeEventListener('abort', stop);
    },
    isLate: () => isLate,
  };
}

async function openSocket(
  parts: ConnectorParts,
  target: buildConnector.Options,
  trusted: () => Promise<SecureContext>,
  signal: AbortSignal,
): Promise<Socket> {
  const host = bareHost(target.hostname);
  const isSecure = target.protocol === 'https:';
  const port = target.port === '' ? (isSecure ? 443 : 80) : Number(target.port);
  const verify = parts.options.verifyTls;
  const proxy = proxyFor(new URL(`${target.protocol}//${target.host ?? host}`), parts.options, parts.env);
  if (parts.loopbackOnly && proxy !== null && !isLoopbackHost(proxy.host)) {
    throw new ConnectionFault('refused-address', 'A simulated data directory only uses a proxy on this machine.');
  }
  if (!isSecure && proxy !== null && !isLoopbackHost(proxy.host)) {
    // Inside such a tunnel "this machine" would be the proxy's, and the way to it could be read by anybody.
    throw new ConnectionFault(
      'refused-address',
      'Hashes are sent in the clear only to this machine, never through a proxy elsewhere. Set the proxy to none.',
    );
  }
  // Read before anything is opened: a bad file of authorities must not cost a connection.
  const secureContext = isSecure ? await trusted() : null;
  const socket =
    proxy === null
      ? await openPlain(host, port, signal)
      : await openTunnel(proxy, { host, port }, { verify, trust: trusted }, signal);
  if (parts.loopbackOnly && !isLoopbackAddress(socket.remoteAddress ?? '')) {
    socket.destroy();
    throw new ConnectionFault('refused-address', 'A simulated data directory only reaches this machine.');
  }
  socket.setNoDelay(true);
  return secureContext === null ? socket : secure(socket, host, { secureContext, verify }, signal);
}

async function unlessHeld({ whyHeld }: ConnectorParts, socket: Socket): Promise<Socket> {
  const held = await whyHeld();
  if (held === null) {
    return socket;
  }
  socket.destroy();
  throw new ConnectionFault('offline', held);
}

function openPlain(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain({ host, port, lookup: lookupHost, signal });
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function secure(
  socket: Socket,
  host: string,
  { secureContext, verify }: { readonly secureContext: SecureContext; readonly verify: boolean },
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const tls = connectTls({
      socket,
      host,
      secureContext,
      rejectUnauthorized: verify,
      ALPNProtocols: ['http/1.1'],
      // A literal address is no server name (RFC 6066, 3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', abort);
      tls.destroy();
      reject(tlsFault(error, host));
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => tls.destroy(error));
    tls.once('error', fail);
    tls.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      tls.off('error', fail);
      resolve(tls);
    });
  });
}

function slow(host: string, connectMs: number): ConnectionFault {
  return new ConnectionFault('timeout', `No connection to ${host} came about within ${connectMs / 1000} seconds.`);
}
