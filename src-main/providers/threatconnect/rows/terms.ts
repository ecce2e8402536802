import { domainToASCII } from 'node:url';
import { DIGEST_KINDS, parseDigest, type DigestKind } from '#shared/domain/hash.ts';
import type { Term } from '#shared/domain/indicator.ts';

/** What an indicator is searched by, or the sentence why it cannot be. */
export type Terms = { readonly terms: readonly Term[] } | { readonly invalid: string };

/**
 * Digests of a file in lower-case hex, one of a kind at most: those in fields of their own first, then those in its
 * summary, which joins them by " : ". The length tells the kind.
 */
export function fileTerms(fields: readonly (string | null)[], summary: string): Terms {
  const found = new Map<DigestKind, string>();
  for (const text of [...fields, ...summary.split(/\s*:\s*/)]) {
    const digest = parseDigest(text ?? '');
    if (digest !== null && !found.has(digest.kind)) {
      found.set(digest.kind, digest.hex);
    }
  }
  const terms = DIGEST_KINDS.flatMap((kind) => {
    const value = found.get(kind);
    return value === undefined ? [] : [{ kind, value }];
  });
  return terms.length === 0
    ? { invalid: 'It holds no MD5, SHA-1 or SHA-256 of 32, 40 or 64 hexadecimal digits.' }
    : { terms };
}

/** An IPv4 address in four decimal numbers, or an IPv6 address as RFC 5952 writes it. One mapped into IPv6 is IPv4. */
export function addressTerms(text: string): Terms {
  const address = text.trim();
  if (address.includes('/')) {
    return { invalid: 'It is a network, not one address.' };
  }
  if (isIpv4(address)) {
    return { terms: [{ kind: 'ipv4', value: address }] };
  }
  const ipv6 = plainIpv6(address);
  if (ipv6 === null) {
    return { invalid: 'It is no IPv4 or IPv6 address.' };
  }
  const mapped = mappedIpv4(ipv6);
  return { terms: [mapped === null ? { kind: 'ipv6', value: ipv6 } : { kind: 'ipv4', value: mapped }] };
}

/** A host name in lower-case ASCII, international ones in Punycode, without the dot that may end it. */
export function hostTerms(text: string): Terms {
  const name = text.trim();
  if (/\s/.test(name)) {
    return { invalid: 'The host name has a space in it.' };
  }
  if (name.includes('*')) {
    return { invalid: 'The host name has a wildcard; only whole names can be searched for.' };
  }
  // The conversion reads its input as the host of a URL: what would end a host there must not be cut off.
  const strange = /[\p{Cc}/\\:?#@%[\]<>^|]/u.exec(name)?.[0];
  if (strange !== undefined) {
    return {
      invalid: /\p{Cc}/u.test(strange)
        ? 'The host name has a control character.'
        : `A host name has no ${strange} in it.`,
    };
  }
  const ascii = domainToASCII(name).toLowerCase().replace(/\.$/, '');
  const labels = ascii.split('.');
  if (ascii.length > 253 || !labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label))) {
    return { invalid: 'It is no host name that could be looked up.' };
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) {
    return { invalid: 'It is an address or a number, not a host name.' };
  }
  return labels.length === 1
    ? { invalid: 'It is one word without a dot, which would be found inside of other names.' }
    : { terms: [{ kind: 'host', value: ascii }] };
}

/** Numbers with a leading 0 are read as octal by some and decimal by others: they are no address. */
function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** As the URL standard writes it, which is RFC 5952 but for mapped addresses; null when it is none. Zones are none. */
function plainIpv6(text: string): string | null {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) {
    return null;
  }
  const host = URL.parse(`http://[${text}]/`)?.hostname;
  return host === undefined ? null : host.slice(1, -1);
}

function mappedIpv4(ipv6: string): string | null {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(ipv6) ?? [];
  if (high === undefined || low === undefined) {
    return null;
  }
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
