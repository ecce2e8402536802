import { describe, expect, it } from 'vitest';
import type { HttpOptions } from '#main/net/port.ts';
import { namesProxy, proxyFor } from '#main/net/proxy-choice.ts';

const options = (proxy: HttpOptions['proxy']): HttpOptions => ({
  verifyTls: true,
  caFile: null,
  proxy,
  proxyCredentials: { name: 'kept', password: 'pw' },
  concurrency: 1,
});
const bySystem = (url: string, env: Record<string, string>) => {
  const route = proxyFor(new URL(url), options({ kind: 'system' }), env);
  return route === null ? null : `${route.protocol}//${route.host}:${route.port}`;
};
const TARGET = 'https://www.virustotal.com/api';

describe('the proxy for a target', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['none is named', {}, null],
    ['one for https', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['lower case goes first', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' }, 'http://q:2'],
    ['one for http only', { HTTP_PROXY: 'http://p:3128' }, null],
    ['one for all', { ALL_PROXY: 'p' }, 'http://p:80'],
    ['over TLS', { HTTPS_PROXY: 'https://p' }, 'https://p:443'],
    ['an IPv6 address', { HTTPS_PROXY: 'http://[fd00::1]:8080' }, 'http://fd00::1:8080'],
    ['empty', { HTTPS_PROXY: '', ALL_PROXY: '  ' }, null],
  ])('%s', (_, env, expected) => {
    expect(bySystem(TARGET, env)).toBe(expected);
    expect(namesProxy(env)).toBe(Object.values(env).some((value) => value.trim() !== ''));
  });

  it.each([
    ['www.virustotal.com', true],
    ['virustotal.com', true],
    ['.virustotal.com', true],
    ['*.virustotal.com', true],
    ['VirusTotal.COM', true],
    ['www.virustotal.com:443', true],
    ['www.virustotal.com.', true],
    ['a.example  ,  virustotal.com', true],
    ['*', true],
    ['www.virustotal.com:8443', false],
    ['irustotal.com', false],
    ['ww.virustotal.com', false],
    ['10.0.0.0/8', false],
    ['', false],
  ])('NO_PROXY=%j exempts it: %s', (list, isExempt) => {
    expect(bySystem(TARGET, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) === null).toBe(isExempt);
  });

  it.each([
    ['https://10.20.0.9/', '10.0.0.0/8', true],
    ['https://11.20.0.9/', '10.0.0.0/8', false],
    ['https://[fd00::9]/', 'fd00::/16', true],
    ['https://[fd00::9]/', '[fd00::9]', true],
    ['https://[fd00::9]/', 'fd00::9', true],
    ['https://10.20.0.9/', '10.0.0.0/99', false],
    ['https://10.20.0.9/', '10.0.0.0/x', false],
    ['https://10.20.0.9/', 'fd00::/16', false],
  ])('%s and NO_PROXY=%s: exempt %s', (url, list, isExempt) => {
    expect(bySystem(url, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) === null).toBe(isExempt);
  });

  it('takes kept credentials unless the address brings its own', () => {
    const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const by = (address: string) =>
      proxyFor(new URL(TARGET), options({ kind: 'system' }), { HTTPS_PROXY: address })?.authorization;
    expect([by('http://p:1'), by('http://own:a%40b@p:1'), by('http://own@p:1')]).toEqual([
      header('kept:pw'),
      header('own:a@b'),
      header('own:'),
    ]);
    const manual = proxyFor(new URL('http://127.0.0.1:1/'), options({ kind: 'manual', url: 'http://p:9' }), {});
    expect(manual).toMatchObject({ host: 'p', port: 9, isManual: true, authorization: header('kept:pw') });
  });
});
