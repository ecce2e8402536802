import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionFault } from '#main/net/connection-fault.ts';
import { createConnector } from '#main/net/connector.ts';
import type { HttpOptions } from '#main/net/port.ts';
import { AUTHORITY, closeServers, serveBytes, serveHttp, serveHttps, serveProxy } from './servers.ts';

afterEach(closeServers);

/** A connection as undici asks for it, with little time to come about. */
function connect(url: string, proxy: HttpOptions['proxy'], connectMs: number, closing = new AbortController()) {
  const { protocol, hostname, host, port } = new URL(url);
  const options = { verifyTls: true, caFile: AUTHORITY, proxy, proxyCredentials: null, concurrency: 1 };
  const connector = createConnector({
    options,
    loopbackOnly: false,
    whyHeld: () => Promise.resolve(null),
    env: {},
    closing: closing.signal,
    connectMs,
  });
  return new Promise<Socket>((resolve, reject) => {
    connector({ protocol, hostname, host, port }, (error, socket) =>
      socket === null ? reject(error ?? new Error('no socket')) : resolve(socket),
    );
  });
}

describe('the time a connection may take', () => {
  it('ends with the connection: one that was made lives on, plain, over TLS and through a tunnel', async () => {
    const answer = (_request: unknown, response: { end(text: string): unknown }): unknown => response.end('late');
    const urls = [await serveHttp(answer), await serveHttps(answer)];
    const proxies = [{ kind: 'none' as const }, { kind: 'manual' as const, url: (await serveProxy()).url }];
    const closing = new AbortController();
    const ways = urls.flatMap((url) => proxies.map((proxy) => ({ url, proxy })));
    const sockets = await Promise.all(ways.map(({ url, proxy }) => connect(url, proxy, 2_000, closing)));
    await pause(2_100);
    closing.abort();
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual(ways.map(() => false));
    expect(await Promise.all(sockets.map(answerOn))).toEqual(ways.map(() => expect.stringContaining('late')));
  });

  it.each(['the server', 'a proxy'])('is over when %s does not answer', async (who) => {
    const silent = await serveBytes(() => undefined);
    const connecting =
      who === 'a proxy'
        ? connect('http://127.0.0.1:9', { kind: 'manual', url: silent }, 200)
        : connect(silent.replace('http:', 'https:'), { kind: 'none' }, 200);
    const fault = (await connecting.catch((error: unknown) => error)) as ConnectionFault;
    expect([fault.kind, fault.message]).toEqual(['timeout', expect.stringContaining('within 0.2 seconds')]);
  });

  it('does not hold up the end of the client', async () => {
    const closing = new AbortController();
    const silent = (await serveBytes(() => undefined)).replace('http:', 'https:');
    const connecting = connect(silent, { kind: 'none' }, 60_000, closing);
    closing.abort();
    await expect(connecting).rejects.toThrow('127.0.0.1');
    await expect(connect(silent, { kind: 'none' }, 60_000, closing)).rejects.toThrow('127.0.0.1');
  });
});

/** What the server says on a connection that was made before. */
async function answerOn(socket: Socket): Promise<string> {
  const heard = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  const text = await heard;
  socket.destroy();
  return text;
}
