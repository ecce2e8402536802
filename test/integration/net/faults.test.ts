import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { clientWith, closeClients, faultOf, NEVER, outcome, requestTo } from './client-fixture.ts';
import { AUTHORITY, closedPort, closeServers, serveBytes, serveHttp, serveHttps } from './servers.ts';

const folders: string[] = [];

afterEach(async () => {
  await closeClients();
  await closeServers();
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

const ok = (_: unknown, response: { end(text: string): unknown }): unknown => response.end('ok');

describe('a connection that does not come about', () => {
  it('is a fault of the connection when nobody listens', async () => {
    const fault = await faultOf(clientWith(), `http://127.0.0.1:${await closedPort()}/files/abc?x=secret`);
    expect(fault).toMatchObject({ kind: 'connect', sent: false });
    expect(fault.message).toContain('127.0.0.1');
    expect(fault.message).not.toMatch(/secret|abc|http:/);
  });

  it('is a fault of the name when there is none of that name', async () => {
    const fault = await faultOf(clientWith(), 'https://nobody.invalid/');
    expect(fault).toMatchObject({ kind: 'dns', sent: false });
    expect(fault.message).toContain('nobody.invalid');
  });

  it('is tried again for the next request', async () => {
    const client = clientWith();
    const url = await serveHttp(ok);
    expect(await outcome(client, `http://127.0.0.1:${await closedPort()}/`)).toEqual(['connect', 'not sent']);
    expect(await outcome(client, url)).toEqual([200, 'ok']);
  });
});

describe('TLS', () => {
  it('trusts no unknown authority unless it is named or checks are off', async () => {
    const url = await serveHttps(ok);
    const fault = await faultOf(clientWith({ options: { caFile: null } }), url);
    expect(fault).toMatchObject({ kind: 'tls', sent: false });
    expect(fault.message).toContain('PEM');
    expect(await outcome(clientWith({ options: { caFile: AUTHORITY } }), url)).toEqual([200, 'ok']);
    expect(await outcome(clientWith({ options: { caFile: null, verifyTls: false } }), url)).toEqual([200, 'ok']);
  });

  it.skipIf(process.platform !== 'linux')('trusts what the system trusts', async () => {
    const url = await serveHttps(ok);
    const child = fileURLToPath(new URL('./trust-child.ts', import.meta.url));
    const heard = async (env: Record<string, string>): Promise<string> =>
      (await promisify(execFile)(process.execPath, [child, url], { env })).stdout.trim();
    expect(await heard({})).toBe('tls');
    expect(await heard({ SSL_CERT_FILE: AUTHORITY })).toBe('200');
  });

  it.each([
    ['other-name', 'another name'],
    ['expired', 'expired'],
  ])('refuses a certificate that is %s', async (name, word) => {
    const url = await serveHttps(ok, name);
    const fault = await faultOf(clientWith(), url);
    expect(fault).toMatchObject({ kind: 'tls', sent: false });
    expect(fault.message).toContain(word);
    expect(await outcome(clientWith({ options: { verifyTls: false } }), url)).toEqual([200, 'ok']);
  });

  it('says that a server speaks none', async () => {
    const url = (await serveHttp(ok)).replace('http:', 'https:');
    const fault = await faultOf(clientWith(), url);
    expect(fault).toMatchObject({ kind: 'tls', sent: false });
    expect(fault.message).toContain('does not speak TLS');
  });

  it('says that a handshake was broken off', async () => {
    const url = (await serveBytes((socket) => socket.once('data', () => socket.destroy()))).replace('http:', 'https:');
    expect(await faultOf(clientWith(), url)).toMatchObject({ kind: 'tls', sent: false });
  });

  it.each([
    ['missing', null, 'is not there'],
    ['empty', '', 'holds no certificate'],
    ['damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'cannot be read'],
  ])('says that the file of authorities is %s, and reads it again', async (_, text, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-ca-'));
    folders.push(folder);
    const caFile = join(folder, 'own.pem');
    if (text !== null) {
      writeFileSync(caFile, text);
    }
    const url = await serveHttps(ok);
    const client = clientWith({ options: { caFile } });
    const fault = await faultOf(client, url);
    expect(fault).toMatchObject({ kind: 'tls', sent: false });
    expect(fault.message).toContain(words);
    expect(fault.message).toContain(caFile);
    copyFileSync(AUTHORITY, caFile);
    expect(await outcome(client, url)).toEqual([200, 'ok']);
  });
});

describe('a request that cannot be formed', () => {
  it.each(['line\nend', 'nul\u0000', 'Ā'])('with a key like %j is refused before anything is sent', async (key) => {
    let requests = 0;
    const url = await serveHttp((_, response) => {
      requests += 1;
      response.end();
    });
    const fault = await faultOf(clientWith(), url, { headers: { 'x-apikey': key } });
    expect(fault).toMatchObject({ kind: 'refused-address', sent: false });
    expect([fault.message.includes(key), requests]).toEqual([false, 0]);
  });
});

describe('time', () => {
  it('covers the whole exchange: no answer, no end of the answer, one byte at a time', async () => {
    const silent = await serveHttp(() => undefined);
    const open = await serveHttp((_, response) => response.writeHead(200).write('{'));
    const slow = await serveHttp((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    });
    const client = clientWith({ options: { concurrency: 3 } });
    const results = await Promise.all(
      [silent, open, slow].map((url) => client.send(requestTo(url, { timeoutMs: 200 }), NEVER)),
    );
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, fault: { kind: 'timeout', sent: true } });
      const elapsed = result.ok ? 0 : result.fault.elapsedMs;
      expect(elapsed).toBeGreaterThanOrEqual(190);
      expect(elapsed).toBeLessThan(2_000);
    }
  });

  it('knows that nothing was sent while TLS was not set up, or others were in the way', async () => {
    const silent = (await serveBytes(() => undefined)).replace('http:', 'https:');
    expect(await outcome(clientWith(), silent, { timeoutMs: 150 })).toEqual(['timeout', 'not sent']);
    let requests = 0;
    const busy = await serveHttp((request, response) => {
      if (request.url === '/warm') {
        response.end();
        return;
      }
      requests += 1;
    });
    const client = clientWith({ options: { concurrency: 1 } });
    await outcome(client, `${busy}/warm`);
    const first = outcome(client, busy, { timeoutMs: 600 });
    const second = outcome(client, busy, { timeoutMs: 100 });
    expect([await first, await second]).toEqual([
      ['timeout', 'sent'],
      ['timeout', 'not sent'],
    ]);
    expect(await outcome(client, busy, { timeoutMs: 600 })).toEqual(['timeout', 'sent']);
    expect(requests).toBe(2);
  });
});

