import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost, lookupHost } from '#main/net/addresses.ts';

describe('this machine', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::FFFF:127.8.8.8'])(
    'is %s',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );

  it.each(['128.0.0.1', '126.255.255.255', '0.0.0.0', '::', '::2', 'fe80::1', '::ffff:10.0.0.1', '10.0.0.1', '', 'x'])(
    'is not %j',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );

  it.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['[::1]', true],
    ['127.0.0.1', true],
    ['localhost.example', false],
    ['a.localhost', false],
    ['localhost.', false],
    ['127.0.0.1.example', false],
    ['', false],
  ])('by the host %j: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });

  it('is what localhost means, whatever a name server would say', async () => {
    const all = new Promise((resolve) => lookupHost('LocalHost', { all: true }, (_, found) => resolve(found)));
    const one = new Promise((resolve) => lookupHost('localhost', {}, (_, found, family) => resolve([found, family])));
    expect([await all, await one]).toEqual([
      [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ],
      ['127.0.0.1', 4],
    ]);
  });
});
