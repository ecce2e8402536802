/** An address as bytes: 4 or 16 of them, most significant first. */
export type IpBytes = readonly number[];

const NUMBER = /^(?:0x(?<hex>[0-9a-f]*)|0(?<octal>[0-7]+)|(?<decimal>\d+))$/i;

/** Reads an IPv4 address in dotted decimal; null for anything else, leading zeros among it: they may mean octal. */
export function parseIpv4(text: string): IpBytes | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) {
    return null;
  }
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/**
 * Reads an IPv4 address as programs read one where a host may stand (WHATWG URL Standard, IPv4 parser): `127.1`, `0x7f000001`,
 * `2130706433` and `0177.0.0.1` are addresses, too. Null when it is none.
 */
export function parseLooseIpv4(text: string): IpBytes | null {
  const parts = text.replace(/\.$/, '').split('.');
  if (parts.length > 4) {
    return null;
  }
  const numbers = parts.map(numberOf);
  const last = numbers.at(-1) ?? Number.NaN;
  const leading = numbers.slice(0, -1);
  const room = 256 ** (4 - leading.length);
  // Not a number compares as false, so that a part that is none ends here, too.
  if (!leading.every((number) => number <= 255) || !(last < room)) {
    return null;
  }
  const rest = Array.from({ length: 4 - leading.length }, (_, place) =>
    Math.floor(last / 256 ** (3 - leading.length - place)),
  );
  return [...leading, ...rest.map((number) => number % 256)];
}

/** Reads an IPv6 address (RFC 4291): shortened, upper case, with an IPv4 address at its end; null for anything else. */
export function parseIpv6(text: string): IpBytes | null {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) {
    return null;
  }
  const [head, tail] = halves.map((half, place) => groupBytes(half, place === halves.length - 1));
  if (head === undefined || head === null || tail === null) {
    return null;
  }
  if (tail === undefined) {
    return head.length === 16 ? head : null;
  }
  const missing = 16 - head.length - tail.length;
  return missing < 2 ? null : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** True when the first `bits` of both are the same. They must be of the same length. */
export function sharesPrefix(one: IpBytes, other: IpBytes, bits: number): boolean {
  return maskedKey(one, bits) === maskedKey(other, bits);
}

/** The first `bits`, the rest as zero, as a name of the network for maps: a number for IPv4, a text for IPv6. */
export function maskedKey(address: IpBytes, bits: number): number | string {
  if (address.length === 4) {
    const number = address.reduce((sum, byte) => sum * 256 + byte, 0);
    return bits === 0 ? 0 : (number & (0xff_ff_ff_ff << (32 - bits))) >>> 0;
  }
  const masked = address.map((byte, place) => {
    const kept = Math.min(Math.max(bits - place * 8, 0), 8);
    return byte & (0xff << (8 - kept));
  });
  return masked.join('.');
}

function numberOf(part: string): number {
  const { hex, octal, decimal } = NUMBER.exec(part)?.groups ?? {};
  if (hex !== undefined) {
    return hex === '' ? 0 : Number.parseInt(hex, 16);
  }
  return octal === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(octal, 8);
}

/** The bytes of groups between colons, or null; only the end of an address may be dotted. */
function groupBytes(text: string, isEnd: boolean): number[] | null {
  if (text === '') {
    return [];
  }
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [place, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const dotted = isEnd && place === groups.length - 1 ? parseIpv4(group) : null;
    if (dotted === null) {
      return null;
    }
    bytes.push(...dotted);
  }
  return bytes;
}
