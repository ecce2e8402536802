import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import { changedConfig } from '#main/services/sources/check-config.ts';

const { facts } = titaniumcloud;
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e' as HexDigest;
const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709' as HexDigest;
const set = (options: Record<string, string>) => changedConfig(facts, facts.defaults, { options }, false);

describe('an option', () => {
  it.each([
    [{ username: 'u/company/user' }],
    [{ username: '' }],
    [{ lowTrust: 'unknown', noThreats: 'non-malicious', bodyType: 'octet-stream' }],
    [{ pageHost: 'a1000.example.com' }],
    [{ pageHost: 'a1000.example.com:8443' }],
    [{ pageHost: '[fd00::1]:8443' }],
  ])('is kept beside the others: %j', (options) => {
    expect(set(options).options).toEqual({ ...facts.defaults.options, ...options });
  });

  it.each([
    [{ username: 'user:word' }, 'username must be'],
    [{ username: 'a user' }, 'username must be'],
    [{ username: 'us\u0000er' }, 'username must be'],
    [{ lowTrust: 'malicious' }, 'lowTrust must be non-malicious or unknown'],
    [{ bodyType: 'xml' }, 'bodyType must be json or octet-stream'],
    [{ pageHost: 'https://a1000.example.com' }, 'pageHost must be a host name'],
    [{ pageHost: 'a1000.example.com/path' }, 'pageHost must be a host name'],
    [{ pageHost: 'user@a1000.example.com' }, 'pageHost must be a host name'],
    [{ pageHost: 'A1000.example.com' }, 'pageHost must be a host name'],
    [{ pageHost: 'a1000.example.com:443' }, 'pageHost must be a host name'],
    [{ password: 'secret' }, 'is no setting of it'],
  ])('is refused by name: %j', (options, message) => {
    expect(() => set(options)).toThrow(message);
  });
});

describe('the page', () => {
  it.each([
    ['', { sha1: SHA1 }, null, []],
    ['a1000.example.com', { sha1: SHA1, md5: MD5 }, `https://a1000.example.com/${SHA1}/`, ['a1000.example.com']],
    ['a1000.example.com:8443', { md5: MD5 }, `https://a1000.example.com:8443/?q=${MD5}`, ['a1000.example.com:8443']],
    ['a1000.example.com', {}, null, ['a1000.example.com']],
  ])('of an appliance at "%s"', (pageHost, digests, page, hosts) => {
    const config = set({ pageHost });
    expect(titaniumcloud.page(digests, config)).toBe(page);
    expect(facts.pageHosts?.(config)).toEqual(hosts);
  });
});
