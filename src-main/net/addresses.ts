import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address is this machine: 127.0.0.0/8, ::1, or the first mapped into IPv6. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) {
    return false;
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped === undefined
    ? loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
    : loopback.check(mapped, 'ipv4');
}

/** Whether a host, as a URL holds it, is this machine without any name being resolved: `localhost` or a literal. */
export function isLoopbackHost(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'localhost' || isLoopbackAddress(bare);
}

/** A host without the brackets of an IPv6 literal, lower case. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

/** Looks names up with the system, except `localhost`, which is never asked of a name server (RFC 6761, 6.3). */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (hostname.toLowerCase() !== 'localhost') {
    systemLookup(hostname, options, callback);
    return;
  }
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  if (options.all === true) {
    callback(null, addresses);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};
