/**
 * Networks that mean nothing outside one's own: what IANA's special-purpose address registries call not globally reachable,
 * and multicast. Sources: https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry, RFC 3879 (site-local), RFC 4291 and RFC 5771 (multicast).
 */
export const SPECIAL_NETWORKS: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'an address of "this network"'],
  ['10.0.0.0/8', 'a private address'],
  ['100.64.0.0/10', 'a shared address behind carrier NAT'],
  ['127.0.0.0/8', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['172.16.0.0/12', 'a private address'],
  ['192.0.0.0/24', 'an address kept for protocols'],
  ['192.0.2.0/24', 'an address for documentation'],
  ['192.168.0.0/16', 'a private address'],
  ['198.18.0.0/15', 'an address for benchmarks'],
  ['198.51.100.0/24', 'an address for documentation'],
  ['203.0.113.0/24', 'an address for documentation'],
  ['255.255.255.255/32', 'the broadcast address'],
  ['224.0.0.0/4', 'a multicast address'],
  ['240.0.0.0/4', 'a reserved address'],
  ['::/128', 'the unspecified address'],
  ['::1/128', 'the loopback address'],
  ['64:ff9b:1::/48', 'an address of local translation'],
  ['100::/64', 'an address whose packets are discarded'],
  ['100:0:0:1::/64', 'a dummy address'],
  ['2001:2::/48', 'an address for benchmarks'],
  ['2001:10::/28', 'an identifier, not an address'],
  ['2001:db8::/32', 'an address for documentation'],
  ['3fff::/20', 'an address for documentation'],
  ['5f00::/16', 'a segment identifier'],
  ['fc00::/7', 'a unique local address'],
  ['fe80::/10', 'a link-local address'],
  ['fec0::/10', 'a site-local address'],
  ['ff00::/8', 'a multicast address'],
];

/** IPv6 networks that carry an IPv4 address, and the byte it begins at (RFC 4291, RFC 6052, RFC 3056). */
export const CARRYING_NETWORKS: readonly (readonly [network: string, from: number])[] = [
  ['::ffff:0:0/96', 12],
  ['::ffff:0:0:0/96', 12],
  ['::/96', 12],
  ['64:ff9b::/96', 12],
  ['2002::/16', 2],
];

/**
 * Names with all below them that no public server answers for, or that stand for the reader's own. Sources:
 * https://www.iana.org/assignments/special-use-domain-names, RFC 6762 appendix G (names of private networks), ICANN's
 * reservation of `internal`. `onion` is not among them: such names are public.
 */
export const SPECIAL_DOMAINS: ReadonlyMap<string, string> = new Map([
  ...['local', 'localhost', 'localdomain', 'internal', 'intranet', 'private', 'corp', 'home', 'lan', 'home.arpa'].map(
    (name) => [name, 'a name of local networks'] as const,
  ),
  ...['test', 'example', 'invalid', 'example.com', 'example.net', 'example.org'].map(
    (name) => [name, 'a name for tests and documentation'] as const,
  ),
  ...['in-addr.arpa', 'ip6.arpa'].map((name) => [name, 'a name for looking addresses up'] as const),
]);
