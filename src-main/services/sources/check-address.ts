import { isLoopbackHost } from '../../net/addresses.ts';

/**
 * The base URL of a source without trailing slashes, or why it cannot be one, as the rest of a sentence. In a simulated
 * directory it must be on this machine.
 */
export function checkedUrl(text: string, simulated: boolean): { readonly url: string } | { readonly fault: string } {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return { fault: 'must be an address that begins with https://' };
  }
  const fault = commonFault(url);
  if (fault !== null) {
    return { fault };
  }
  const isLoopback = isLoopbackHost(url.hostname);
  if (simulated && !isLoopback) {
    return { fault: 'must be on this machine (localhost or 127.0.0.1), because this data directory is simulated' };
  }
  if (url.protocol === 'http:' && !isLoopback) {
    return { fault: 'must begin with https://; http is for this machine only' };
  }
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** The address of a proxy, or why it cannot be one. */
export function checkedProxyUrl(
  text: string,
  simulated: boolean,
): { readonly url: string } | { readonly fault: string } {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return { fault: 'must look like http://proxy.example:3128' };
  }
  const fault = commonFault(url);
  if (fault !== null) {
    return { fault };
  }
  if (url.pathname !== '/') {
    return { fault: 'must be a host and a port without a path' };
  }
  if (simulated && !isLoopbackHost(url.hostname)) {
    return { fault: 'must be on this machine, because this data directory is simulated' };
  }
  return { url: url.origin };
}

function commonFault(url: URL): string | null {
  if (url.username !== '' || url.password !== '') {
    return 'must hold no name or password; credentials are kept apart, as a key';
  }
  return url.search === '' && url.hash === '' ? null : 'must end before any ? or #';
}
