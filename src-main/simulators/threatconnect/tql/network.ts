/** A network of addresses; IPv4 as the last 32 bits of a number of its own family. */
interface Network {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly prefix: number;
}

/** A test whether an address lies in a network written like `10.0.0.0/8`; null when the text is no network. */
export function networkTest(text: string): ((address: string) => boolean) | null {
  const [written = '', prefix = ''] = text.split('/');
  const address = addressOf(written);
  if (address === null || !/^\d{1,3}$/.test(prefix) || Number(prefix) > address.bits) {
    return null;
  }
  const network: Network = { ...address, prefix: Number(prefix) };
  return (candidate) => {
    const found = addressOf(candidate);
    return found !== null && found.bits === network.bits && head(found.first, network) === head(network.first, network);
  };
}

function head(value: bigint, { bits, prefix }: Network): bigint {
  return value >> BigInt(bits - prefix);
}

/** The number of an address, IPv6 with or without `::`; null for anything else. */
function addressOf(text: string): { readonly bits: 32 | 128; readonly first: bigint } | null {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.some((octet) => octet > 255)
      ? null
      : { bits: 32, first: octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n) };
  }
  const [start = '', end, ...more] = text.split('::');
  const left = groupsOf(start);
  const right = end === undefined ? [] : groupsOf(end);
  const missing = 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...right];
  const isWhole = end === undefined ? missing === 0 : missing > 0;
  if (more.length > 0 || !isWhole || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    return null;
  }
  return { bits: 128, first: groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) };
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
