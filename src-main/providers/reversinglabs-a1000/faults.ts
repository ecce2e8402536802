import type { HttpResponse } from '../../net/port.ts';
import { ownWords } from '../own-words.ts';
import type { RequestFault } from '../port.ts';
import { windowOfWait } from '../quota-window.ts';
import type { Body } from '../read-body.ts';
import { retryAfter } from '../retry-after.ts';
import { sayingOf } from './saying.ts';

const MINUTE_MS = 60_000;

/** What a request was about, as far as faults depend on it. */
export interface Asking {
  /** What the source's words must not repeat. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The vendor's cloud was asked too, which has a limit of its own a day. */
  readonly cloud: boolean;
}

/**
 * The fault that an answer of any status but 200 stands for. The appliance tells a bad token by 403 as well as by 401;
 * its words say which of token and right it means. A limit, or a wrong address, never counts as "not known".
 */
export function faultOf(response: Pick<HttpResponse, 'status' | 'headers'>, body: Body, asking: Asking): RequestFault {
  const { status, headers } = response;
  const words = sayingOf(body);
  const said = words === '' ? `${status}` : `${status}, "${ownWords(words, asking.key)}"`;
  const until = retryAfter(headers, asking.now);
  if (status === 429) {
    return quotaFault(said, until, asking);
  }
  if (status >= 500) {
    return troubleFault(status, said, until, asking);
  }
  if (body.kind === 'page') {
    return pageInstead();
  }
  if (status === 401 || status === 403) {
    return refusedFault(status, words, said);
  }
  if (status === 400 || status === 404) {
    return inputFault(status, words, said);
  }
  return otherFault(status, said, until);
}

/** A web page where an answer should be: a log-in page of the network, or a wrong address. */
export function pageInstead(): RequestFault {
  return fault(
    'protocol',
    'url',
    'A web page came back instead of an answer of the appliance. Check the URL, and whether a proxy or a log-in page ' +
      'of the network stands in between.',
  );
}

/** An answer with status 200 that is none. */
export function unreadable(why: string): RequestFault {
  return fault('protocol', 'answer', `The answer is not one of ReversingLabs A1000: ${why}.`);
}

/** The cloud's day ends at 00:01 UTC. An appliance that is only busy says for how long, or is left for a minute. */
function quotaFault(said: string, told: number | null, { now, cloud }: Asking): RequestFault {
  const until = told ?? (cloud ? nextCloudDay(now) : now + MINUTE_MS);
  const window = windowOfWait(until, now);
  const message =
    cloud && window === 'day'
      ? `The appliance made as many look-ups in its cloud as it may a day (${said}). They begin anew at 00:01 UTC.`
      : `The appliance takes no more requests for now (${said}).`;
  return { outcome: 'quota', at: 'quota', message, window, until, sent: true };
}

function nextCloudDay(now: number): number {
  const date = new Date(now);
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), 0, 1);
  return now < today ? today : Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1, 0, 1);
}

function troubleFault(status: number, said: string, until: number | null, { cloud }: Asking): RequestFault {
  const message =
    status === 503 && cloud
      ? `The appliance could not use its cloud, or has trouble of its own (${said}). With reach=appliance it does without.`
      : `The appliance has trouble of its own (${said}).`;
  return { ...fault('transient', 'answer', message), until };
}

/** 403 stands for a bad token too, so that only words, or a bare 403, speak of a right. */
function refusedFault(status: number, words: string, said: string): RequestFault {
  const speaksOfToken = /\b(?:token|credentials|authenticat\w*|logged in|log in)\b/i.test(words);
  const speaksOfRight = /\b(?:permission|rights?|privileges?|licen[cs]e|allowed)\b/i.test(words);
  return (status === 401 && !speaksOfRight) || (speaksOfToken && !speaksOfRight)
    ? fault('auth', 'key', `The appliance refused the token (${said}). Enter a valid token.`)
    : fault('auth', 'right', `The appliance forbids this (${said}). Check the token and what its user may do.`);
}

/** A bad hash and a bad field are told alike; only the hash is the hash's fault. */
function inputFault(status: number, words: string, said: string): RequestFault {
  if (/\bhash(?:es|_values?)?\b/i.test(words) && /\b(?:invalid|malformed|not (?:a )?valid|same|type)\b/i.test(words)) {
    return fault('invalid-input', 'input', `The appliance takes no such hash (${said}).`);
  }
  return status === 404
    ? fault('protocol', 'url', `The address is not that of an A1000's API (${said}). Check the URL.`)
    : fault('protocol', 'answer', `The appliance does not take a request of this form (${said}).`);
}

function otherFault(status: number, said: string, until: number | null): RequestFault {
  if (status === 408) {
    return { ...fault('transient', 'network', `The request took too long on its way (${said}).`), until };
  }
  if (status === 405 || (status >= 300 && status < 400)) {
    return fault('protocol', 'url', `The address is not that of an A1000's API (${said}). Check the URL.`);
  }
  return status === 413
    ? fault('protocol', 'answer', `The request is too large for the appliance (${said}). Ask for fewer hashes at once.`)
    : fault('protocol', 'answer', `The appliance's answer is unexpected for this request (${said}).`);
}

function fault(outcome: RequestFault['outcome'], at: RequestFault['at'], message: string): RequestFault {
  return { outcome, at, message, window: null, until: null, sent: true };
}
