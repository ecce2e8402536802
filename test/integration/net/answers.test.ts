import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ASSAY_VERSION } from '#shared/version.ts';
import { clientWith, closeClients, NEVER, outcome, requestTo } from './client-fixture.ts';
import { closeServers, serveBytes, serveHttp } from './servers.ts';

afterEach(async () => {
  await closeClients();
  await closeServers();
});

describe('what is sent', () => {
  it('goes out as it was given, under the name of the program', async () => {
    const seen: unknown[] = [];
    const url = await serveHttp((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'user-agent': agent, 'x-apikey': key, 'accept-encoding': encoding } = request.headers;
        seen.push([request.method, request.url, agent, key, encoding, Buffer.concat(chunks).toString('utf8')]);
        response.end('ok');
      });
    });
    const client = clientWith();
    const agent = `assay/${ASSAY_VERSION} (gzip)`;
    await outcome(client, `${url}/files/ab?x=1`, { headers: { 'X-ApiKey': 'k' } });
    await outcome(client, `${url}/get`, { method: 'POST', body: 'apikey=k', headers: { 'User-Agent': 'own' } });
    await outcome(client, `${url}/get`, { method: 'POST', body: new Uint8Array([65, 66]) });
    expect(seen).toEqual([
      ['GET', '/files/ab?x=1', agent, 'k', 'gzip', ''],
      ['POST', '/get', 'own', undefined, 'gzip', 'apikey=k'],
      ['POST', '/get', agent, undefined, 'gzip', 'AB'],
    ]);
  });

  it('is one request, whatever comes back: no redirect is followed and nothing is repeated', async () => {
    let requests = 0;
    const url = await serveHttp((request, response) => {
      requests += 1;
      if (request.url === '/cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(302, { location: '/elsewhere' }).end('moved');
    });
    const client = clientWith();
    expect(await outcome(client, `${url}/`)).toEqual([302, 'moved']);
    expect(await outcome(client, `${url}/cut`)).toEqual(['cut', 'sent']);
    expect(requests).toBe(2);
  });

  it('never has more on the way than the client may, and reuses connections', async () => {
    let most = 0;
    let now = 0;
    const sockets = new Set<unknown>();
    const url = await serveHttp((request, response) => {
      sockets.add(request.socket);
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end('ok');
      }, 5);
    });
    const client = clientWith({ options: { concurrency: 3 } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => outcome(client, url)));
    expect(answers).toEqual(Array.from({ length: 30 }, () => [200, 'ok']));
    expect([most, sockets.size]).toEqual([3, 3]);
  });
});

describe('what comes back', () => {
  it.each([200, 204, 401, 404, 418, 419, 420, 421, 422, 429, 456, 500, 503, 513])('status %i', async (status) => {
    const url = await serveHttp((_, response) => response.writeHead(status).end());
    expect(await outcome(clientWith(), url)).toEqual([status, '']);
  });

  it('has its headers in lower case', async () => {
    const url = await serveHttp((_, response) => response.setHeader('Retry-After', '7').writeHead(429).end());
    const result = await clientWith().send(requestTo(url), NEVER);
    expect(result).toMatchObject({ ok: true, response: { status: 429, headers: { 'retry-after': '7' } } });
  });

  const text = 'x'.repeat(5_000);
  it.each<[string, Uint8Array, string]>([
    ['gzip', gzipSync(text), text],
    ['x-gzip', gzipSync(text), text],
    ['deflate', deflateSync(text), text],
    ['deflate', deflateRawSync(text), text],
    ['br', brotliCompressSync(text), text],
    ['GZIP', gzipSync(text), text],
    ['br, gzip', gzipSync(brotliCompressSync(text)), text],
    ['gzip', Buffer.from('{"plain":1}'), '{"plain":1}'],
    ['br', Buffer.from('{"plain":1}'), '{"plain":1}'],
    ['deflate', Buffer.from('<html>plain</html>'), '<html>plain</html>'],
    ['unheard-of', Buffer.from('as it is'), 'as it is'],
    ['gzip', Buffer.from(''), ''],
  ])('announced as %s', async (encoding, bytes, expected) => {
    const url = await serveHttp((_, response) => response.setHeader('content-encoding', encoding).end(bytes));
    expect(await outcome(clientWith(), url)).toEqual([200, expected]);
  });

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(text).subarray(0, 30)],
    ['deflate', deflateSync(text).subarray(0, 20)],
    ['br', brotliCompressSync(text.repeat(3) + Math.PI).subarray(0, 10)],
  ])('is no answer when the %s data ends early', async (encoding, bytes) => {
    const url = await serveHttp((_, response) => response.setHeader('content-encoding', encoding).end(bytes));
    expect(await outcome(clientWith(), url)).toEqual(['cut', 'sent']);
  });

  it('is refused when it is too long, and a gzip bomb stops early', async () => {
    const plain = await serveHttp((_, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        if (!response.destroyed) {
          response.write('x'.repeat(100_000), () => setImmediate(more));
        }
      };
      more();
    });
    const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024));
    const packed = await serveHttp((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    const exact = await serveHttp((_, response) => response.end('x'.repeat(1_000)));
    const client = clientWith();
    const before = process.memoryUsage().rss;
    expect(await outcome(client, plain)).toEqual(['oversized', 'sent']);
    expect(await outcome(client, packed)).toEqual(['oversized', 'sent']);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    expect(await outcome(client, exact, { maxBytes: 1_000 })).toEqual([200, 'x'.repeat(1_000)]);
    expect(await outcome(client, exact, { maxBytes: 999 })).toEqual(['oversized', 'sent']);
  });

  it.each([
    ['a content-length that is not met', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"a":1}'],
    ['a chunk that is cut', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}'],
    ['chunks without their end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n'],
    ['a header that is cut', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['nothing at all', ''],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('is no answer with %s', async (_, bytes) => {
    const url = await serveBytes((socket) => socket.once('data', () => socket.end(bytes)));
    expect(await outcome(clientWith(), url)).toEqual(['cut', 'sent']);
  });

  it('goes past an interim answer', async () => {
    const bytes = 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    const url = await serveBytes((socket) => socket.once('data', () => socket.end(bytes)));
    expect(await outcome(clientWith(), url)).toEqual([200, 'ok']);
  });
});
