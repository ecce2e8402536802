import type { HttpResponse } from '../../net/port.ts';
import type { RequestFault } from '../port.ts';
import { ownWords } from '../own-words.ts';
import { retryAfter } from '../retry-after.ts';
import type { WildFireDocument } from './xml.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The fault an answer stands for, or null when it is a document of verdicts. Statuses are those of the public API guide's
 * error table, the non-standard ones (418 to 422, 456, 513) included. A limit or an error never counts as "no record".
 * `asked.now` is milliseconds since the epoch; `asked.key` is what the source's words must not repeat.
 */
export function faultOf(
  response: Pick<HttpResponse, 'status' | 'headers'>,
  text: string,
  document: WildFireDocument,
  asked: { readonly hashes: number; readonly now: number; readonly key: string },
): RequestFault | null {
  const { status } = response;
  const { now } = asked;
  const words = sayingOf(document, asked.key);
  // A gateway in front of the cloud answers so, with 200.
  if (status === 401 || status === 403 || (status === 200 && text.includes('Forbidden. (403)'))) {
    return keyRefused(status, words);
  }
  if (status === 419) {
    return dayIsUsedUp(words, now);
  }
  if (status === 429) {
    return tooFast(words, retryAfter(response.headers, now), now);
  }
  if (status !== 200) {
    return otherStatus(status, words, retryAfter(response.headers, now), asked.hashes);
  }
  return document.kind === 'not-xml' ? noDocument(document.why, text) : errorInside(document, words);
}

function fault(
  change: Pick<RequestFault, 'outcome' | 'at' | 'message'> & Partial<Pick<RequestFault, 'window' | 'until'>>,
): RequestFault {
  return { window: null, until: null, sent: true, ...change };
}

function keyRefused(status: number, words: string): RequestFault {
  return fault({
    outcome: 'auth',
    at: status === 401 ? 'key' : 'right',
    message:
      status === 401
        ? `WildFire refused the key (401${words}). Enter a valid key, or choose the other way of presenting it.`
        : `WildFire forbids this key to ask (403${words}). Check the key, its subscription, and the kind of product it belongs to.`,
  });
}

/** The daily limit is reset at 00:00 UTC; a minute is added for clocks that differ. */
function dayIsUsedUp(words: string, now: number): RequestFault {
  return fault({
    outcome: 'quota',
    at: 'quota',
    window: 'day',
    until: (Math.floor(now / DAY_MS) + 1) * DAY_MS + MINUTE_MS,
    message: `WildFire's daily limit of this key is reached (419${words}). It is reset at 00:00 UTC.`,
  });
}

function tooFast(words: string, after: number | null, now: number): RequestFault {
  return fault({
    outcome: 'quota',
    at: 'quota',
    window: 'minute',
    until: after ?? now + MINUTE_MS,
    message: `WildFire was asked too often in a short time (429${words}).`,
  });
}

function otherStatus(status: number, words: string, until: number | null, hashes: number): RequestFault {
  const said = `WildFire answered ${status}${words}`;
  if (status >= 500) {
    return fault({ outcome: 'transient', at: 'answer', until, message: `${said}. It has trouble of its own.` });
  }
  if (status === 408) {
    return fault({ outcome: 'transient', at: 'network', until, message: `${said}. The request took too long.` });
  }
  // Of a batch nobody knows which hash was meant, and in HTTP itself 421 means something else.
  if (status === 421 && hashes === 1) {
    return fault({ outcome: 'invalid-input', at: 'input', message: `${said}: it takes no such hash.` });
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return fault({ outcome: 'protocol', at: 'url', message: `${said}. The address is not that of a WildFire API.` });
  }
  if (status === 413) {
    return fault({ outcome: 'protocol', at: 'answer', message: `${said}. Ask for fewer hashes per request.` });
  }
  return fault({ outcome: 'protocol', at: 'answer', message: `${said}, which is unexpected for this request.` });
}

function noDocument(why: string, text: string): RequestFault {
  const isPage = /<(!doctype\s+html|html)[\s>]/i.test(text.slice(0, 2000));
  return fault({
    outcome: 'protocol',
    at: isPage ? 'url' : 'answer',
    message: isPage
      ? 'A web page came back instead of an answer of WildFire. Check the address, and whether a proxy or a log-in page stands in between.'
      : `The answer is not one of WildFire: ${why}.`,
  });
}

/** An error told with status 200, or a document about something else. */
function errorInside(document: WildFireDocument & { kind: 'document' }, words: string): RequestFault | null {
  if (document.entries.length > 0) {
    return null;
  }
  if (document.errorMessage !== null) {
    return fault({ outcome: 'protocol', at: 'answer', message: `WildFire answered with an error${words}.` });
  }
  const isWildFire = document.root === 'wildfire';
  return isWildFire ? null : noDocument('it holds no verdicts', document.root === 'html' ? '<html>' : '');
}

/** What the source said, as part of a sentence; empty when it said nothing. */
function sayingOf(document: WildFireDocument, key: string): string {
  const words = ownWords(document.kind === 'document' ? (document.errorMessage ?? '') : '', key);
  return words === '' ? '' : `, "${words}"`;
}
