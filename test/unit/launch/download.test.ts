import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from '#main/shells/launch/download.ts';

/** What the launcher allows. */
const GENEROUS = { connectMs: 5000, stallMs: 10_000 };
/** For servers that never go on. */
const SHORT = { connectMs: 5000, stallMs: 400 };
let folder = '';
let file = '';
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-download-'));
  file = join(folder, 'deep', 'archive.zip');
});

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await rm(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Accepts connections and never says a word: no TLS handshake comes about. */
async function serveSilence(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('fetching the runtime', () => {
  it('writes what the server sends and tells how far it is', async () => {
    const url = await serve((_, response) => response.setHeader('content-length', 6).end('abcdef'));
    const seen: [number, number | null][] = [];
    await download(url, file, GENEROUS, (done, total) => seen.push([done, total]));
    expect(readFileSync(file, 'utf8')).toBe('abcdef');
    expect(seen.at(-1)).toEqual([6, 6]);
  });

  it('lets a slow server drip for longer than the limit, as long as bytes arrive', async () => {
    const url = await serve((_, response) => {
      let left = 18;
      const drip = setInterval(() => {
        response.write('x');
        left -= 1;
        if (left === 0) {
          clearInterval(drip);
          response.end();
        }
      }, 100);
      response.on('close', () => clearInterval(drip));
    });
    const began = Date.now();
    await download(url, file, { connectMs: 5000, stallMs: 1500 });
    expect(Date.now() - began).toBeGreaterThan(1500);
    expect(readFileSync(file, 'utf8')).toHaveLength(18);
  });

  it('follows redirects', async () => {
    const target = await serve((_, response) => response.end('there'));
    const url = await serve((_, response) => response.writeHead(302, { location: target }).end());
    await download(url, file, GENEROUS);
    expect(readFileSync(file, 'utf8')).toBe('there');
  });

  it.each<[string, RequestListener, RegExp]>([
    ['never answers', () => undefined, /^no bytes for 0\.4 s$/],
    [
      'stops in the middle',
      (_, response) => void response.writeHead(200, { 'content-length': 100 }).write('half'),
      /^no bytes for 0\.4 s$/,
    ],
    ['refuses', (_, response) => void response.writeHead(403).end('no'), /^the server answers 403$/],
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
      },
      /./,
    ],
  ])('gives up on a server that %s, and leaves no file', async (_, listener, reason) => {
    const url = await serve(listener);
    await expect(download(url, file, SHORT)).rejects.toThrow(reason);
    expect(existsSync(file)).toBe(false);
  });

  it('gives up when no connection comes about', async () => {
    const port = await serveSilence();
    const began = Date.now();
    await expect(download(`https://127.0.0.1:${port}/`, file, { connectMs: 300, stallMs: 120_000 })).rejects.toThrow(
      /^no connection within 0\.3 s$/,
    );
    expect(Date.now() - began).toBeLessThan(60_000);
  });

  it('says that a connection was refused', async () => {
    const port = await serveSilence();
    await closers.pop()?.();
    await expect(download(`http://127.0.0.1:${port}/`, file, GENEROUS)).rejects.toThrow(/^the connection is refused$/);
  });
});
