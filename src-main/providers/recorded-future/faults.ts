import type { HttpResponse } from '../../net/port.ts';
import { ownWords } from '../own-words.ts';
import type { RequestFault } from '../port.ts';
import { untilNextDay, windowOfWait } from '../quota-window.ts';
import type { Body } from '../read-body.ts';
import { retryAfter } from '../retry-after.ts';
import { errorSchema } from './schema.ts';

const MINUTE_MS = 60_000;

/** What a 403 says when credits are meant. The status alone does not tell a used-up quota from a right that is lacking. */
const QUOTA_WORDS =
  /\bquota|\bcredits?\b|\blimit (?:has been |is |was )?(?:reached|exceeded|hit)\b|\bexceed|\bexhausted\b|\bused up\b|\btoo many\b/i;
/** A 400 about these is no fault of the hash. */
const REQUEST_WORDS = /\b(?:fields?|param(?:eter)?s?|metadata|body|header|json)\b/i;
const DAY_WORDS = /\bdaily\b|\bper day\b|\ba day\b|\b24 hours\b/i;
const LONGEST_BODY = 2000;

/** What was asked, as far as a fault depends on it. */
export interface AskedFor {
  readonly by: 'bulk' | 'single';
  readonly hashes: number;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The fault that an answer of any status but 200 stands for. 401 is the key; 403 a lacking right, or a spent quota where
 * its words say so; 429 the rate. An error never counts as "nothing is known".
 */
export function faultOf(response: Pick<HttpResponse, 'status' | 'headers'>, body: Body, asked: AskedFor): RequestFault {
  const { status } = response;
  const words = wordsOf(body);
  const said = saying(status, words, asked.key);
  const until = retryAfter(response.headers, asked.now);
  if (status === 429 || (status === 403 && QUOTA_WORDS.test(words))) {
    return quotaFault({ status, words, said, until, now: asked.now });
  }
  if (status >= 500) {
    return { ...fault('transient', 'answer', `Recorded Future has trouble of its own (${said}).`), until };
  }
  if (body.kind === 'page') {
    return pageInstead();
  }
  return refusal(status, words, said, asked);
}

/** A web page where an answer should be: a log-in page of the network, or a wrong address. */
export function pageInstead(): RequestFault {
  return fault(
    'protocol',
    'url',
    'A web page came back instead of an answer of Recorded Future. Check the URL, and whether a proxy or a log-in page ' +
      'of the network stands in between.',
  );
}

/** An answer with status 200 that is none. */
export function unreadable(why: string): RequestFault {
  return fault('protocol', 'answer', `The answer is not one of Recorded Future: ${why}.`);
}

/** All that the body of an error says, without markup, or nothing: gateways name the status first and the reason after. */
export function wordsOf(body: Body): string {
  if (body.kind === 'other') {
    return body.text
      .slice(0, LONGEST_BODY)
      .replace(/<[^>]*>/g, ' ')
      .trim();
  }
  const said = body.kind === 'json' ? errorSchema.safeParse(body.value).data : undefined;
  const inner = typeof said?.error === 'string' ? [said.error] : [said?.error?.message, said?.error?.reason];
  const texts = [...inner, said?.message].flatMap((text) => text?.trim() || []);
  return [...new Set(texts)].join(', ').slice(0, LONGEST_BODY);
}

/** Credits are counted by the day; that they come back at 00:00 UTC is Assay's reading, as nothing says when. */
function quotaFault(of: {
  readonly status: number;
  readonly words: string;
  readonly said: string;
  readonly until: number | null;
  readonly now: number;
}): RequestFault {
  const { status, words, said, until, now } = of;
  const isDay = status === 403 || DAY_WORDS.test(words);
  const window = until === null ? (isDay ? 'day' : 'minute') : windowOfWait(until, now);
  const message =
    window === 'day'
      ? `Recorded Future's quota of this token is used up for the day (${said}).`
      : `Recorded Future was asked more than this token may for now (${said}).`;
  return { ...fault('quota', 'quota', message), window, until: until ?? (isDay ? untilNextDay(now) : now + MINUTE_MS) };
}

function refusal(status: number, words: string, said: string, { by, hashes }: AskedFor): RequestFault {
  switch (status) {
    case 401:
      return fault('auth', 'key', `Recorded Future refused the token (${said}). Enter a valid token.`);
    case 403: {
      const other =
        by === 'bulk'
          ? 'The right to ask in bulk is granted apart: without it, set bulkPath to single.'
          : 'Where it may ask only in bulk, set details to off.';
      return fault('auth', 'right', `Recorded Future forbids this token to ask (${said}). ${other}`);
    }
    case 408:
      return fault('transient', 'network', `The request took too long on its way (${said}).`);
    case 413:
      return fault(
        'protocol',
        'answer',
        `Recorded Future takes no request this long (${said}). Ask for fewer hashes at once.`,
      );
    case 400:
      // Of a batch nobody knows which hash was meant.
      return hashes === 1 && !REQUEST_WORDS.test(words)
        ? fault('invalid-input', 'input', `Recorded Future takes no such hash (${said}).`)
        : fault('protocol', 'answer', `Recorded Future takes this request for wrong (${said}).`);
    default:
      return status === 404 || (status >= 300 && status < 400)
        ? fault('protocol', 'url', `The address is not that of Recorded Future's API (${said}). Check the URL.`)
        : fault('protocol', 'answer', `Recorded Future's answer is unexpected for this request (${said}).`);
  }
}

function saying(status: number, words: string, key: string): string {
  const shown = ownWords(words, key);
  return shown === '' ? `${status}` : `${status}, "${shown}"`;
}

function fault(outcome: RequestFault['outcome'], at: RequestFault['at'], message: string): RequestFault {
  return { outcome, at, message, window: null, until: null, sent: true };
}
