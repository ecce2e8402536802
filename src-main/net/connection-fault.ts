import type { HttpFault } from './port.ts';

/** Why no connection came about; nothing of the request was sent then. `message` is a sentence for people. */
export class ConnectionFault extends Error {
  readonly kind: HttpFault['kind'];
  constructor(kind: HttpFault['kind'], message: string) {
    super(message);
    this.name = 'ConnectionFault';
    this.kind = kind;
  }
}

/** The code of a system, TLS or HTTP error, or an empty string. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** Whether a name could not be turned into an address. */
export function isNameFault(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ENONAME'].includes(codeOf(error)) || codeOf(error).startsWith('EAI_');
}

/** What an error of `connect` means for a server. Names the host, never an address's path or query. */
export function connectFault(error: unknown, host: string): ConnectionFault {
  if (error instanceof ConnectionFault) {
    return error;
  }
  if (isNameFault(error)) {
    return new ConnectionFault(
      'dns',
      `The name ${host} could not be resolved. Check the URL, and whether this machine reaches a name server or needs a proxy.`,
    );
  }
  const what = CONNECT_WORDS[codeOf(error)] ?? 'could not be connected to';
  return new ConnectionFault('connect', `${host} ${what}. Check the URL, the network and whether a proxy is needed.`);
}

/** What an error of the TLS handshake means. */
export function tlsFault(error: unknown, host: string): ConnectionFault {
  if (error instanceof ConnectionFault) {
    return error;
  }
  const code = codeOf(error);
  if (UNTRUSTED.has(code)) {
    return new ConnectionFault(
      'tls',
      `The certificate of ${host} is signed by no authority this machine trusts. Where a proxy inspects TLS, name its authority as a PEM file.`,
    );
  }
  const what = TLS_WORDS[code];
  return new ConnectionFault(
    'tls',
    what === undefined
      ? `The TLS connection to ${host} could not be set up (${code === '' ? 'no reason given' : code}).`
      : what.replace('{host}', host),
  );
}

const CONNECT_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection while it was set up',
  EHOSTUNREACH: 'cannot be reached from this network',
  ENETUNREACH: 'cannot be reached from this network',
  ETIMEDOUT: 'did not answer a connection',
  EACCES: 'may not be connected to: a rule of this machine forbids it',
  EPERM: 'may not be connected to: a rule of this machine forbids it',
};

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

const TLS_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The certificate of {host} has expired. Check the clock of this machine.',
  CERT_NOT_YET_VALID: 'The certificate of {host} is not valid yet. Check the clock of this machine.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate presented for {host} was issued for another name. Check the URL.',
  CERT_REVOKED: 'The certificate of {host} was revoked.',
  ERR_SSL_WRONG_VERSION_NUMBER: '{host} does not speak TLS on this port. Check the URL and the proxy.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: '{host} does not speak TLS on this port. Check the URL and the proxy.',
  ECONNRESET: '{host} closed the connection during the TLS handshake.',
};
