import { afterEach, describe, expect, it } from 'vitest';
import { clientWith, closeClients, faultOf, outcome } from './client-fixture.ts';
import { closedPort, closeServers, serveBytes, serveHttp, serveHttps, serveProxy } from './servers.ts';

/** Leads nowhere but through the proxies of the tests, which tunnel every name to this machine. */
const ELSEWHERE = 'elsewhere.example';

afterEach(async () => {
  await closeClients();
  await closeServers();
});

const ok = (_: unknown, response: { end(text: string): unknown }): unknown => response.end('ok');
const manual = (url: string, credentials: { name: string; password: string } | null = null) =>
  clientWith({ options: { proxy: { kind: 'manual', url }, proxyCredentials: credentials } });
const system = (env: Record<string, string>) => clientWith({ env, options: { proxy: { kind: 'system' } } });
const elsewhere = async (): Promise<{ url: string; authority: string }> => {
  const { port } = new URL(await serveHttps(ok, 'other-name'));
  return { url: `https://${ELSEWHERE}:${port}/files/abc`, authority: `${ELSEWHERE}:${port}` };
};
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a proxy that is set by hand', () => {
  it('is asked for a tunnel; the source inside is checked as ever and sees no proxy header', async () => {
    const seen: unknown[] = [];
    const target = await serveHttps((request, response) => {
      seen.push(request.headers['proxy-authorization'] ?? null);
      response.end('ok');
    });
    const { host } = new URL(target);
    const proxy = await serveProxy({ wants: basic('anna:pass:wört') });
    const client = manual(proxy.url, { name: 'anna', password: 'pass:wört' });
    expect(await outcome(client, `${target}/files/abc`)).toEqual([200, 'ok']);
    expect(await outcome(client, `${target}/files/abd`)).toEqual([200, 'ok']);
    expect([seen, proxy.plain]).toEqual([[null, null], []]);
    const tunnel = { authority: host, authorization: basic('anna:pass:wört') };
    expect(proxy.heard).toEqual(proxy.heard.map(() => tunnel));
    expect(proxy.heard.length).toBeGreaterThan(0);
    const other = await elsewhere();
    expect(await outcome(manual((await serveProxy()).url), other.url)).toEqual([200, 'ok']);
    const expired = await serveHttps(ok, 'expired');
    expect(await faultOf(manual((await serveProxy()).url), expired)).toMatchObject({ kind: 'tls', sent: false });
  });

  it('may be spoken to over TLS, and its certificate is checked too', async () => {
    const target = await serveHttps(ok);
    const proxy = await serveProxy({ tls: 'local', wants: basic('a:b') });
    expect(await outcome(manual(proxy.url, { name: 'a', password: 'b' }), target)).toEqual([200, 'ok']);
    const other = await faultOf(manual((await serveProxy({ tls: 'other-name' })).url), target);
    expect(other).toMatchObject({ kind: 'tls', sent: false });
    expect(other.message).toContain('proxy');
  });

  it('is asked for an IPv6 address in brackets', async () => {
    const target = await serveHttp(ok, '::1');
    const proxy = await serveProxy({ answer: 'HTTP/1.1 502 Bad Gateway' });
    expect(await outcome(manual(proxy.url), target)).toEqual(['proxy', 'not sent']);
    expect(proxy.heard.map(({ authority }) => authority)).toEqual([new URL(target).host]);
  });

  it('leads to plain loopback as well', async () => {
    const target = await serveHttp(ok);
    const proxy = await serveProxy();
    expect(await outcome(manual(proxy.url), target)).toEqual([200, 'ok']);
    expect(proxy.heard.map(({ authority }) => authority)).toEqual([new URL(target).host]);
  });

  it.each([
    ['asks for credentials', { wants: basic('a:b') }, null, 'asks for a name and password'],
    ['refuses credentials', { wants: basic('a:b') }, { name: 'x-name', password: 'geheim' }, 'refused its name'],
    [
      'signs in another way',
      { answer: 'HTTP/1.1 407 No\r\nproxy-authenticate: Negotiate\r\nproxy-authenticate: NTLM geheim' },
      { name: 'x-name', password: 'geheim' },
      '(407: Negotiate, NTLM); only Basic can',
    ],
    [
      'offers Basic among others',
      { answer: 'HTTP/1.1 407 No\r\nproxy-authenticate: NTLM\r\nproxy-authenticate: Basic realm="x, y"' },
      { name: 'x-name', password: 'geheim' },
      'refused its name',
    ],
    ['has a rule against it', { answer: 'HTTP/1.1 403 Forbidden' }, null, 'refused a connection'],
    ['cannot reach the source', { answer: 'HTTP/1.1 502 Bad Gateway' }, null, 'could not reach'],
    ['waits in vain for the source', { answer: 'HTTP/1.1 504 Gateway Timeout' }, null, 'could not reach'],
    ['redirects', { answer: 'HTTP/1.1 302 Found\r\nlocation: http://elsewhere' }, null, 'refused a connection'],
    ['is none', { answer: 'SSH-2.0-OpenSSH' }, null, 'did not answer as an HTTP proxy'],
  ])('%s', async (_, options, credentials, words) => {
    const target = await serveHttps(ok);
    const fault = await faultOf(manual((await serveProxy(options)).url, credentials), `${target}/files/abc`);
    expect(fault).toMatchObject({ kind: 'proxy', sent: false });
    expect(fault.message).toContain(words);
    expect(fault.message).not.toMatch(/geheim|x-name|abc|http:\/\//);
  });

  it('is not there', async () => {
    const target = await serveHttp(ok);
    const port = await closedPort();
    const fault = await faultOf(manual(`http://127.0.0.1:${port}`), target);
    expect(fault).toMatchObject({ kind: 'proxy', sent: false });
    expect(fault.message).toContain(`127.0.0.1:${port}`);
    const nameless = await faultOf(manual('http://nobody.invalid:3128'), (await elsewhere()).url);
    expect(nameless).toMatchObject({ kind: 'proxy', sent: false });
    expect(nameless.message).toContain('resolved');
    expect(await outcome(manual('socks5://127.0.0.1:1080'), target)).toEqual(['proxy', 'not sent']);
  });

  it('hangs, or ends the connection', async () => {
    const target = await serveHttp(ok);
    const silent = await serveBytes(() => undefined);
    expect(await outcome(manual(silent), target, { timeoutMs: 150 })).toEqual(['timeout', 'not sent']);
    const ends = await serveBytes((socket) => socket.once('data', () => socket.destroy()));
    expect(await outcome(manual(ends), target)).toEqual(['proxy', 'not sent']);
  });
});

