import { isLoopbackHost } from '../../../net/addresses.ts';

/** Names of consoles on Tanium Cloud; the interface is at the name with `-api`. */
const CLOUD = /\.cloud\.tanium\.[a-z.]+$/i;

/** What a Tanium Address means, or why it means nothing. */
export type TaniumAddress =
  | {
      readonly kind: 'usable';
      /** Without a slash at its end. */
      readonly base: string;
      /** With the port, when it has one of its own. */
      readonly host: string;
      /** Of the console, as people open it. */
      readonly console: string;
      /** What may be wrong with the address when nothing answers there as an interface; a sentence, or empty. */
      readonly hint: string;
    }
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * Reads the Tanium Address as people copy it: slashes at the end, and what follows `#` or `?`, do not count. `why` is a
 * sentence that names the field.
 */
export function taniumAddress(text: string): TaniumAddress {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return unusable('is no web address: it must begin with https://');
  }
  if (url.username !== '' || url.password !== '') {
    return unusable('holds a name or password: keep the password as a secret of the job');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return unusable('must begin with https://: a password is sent in the clear only to this machine');
  }
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const consoleHost = CLOUD.test(url.hostname) ? url.host.replace(/^([^.]+)-api\./i, '$1.') : url.host;
  return {
    kind: 'usable',
    base,
    host: url.host,
    console: `${url.protocol}//${consoleHost}${url.pathname.replace(/\/+$/, '')}`,
    hint: hintFor(url),
  };
}

/**
 * The console's page of a document that was written to a host; empty when the address does not lead to that host, so that
 * an id of one server never opens a page of another.
 */
export function consolePage(taniumUrl: string, host: string, intelId: number): string {
  const address = taniumAddress(taniumUrl);
  return address.kind === 'usable' && address.host === host
    ? `${address.console}/#/threatresponse/intel/${intelId}`
    : '';
}

function hintFor({ hostname, pathname }: URL): string {
  const name = /^([^.]+)\./.exec(hostname)?.[1] ?? '';
  if (CLOUD.test(hostname) && !name.endsWith('-api')) {
    return `On Tanium Cloud the interface has a name of its own, usually ${hostname.replace(name, `${name}-api`)}.`;
  }
  return pathname.length > 1 ? 'The Tanium Address usually ends with the name of the server, without a path.' : '';
}

function unusable(what: string): TaniumAddress {
  return { kind: 'unusable', why: `Tanium Address ${what}.` };
}
