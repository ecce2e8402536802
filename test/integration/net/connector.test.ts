import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createConnector } from '#main/net/connector.ts';

const CONNECT_MS = 100;

it('a connection lives on when the time to make it is over', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closing = new AbortController();
  const connect = createConnector({
    options: { verifyTls: true, caFile: null, proxy: { kind: 'none' }, proxyCredentials: null, concurrency: 1 },
    loopbackOnly: true,
    env: {},
    closing: closing.signal,
    connectMs: CONNECT_MS,
  });
  const port = String((server.address() as AddressInfo).port);
  const socket = await new Promise<Socket>((resolve, reject) =>
    connect({ hostname: '127.0.0.1', host: `127.0.0.1:${port}`, protocol: 'http:', port }, (error, made) =>
      made === null ? reject(error ?? new Error('no socket')) : resolve(made),
    ),
  );
  await pause(CONNECT_MS * 3);
  closing.abort();
  await pause(20);
  expect([socket.destroyed, socket.writable]).toEqual([false, true]);
  socket.destroy();
  server.close();
});
