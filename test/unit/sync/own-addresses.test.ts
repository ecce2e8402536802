import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockList } from 'node:net';
import type { Term } from '#shared/domain/indicator.ts';
import { checkOwn, ownMatcher, whyOwn } from '#shared/domain/addresses/own-addresses.ts';

const ipv4 = (value: string): Term => ({ kind: 'ipv4', value });
const ipv6 = (value: string): Term => ({ kind: 'ipv6', value });
const host = (value: string): Term => ({ kind: 'host', value });
const dotted = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');

/** The networks again, read by Node's own block list, which shares no code with what is tested. */
function reference(): BlockList {
  const list = new BlockList();
  const v4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`;
  for (const text of v4.trim().split(/\s+/)) {
    const [network = '', bits] = text.split('/');
    list.addSubnet(network, Number(bits), 'ipv4');
  }
  return list;
}

describe('addresses that are never pushed', () => {
  it.each([
    ['10.0.0.5', '10.0.0.5 is a private address (10.0.0.0/8).'],
    ['172.31.255.255', '172.31.255.255 is a private address (172.16.0.0/12).'],
    ['192.168.1.1', '192.168.1.1 is a private address (192.168.0.0/16).'],
    ['127.8.8.8', '127.8.8.8 is a loopback address (127.0.0.0/8).'],
    ['100.127.0.1', '100.127.0.1 is a shared address behind carrier NAT (100.64.0.0/10).'],
    ['255.255.255.255', '255.255.255.255 is the broadcast address (255.255.255.255/32).'],
    ['255.255.255.254', '255.255.255.254 is a reserved address (240.0.0.0/4).'],
    ['0.0.0.0', '0.0.0.0 is an address of "this network" (0.0.0.0/8).'],
  ])('%s', (value, sentence) => {
    expect(whyOwn(ipv4(value), [])).toBe(sentence);
  });

  it.each(['9.255.255.255', '11.0.0.0', '172.32.0.0', '100.128.0.0', '192.167.0.1', '198.20.0.1', '223.255.255.255'])(
    '%s, just outside, may be pushed',
    (value) => {
      expect(whyOwn(ipv4(value), [])).toBeNull();
    },
  );

  it('agrees with a block list of the same networks for any IPv4 address', () => {
    const list = reference();
    const starts = ['10.0.0.0', '172.15.255.255', '192.0.2.0', '198.17.255.255', '223.255.255.255', '100.63.255.255'];
    const near = starts.map((text) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
    const addresses = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.tuple(fc.constantFrom(...near), fc.integer({ min: -300, max: 300 })).map(([start, step]) => start + step),
    );
    fc.assert(
      fc.property(addresses, (number) => {
        const text = dotted(number);
        expect(whyOwn(ipv4(text), []) !== null).toBe(list.check(text, 'ipv4'));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['::1', 'the loopback address'],
    ['0:0:0:0:0:0:0:1', 'the loopback address'],
    ['::', 'the unspecified address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['FD00::1234', 'a unique local address'],
    ['ff02::fb', 'a multicast address'],
    ['2001:db8:1::1', 'an address for documentation'],
    ['3fff:abc::1', 'an address for documentation'],
    ['64:ff9b:1::5db8:d822', 'an address of local translation'],
    ['[fe80::2]', 'a link-local address'],
  ])('%s', (value, what) => {
    expect(whyOwn(ipv6(value), [])).toContain(` is ${what} (`);
  });

  it.each(['2001:4860:4860::8888', '2606:4700::1111', '64:ff9b::808:808', '2002:808:808::1', '::ffff:8.8.8.8'])(
    '%s may be pushed',
    (value) => {
      expect(whyOwn(ipv6(value), [])).toBeNull();
    },
  );

  it('an IPv6 address that carries an IPv4 address counts as that address', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x1_00_00_00, max: 2 ** 32 - 1 }), (number) => {
        const text = dotted(number);
        const groups = [number >>> 16, number & 0xffff].map((group) => group.toString(16)).join(':');
        const isOwn = whyOwn(ipv4(text), []) !== null;
        for (const form of [`::ffff:${text}`, `::ffff:${groups}`, `64:ff9b::${groups}`, `2002:${groups}::1`]) {
          expect([form, whyOwn(ipv6(form), []) !== null]).toEqual([form, isOwn]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('hosts that are never pushed', () => {
  it.each([
    'localhost',
    'printer',
    'nas.local',
    'db.prod.internal',
    'router.lan',
    'pi.home.arpa',
    'a.b.test',
    'www.example',
    'www.example.com',
    'nothing.invalid',
    'x.localhost',
    'X.LOCAL.',
    '1.0.0.127.in-addr.arpa',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '[::1]',
    '10.1',
  ])('%s', (value) => {
    expect(whyOwn(host(value), [])).not.toBeNull();
  });

  it.each([
    'expyuzz4wqqyqhjn.onion',
    'evil.com',
    'notlocal.net',
    'mylocal.org',
    'local.evil.com',
    '8.8.8.8',
    'test.com',
    'xn--e1afmkfd.xn--p1ai',
  ])('%s may be pushed', (value) => {
    expect(whyOwn(host(value), [])).toBeNull();
  });

  it('digests are never own', () => {
    expect(whyOwn({ kind: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }, [])).toBeNull();
  });
});

describe('own entries', () => {
  const why = ownMatcher(['198.41.0.0/24', '199.9.14.201', 'Corp.Acme.com', '*.acme.net', '.acme', '2620:0:2d0::/48']);

  it.each([
    [ipv4('198.41.0.4'), '198.41.0.4 is in your own 198.41.0.0/24.'],
    [ipv4('199.9.14.201'), '199.9.14.201 is in your own 199.9.14.201.'],
    [ipv6('::ffff:198.41.0.4'), '::ffff:198.41.0.4 is in your own 198.41.0.0/24.'],
    [ipv6('2620:0:2d0:200::7'), '2620:0:2d0:200::7 is in your own 2620:0:2d0::/48.'],
    [host('198.41.0.9'), '198.41.0.9 is in your own 198.41.0.0/24.'],
    [host('corp.acme.com'), 'corp.acme.com is of your own domain corp.acme.com.'],
    [host('a.b.corp.acme.com'), 'a.b.corp.acme.com is of your own domain corp.acme.com.'],
    [host('www.acme.net'), 'www.acme.net is of your own domain acme.net.'],
    [host('ws1.acme'), 'ws1.acme is of your own domain acme.'],
  ])('%o', (term, sentence) => {
    expect(why(term)).toBe(sentence);
  });

  it.each([ipv4('198.41.1.4'), ipv4('199.9.14.202'), host('acme.com'), host('notcorp.acme.com'), host('badacme.net')])(
    '%o is beside them',
    (term) => {
      expect(why(term)).toBeNull();
    },
  );

  it('an own network holds every address of it and none beside it', () => {
    const networks = fc.tuple(fc.integer({ min: 0x01_00_00_00, max: 0x09_ff_ff_ff }), fc.integer({ min: 8, max: 32 }));
    fc.assert(
      fc.property(networks, fc.integer({ min: 0, max: 2 ** 32 - 1 }), ([start, bits], noise) => {
        const mask = (0xff_ff_ff_ff << (32 - bits)) >>> 0;
        const inside = ((start & mask) | (noise & ~mask)) >>> 0;
        const beside = (inside ^ (1 << (32 - bits))) >>> 0;
        const matcher = ownMatcher([`${dotted(start)}/${bits}`]);
        expect(matcher(ipv4(dotted(inside)))).toContain('in your own');
        expect(matcher(ipv4(dotted(beside))) ?? '').not.toContain('in your own');
      }),
    );
  });

  it('says what is wrong with each bad entry, and uses the others all the same', () => {
    const entries = [
      '10.0.0.0/33',
      '0.0.0.0/0',
      'https://acme.com',
      '',
      'com',
      'acme .com',
      '1.2.3.400',
      'bücher.de',
      'ok.com',
    ];
    expect(checkOwn(entries)).toEqual([
      '10.0.0.0/33 has no prefix length from 0 to 32 after the slash.',
      '0.0.0.0/0 covers more than an own network can: the shortest prefix is /8.',
      'https://acme.com is no address, network (such as 10.0.0.0/8) or domain; write it without port, path and protocol.',
      'An empty entry is no domain; names with other letters than a to z are written in their xn-- form.',
      'com is a single name; for all names that end in it write .com.',
      'acme .com is no address, network (such as 10.0.0.0/8) or domain; write it without port, path and protocol.',
      '1.2.3.400 is no address: an IPv4 address has four numbers from 0 to 255.',
      'bücher.de is no domain; names with other letters than a to z are written in their xn-- form.',
    ]);
    expect(whyOwn(host('www.ok.com'), entries)).toBe('www.ok.com is of your own domain ok.com.');
    expect(whyOwn(ipv4('8.8.8.8'), entries)).toBeNull();
  });

  it('accepts what it can use', () => {
    expect(checkOwn(['10.1.2.3/8', '::1', '2001:db8::/32', '*.acme.com', 'acme.com.', '.corp', ' 8.8.8.8 '])).toEqual(
      [],
    );
  });

  it('answers for 100,000 terms with a thousand entries within a second of work', () => {
    const entries = Array.from({ length: 1_000 }, (_, number) =>
      number % 2 === 0 ? `domain${number}.com` : `${dotted(0x20_00_00_00 + number * 4096)}/${20 + (number % 13)}`,
    );
    const matcher = ownMatcher(entries);
    const started = process.cpuUsage();
    let held = 0;
    for (let number = 0; number < 100_000; number += 1) {
      const term =
        number % 2 === 0
          ? ipv4(dotted(0x20_00_00_00 + number * 977))
          : host(`h${number}.domain${(number - 1) % 4000}.com`);
      held += matcher(term) === null ? 0 : 1;
    }
    expect(held).toBeGreaterThan(5_000);
    // Processor time: a busy machine does not decide.
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000);
  });
});
