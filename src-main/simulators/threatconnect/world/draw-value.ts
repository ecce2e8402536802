import type { IndicatorTypeName, NewIndicator } from './indicator.ts';

type Identity = Pick<NewIndicator, 'summary' | 'md5' | 'sha1' | 'sha256' | 'size'>;
type Random = () => number;

/** Networks that are assigned and not announced to the internet, so that no made-up address is anybody's server. */
const NETWORKS = [21, 22, 26, 28, 29, 30];
const PRIVATE_NETWORKS = ['10.20', '192.168', '172.20', '127.0', '169.254'];
const WORDS = 'update sync login cdn mail print audio relay portal files static metrics invoice parcel bank'.split(' ');
/** Domains that nobody has given out. */
const TOP = ['madeup', 'invented'];
/** Domains for documentation, tests and own networks: a client may refuse to look for names below them. */
const RESERVED_TOP = ['example', 'test', 'local'];
/** Odd names the instance has all the same: a client must say that it cannot use them. */
const BROKEN_HOSTS = ['two words.example', 'under lined host.test', '*.wildcard.example', 'a..b.example'];

/**
 * What an indicator of a type is, drawn so that no two numbers `n` below 16 million give the same address or host. Files
 * have one, two or three digests; IPv6 addresses are written out in full.
 */
export function drawIdentity(type: IndicatorTypeName, n: number, random: Random): Identity {
  switch (type) {
    case 'File':
      return drawnFile(random);
    case 'Address':
      return { summary: drawnAddress(n, random) };
    case 'Host':
      return { summary: drawnHost(n, random) };
    default:
      return { summary: OTHERS[type](n, random) };
  }
}

const OTHERS: Readonly<
  Record<Exclude<IndicatorTypeName, 'File' | 'Address' | 'Host'>, (n: number, random: Random) => string>
> = {
  URL: (n, random) => `https://${plainHost(n, random)}/d/${hex(random, 2).toLowerCase()}`,
  EmailAddress: (n, random) => `${one(WORDS, random)}${n}@${one(WORDS, random)}.example`,
  ASN: (n) => `ASN${4_200_000_000 + n}`,
  CIDR: (n) => `${NETWORKS[n % NETWORKS.length] ?? 22}.${(n >> 8) & 255}.${n & 255}.0/24`,
  'Email Subject': (n, random) => `Your ${one(WORDS, random)}, number ${n}`,
  Hashtag: (n, random) => `#${one(WORDS, random)}${n}`,
  Mutex: (n, random) => `Global\\${one(WORDS, random)}-${n}`,
  'Registry Key': (n, random) => `HKEY_LOCAL_MACHINE\\Software\\${one(WORDS, random)}${n}`,
  'User Agent': (n, random) => `${one(WORDS, random)}/${n} (compatible)`,
};

/** Two in three have all digests, the others any subset. */
function drawnFile(random: Random): Identity {
  const kept = random() < 0.66 ? 7 : 1 + Math.floor(random() * 7);
  return {
    ...((kept & 1) === 0 ? {} : { md5: hex(random, 4) }),
    ...((kept & 2) === 0 ? {} : { sha1: hex(random, 5) }),
    ...((kept & 4) === 0 ? {} : { sha256: hex(random, 8) }),
    ...(random() < 0.5 ? { size: 1 + Math.floor(random() * 5_000_000) } : {}),
  };
}

function drawnAddress(n: number, random: Random): string {
  const share = random();
  if (share < 0.02) {
    const network = n < 65_536 ? one(PRIVATE_NETWORKS, random) : `10.${n >> 16}`;
    return `${network}.${(n >> 8) & 255}.${n & 255}`;
  }
  if (share < 0.2) {
    const groups = [0x3ffe, n >> 16, n & 0xffff, 0, 0, 0, Math.floor(random() * 3), Math.floor(random() * 65_536)];
    return (share < 0.03 ? [0xfd00, ...groups.slice(1)] : groups).map((group) => group.toString(16)).join(':');
  }
  // Odd numbers keep all values of 24 bits apart.
  const host = Math.imul(n, 0x9e3779b1) & 0xffffff;
  return `${one(NETWORKS, random)}.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
}

function drawnHost(n: number, random: Random): string {
  const share = random();
  if (share < 0.004) {
    return `${n}.${one(BROKEN_HOSTS, random)}`;
  }
  if (share < 0.05) {
    return `xn--bcher-kva.${n.toString(36)}.${one(TOP, random)}`;
  }
  const host = plainHost(n, random);
  return share < 0.1 ? host.toUpperCase() : host;
}

function plainHost(n: number, random: Random): string {
  const top = one(random() < 0.03 ? RESERVED_TOP : TOP, random);
  return `${one(WORDS, random)}-${n.toString(36)}.${one(WORDS, random)}.${top}`;
}

/** So many times eight hexadecimal digits, upper case. */
function hex(random: Random, words: number): string {
  let text = '';
  for (let left = words; left > 0; left -= 1) {
    text += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  }
  return text.toUpperCase();
}

function one<T>(from: readonly T[], random: Random): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) {
    throw new RangeError('nothing to draw from');
  }
  return found;
}