describe('an end from this side', () => {
  it('is told at once, before and after sending', async () => {
    const arrived = Promise.withResolvers<void>();
    const silent = await serveHttp(() => arrived.resolve());
    const client = clientWith();
    expect(await outcome(client, silent, {}, AbortSignal.abort())).toEqual(['aborted', 'not sent']);
    const stop = new AbortController();
    const waiting = outcome(client, silent, {}, stop.signal);
    await arrived.promise;
    stop.abort();
    expect(await waiting).toEqual(['aborted', 'sent']);
  });

  it('comes with closing the client, and nothing is sent afterwards', async () => {
    const arrived = Promise.withResolvers<void>();
    let requests = 0;
    const silent = await serveHttp(() => {
      requests += 1;
      arrived.resolve();
    });
    const client = clientWith();
    const handshaking = clientWith();
    const waiting = outcome(client, silent);
    const half = outcome(handshaking, (await serveBytes(() => undefined)).replace('http:', 'https:'));
    await arrived.promise;
    await Promise.all([client.close(), handshaking.close()]);
    expect([await waiting, await half]).toEqual([
      ['aborted', 'sent'],
      ['aborted', 'not sent'],
    ]);
    expect(await outcome(client, silent)).toEqual(['aborted', 'not sent']);
    expect(requests).toBe(1);
    await client.close();
  });
});
