import type { Term } from '../indicator.ts';
import { maskedKey, parseIpv4, parseIpv6, parseLooseIpv4, sharesPrefix, type IpBytes } from './ip-address.ts';
import { CARRYING_NETWORKS, SPECIAL_DOMAINS, SPECIAL_NETWORKS } from './own-networks.ts';

/** Says why a term is never to be pushed, as a sentence; null when nothing speaks against it. */
export type OwnMatcher = (term: Term) => string | null;

interface Network {
  readonly address: IpBytes;
  readonly bits: number;
}

type Entry =
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'domain'; readonly name: string };

/** Shorter prefixes are no network of one's own but a share of the whole internet. */
const SHORTEST_PREFIX: Readonly<Record<number, number>> = { 4: 8, 16: 16 };
const LONGEST_NAME = 253;

/**
 * Looks for what is wrong with own addresses, networks (CIDR) and domains. A sentence for each bad entry that names it; none
 * when all can be used.
 */
export function checkOwn(entries: readonly string[]): readonly string[] {
  return entries.flatMap((text) => {
    const entry = readEntry(text);
    return typeof entry === 'string' ? [entry] : [];
  });
}

/** See `ownMatcher`; for one term. */
export function whyOwn(term: Term, own: readonly string[]): string | null {
  return ownMatcher(own)(term);
}

/**
 * Terms that must not reach endpoints, whoever says that they are bad: addresses and names of local use, and the own
 * `entries` with all below them. An IPv6 address that carries an IPv4 address, and a host that is written as an address in
 * any form, count as that address. Entries that cannot be read are left out; `checkOwn` names them. Digests are never own.
 */
export function ownMatcher(entries: readonly string[]): OwnMatcher {
  const networks = new NetworkTable(SPECIAL.map(({ network, what }) => ({ network, why: what })));
  const own = new NetworkTable([]);
  const domains = new Map([...SPECIAL_DOMAINS].map(([name, what]) => [name, `${what} (.${name})`]));
  for (const text of entries) {
    const entry = readEntry(text);
    if (typeof entry !== 'string') {
      if (entry.kind === 'network') {
        own.add(entry.network, `in your own ${text.trim()}`);
      } else {
        domains.set(entry.name, `of your own domain ${entry.name}`);
      }
    }
  }
  const whyAddress = (address: IpBytes): string | null => {
    const carried = carriedBy(address);
    const why = own.find(address) ?? networks.find(address);
    return why ?? (carried === null ? null : (own.find(carried) ?? networks.find(carried)));
  };
  return ({ kind, value }) => {
    if (kind !== 'ipv4' && kind !== 'ipv6' && kind !== 'host') {
      return null;
    }
    const address = addressIn(value);
    const why = address === null ? whyHost(value, domains) : whyAddress(address);
    return why === null ? null : `${value} is ${why}.`;
  };
}

/** Networks by length of their prefix, so that any number of them costs one look-up per length. */
class NetworkTable {
  readonly #families: Readonly<Record<number, Map<number, Map<number | string, string>>>> = {
    4: new Map(),
    16: new Map(),
  };

  constructor(all: readonly { readonly network: Network; readonly why: string }[]) {
    for (const { network, why } of all) {
      this.add(network, why);
    }
  }

  add({ address, bits }: Network, why: string): void {
    const lengths = this.#families[address.length];
    const networks = lengths?.get(bits) ?? new Map<number | string, string>();
    lengths?.set(bits, networks);
    networks.set(maskedKey(address, bits), why);
  }

  find(address: IpBytes): string | null {
    for (const [bits, networks] of this.#families[address.length] ?? []) {
      const why = networks.get(maskedKey(address, bits));
      if (why !== undefined) {
        return why;
      }
    }
    return null;
  }
}

/** An address in any form a program would take it in: bracketed, with a zone, as one number. */
function addressIn(value: string): IpBytes | null {
  const bare = value
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  return parseIpv6(bare) ?? parseIpv4(bare) ?? parseLooseIpv4(bare);
}

/** The IPv4 address inside an IPv6 one, or null. */
function carriedBy(address: IpBytes): IpBytes | null {
  const found = CARRYING.find(({ network }) => isIn(address, network));
  return found === undefined ? null : address.slice(found.from, found.from + 4);
}

function isIn(address: IpBytes, { address: start, bits }: Network): boolean {
  return address.length === start.length && sharesPrefix(address, start, bits);
}

function whyHost(value: string, domains: ReadonlyMap<string, string>): string | null {
  const labels = hostLabels(value);
  if (labels.length === 1) {
    return 'a single name, which only a local network answers for';
  }
  for (let from = 0; from < labels.length; from += 1) {
    const why = domains.get(labels.slice(from).join('.'));
    if (why !== undefined) {
      return why;
    }
  }
  return null;
}

function hostLabels(value: string): readonly string[] {
  return value.trim().toLowerCase().replace(/\.$/, '').split('.');
}

/** The entry, or what is wrong with it as a sentence. */
function readEntry(text: string): Entry | string {
  const trimmed = text.trim();
  const network = readNetwork(trimmed);
  if (network !== null) {
    return typeof network === 'string' ? `${trimmed} ${network}` : { kind: 'network', network };
  }
  if (/[/:@\s]/.test(trimmed)) {
    return `${trimmed} is no address, network (such as 10.0.0.0/8) or domain; write it without port, path and protocol.`;
  }
  const name = trimmed.toLowerCase().replace(/^\*?\.|\.$/g, '');
  const labels = name.split('.');
  if (!labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) || name.length > LONGEST_NAME) {
    return `${trimmed === '' ? 'An empty entry' : trimmed} is no domain; names with other letters than a to z are written in their xn-- form.`;
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) {
    return `${trimmed} is no address: an IPv4 address has four numbers from 0 to 255.`;
  }
  return labels.length === 1 && !/^\*?\./.test(trimmed)
    ? `${trimmed} is a single name; for all names that end in it write .${name}.`
    : { kind: 'domain', name };
}

/** A network, a clause that says what is wrong with it, or null for what looks like none. */
function readNetwork(text: string): Network | string | null {
  const [, host = '', suffix] = /^([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const address = parseIpv4(bare) ?? parseIpv6(bare);
  if (address === null) {
    return null;
  }
  const longest = address.length * 8;
  const bits = suffix === undefined ? longest : /^\d{1,3}$/.test(suffix) ? Number(suffix) : longest + 1;
  if (bits > longest) {
    return `has no prefix length from 0 to ${longest} after the slash.`;
  }
  const shortest = SHORTEST_PREFIX[address.length] ?? 0;
  if (bits < shortest) {
    return `covers more than an own network can: the shortest prefix is /${shortest}.`;
  }
  const carried = bits >= 96 ? carriedBy(address) : null;
  const isMapped = carried !== null && isIn(address, MAPPED);
  return isMapped && bits - 96 >= (SHORTEST_PREFIX[4] ?? 0) ? { address: carried, bits: bits - 96 } : { address, bits };
}

function constant(text: string): Network {
  const [host = '', bits] = text.split('/');
  return { address: parseIpv4(host) ?? parseIpv6(host) ?? [], bits: Number(bits) };
}

const SPECIAL = SPECIAL_NETWORKS.map(([text, what]) => ({ network: constant(text), what: `${what} (${text})` }));
const CARRYING = CARRYING_NETWORKS.map(([text, from]) => ({ network: constant(text), from }));
const MAPPED = constant('::ffff:0:0/96');