describe("the system's proxy", () => {
  it.each([
    ['HTTPS_PROXY', (url: string) => ({ HTTPS_PROXY: url })],
    ['https_proxy', (url: string) => ({ https_proxy: url, HTTPS_PROXY: 'http://nobody.invalid' })],
    ['ALL_PROXY', (url: string) => ({ ALL_PROXY: url, HTTP_PROXY: 'http://nobody.invalid' })],
    ['all_proxy', (url: string) => ({ all_proxy: url, https_proxy: ' ' })],
    ['a name without a scheme', (url: string) => ({ HTTPS_PROXY: url.replace('http://', '') })],
    ['one that exempts others', (url: string) => ({ HTTPS_PROXY: url, NO_PROXY: 'lsewhere.example,10.0.0.0/8' })],
    ['one that exempts another port', (url: string) => ({ HTTPS_PROXY: url, no_proxy: `${ELSEWHERE}:1` })],
  ])('is found in %s', async (_, env) => {
    const proxy = await serveProxy();
    const { url, authority } = await elsewhere();
    expect(await outcome(system(env(proxy.url)), url)).toEqual([200, 'ok']);
    expect(proxy.heard).toEqual([{ authority, authorization: null }]);
  });

  it('may carry credentials, which are never shown', async () => {
    const proxy = await serveProxy({ wants: basic('anna:ge%heim') });
    const { url } = await elsewhere();
    const address = proxy.url.replace('http://', 'http://anna:ge%25heim@');
    expect(await outcome(system({ HTTPS_PROXY: address }), url)).toEqual([200, 'ok']);
    const refusing = await serveProxy({ answer: 'HTTP/1.1 403 Forbidden' });
    const fault = await faultOf(system({ HTTPS_PROXY: refusing.url.replace('http://', 'http://anna:geheim@') }), url);
    expect(fault).toMatchObject({ kind: 'proxy', sent: false });
    expect(fault.message).not.toMatch(/anna|geheim/);
    const damaged = await faultOf(system({ HTTPS_PROXY: 'http://anna:geheim@[bad' }), url);
    expect(damaged).toMatchObject({ kind: 'proxy', sent: false });
    expect(damaged.message).not.toMatch(/anna|geheim/);
  });

  it('is not used for this machine, nor where NO_PROXY says so', async () => {
    const proxy = await serveProxy();
    const target = await serveHttp(ok);
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ALL_PROXY: proxy.url };
    expect(await outcome(system(env), target)).toEqual([200, 'ok']);
    const { url } = await elsewhere();
    for (const exempt of ['*', ELSEWHERE, '.example', `*.example`, `x, ${new URL(url).host}`]) {
      expect([exempt, await outcome(system({ ...env, NO_PROXY: exempt }), url)]).toEqual([exempt, ['dns', 'not sent']]);
    }
    expect(proxy.heard).toEqual([]);
  });

  it('counts only when it is chosen', async () => {
    const { url } = await elsewhere();
    const proxy = await serveProxy();
    const direct = clientWith({ env: { HTTPS_PROXY: proxy.url }, options: { proxy: { kind: 'none' } } });
    expect(await outcome(direct, url)).toEqual(['dns', 'not sent']);
    expect(proxy.heard).toEqual([]);
  });
});
