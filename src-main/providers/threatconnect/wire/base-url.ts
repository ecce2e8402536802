import { isLoopbackHost } from '../../../net/addresses.ts';

/** Where requests go. `path` begins with a slash, ends without one, and holds `/api`. */
export interface ApiBase {
  readonly origin: string;
  readonly host: string;
  readonly path: string;
}

/**
 * The API behind an address as people paste it: with or without `/api` or `/api/v3`, with slashes at its end, below a
 * path of its own. A sentence when it cannot be one.
 * https://docs.threatconnect.com/en/latest/rest_api/quick_start.html
 */
export function apiBase(address: string): ApiBase | { readonly problem: string } {
  const text = address.trim();
  if (text === '') {
    return { problem: 'The ThreatConnect address is not set. Enter it, e.g. https://app.threatconnect.com.' };
  }
  const url = URL.parse(text);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))) {
    return { problem: 'The ThreatConnect address is no web address. It must begin with https://.' };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'The ThreatConnect address holds a name or password. Enter them as Api User instead.' };
  }
  if (url.search !== '' || url.hash !== '') {
    return { problem: 'The ThreatConnect address ends in a query. Enter it up to the path only.' };
  }
  const path = url.pathname
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .replace(/\/v3$/, '');
  return { origin: url.origin, host: url.host, path: path.endsWith('/api') ? path : `${path}/api` };
}
