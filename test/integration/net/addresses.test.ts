import { afterEach, describe, expect, it } from 'vitest';
import { clientWith, closeClients, faultOf, outcome } from './client-fixture.ts';
import { closeServers, serveHttp, serveHttps, serveProxy } from './servers.ts';

afterEach(async () => {
  await closeClients();
  await closeServers();
});

describe('offline', () => {
  it('is looked at before every exchange', async () => {
    let isOffline = false;
    let requests = 0;
    const url = await serveHttp((_, response) => {
      requests += 1;
      response.end('ok');
    });
    const client = clientWith({ isOffline: () => Promise.resolve(isOffline) });
    expect(await outcome(client, url)).toEqual([200, 'ok']);
    isOffline = true;
    expect(await outcome(client, url)).toEqual(['offline', 'not sent']);
    isOffline = false;
    expect(await outcome(client, url)).toEqual([200, 'ok']);
    expect(requests).toBe(2);
  });

  it('holds when the switch cannot be read', async () => {
    const url = await serveHttp((_, response) => response.end('ok'));
    const client = clientWith({ isOffline: () => Promise.reject(new Error('database is locked')) });
    expect(await outcome(client, url)).toEqual(['offline', 'not sent']);
  });
});

describe('a simulated data directory', () => {
  it.each([
    'https://www.virustotal.com/api/v3/files/x',
    'https://localhost.example.com/',
    'https://sub.localhost/',
    'https://10.0.0.1/',
    'https://[fe80::1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://128.0.0.1/',
    'http://0.0.0.0/',
  ])('does not reach %s', async (url) => {
    const client = clientWith({ directory: 'simulated' });
    expect(await outcome(client, url)).toEqual(['refused-address', 'not sent']);
  });

  it('reaches this machine by name and by both kinds of address, whoever answers', async () => {
    const four = await serveHttp((_, response) => response.setHeader('x-assay-simulated', '1').end('4'));
    const six = await serveHttp((_, response) => response.end('6'), '::1');
    const client = clientWith({ directory: 'simulated' });
    const named = four.replace('127.0.0.1', 'localhost');
    const mapped = four.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    const short = four.replace('127.0.0.1', '127.1');
    const answers = await Promise.all([four, six, named, mapped, short].map((url) => outcome(client, url)));
    expect(answers).toEqual([
      [200, '4'],
      [200, '6'],
      [200, '4'],
      [200, '4'],
      [200, '4'],
    ]);
  });

  it('uses no proxy elsewhere', async () => {
    const near = await serveProxy();
    const target = await serveHttp((_, response) => response.end('ok'));
    const through = (url: string) =>
      clientWith({ directory: 'simulated', options: { proxy: { kind: 'manual', url } } });
    expect(await outcome(through(near.url), target)).toEqual([200, 'ok']);
    expect(await outcome(through('http://proxy.example:3128'), target)).toEqual(['refused-address', 'not sent']);
  });
});

describe('a real data directory', () => {
  it('keeps no answer of a simulator', async () => {
    const url = await serveHttp((_, response) => response.setHeader('X-Assay-Simulated', '1').end('{}'));
    const fault = await faultOf(clientWith(), url);
    expect(fault).toMatchObject({ kind: 'refused-address', sent: true });
    expect(fault.message).toContain('simulator');
  });

  it.each(['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'no address', ''])(
    'sends nothing to %s',
    async (url) => {
      expect(await outcome(clientWith(), url)).toEqual(['refused-address', 'not sent']);
    },
  );

  it('takes no credentials in a URL', async () => {
    const fault = await faultOf(clientWith(), 'https://name:geheim@localhost/');
    expect(fault).toMatchObject({ kind: 'refused-address', sent: false });
    expect(fault.message).not.toContain('geheim');
  });

  it('reaches loopback in the clear and over TLS', async () => {
    const plain = await serveHttp((_, response) => response.end('plain'));
    const secure = await serveHttps((_, response) => response.end('secure'));
    expect(await outcome(clientWith(), plain)).toEqual([200, 'plain']);
    expect(await outcome(clientWith(), secure)).toEqual([200, 'secure']);
    expect(await outcome(clientWith(), secure.replace('localhost', '127.0.0.1'))).toEqual([200, 'secure']);
  });
});
