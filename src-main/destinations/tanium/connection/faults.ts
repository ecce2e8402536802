import type { HttpFault, HttpResponse } from '../../../net/port.ts';
import type { ServiceFault, ServiceFaultKind } from '../../../net/service-fault.ts';
import { plainText } from '../../../providers/own-words.ts';
import { retryAfter } from '../../../providers/retry-after.ts';
import { keyFilter } from '../../../providers/without-key.ts';
import type { Body } from './body.ts';
import { sayingOf } from './saying.ts';

/** What a request was about, as far as faults depend on it. */
export interface Asking {
  /** What was to be done, e.g. "list the documents": the rest of a sentence. */
  readonly what: string;
  /** Much is handed over, of which less at once may pass. */
  readonly isBulk: boolean;
  readonly host: string;
  readonly auth: 'password' | 'token';
  /** The session was made for this very request: it cannot have expired. */
  readonly isFresh: boolean;
  /** What no message may repeat. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const KINDS: Readonly<Record<HttpFault['kind'], ServiceFaultKind>> = {
  offline: 'offline',
  'refused-address': 'url',
  dns: 'network',
  connect: 'network',
  tls: 'tls',
  proxy: 'proxy',
  timeout: 'network',
  cut: 'network',
  oversized: 'answer',
  aborted: 'aborted',
};

/** Servers in own networks are often signed by an own authority: naming it comes before doing without any check. */
const OWN_AUTHORITY = 'Tanium CA File takes an authority of your own; Verify SSL Cert stays on with it.';

/** Words of the server in a message are cut here: they are a sentence, not a page. */
const LONGEST_WORDS = 200;

/**
 * Words with which servers and the front ends before them say that a body is too large. "Invalid payload" and "too many
 * requests" do not.
 */
const TOO_LARGE =
  /too (large|big|long)\b|too many (?!requests|connections|sessions)|\b(exceed|max|limit).{0,60}\b(size|length|bytes|[kmg]i?b|indicators|terms|items|characters)\b|\b(size|length|indicators|terms|items)\b.{0,60}\b(exceed|max|limit)/i;

/** An exchange that brought no whole answer. The message is the network's: it holds no path and no secret. */
export function networkFault({ kind, sent, message }: HttpFault): ServiceFault {
  return {
    kind: KINDS[kind],
    message: kind === 'tls' ? `${message} ${OWN_AUTHORITY}` : message,
    httpStatus: null,
    retryAfterMs: null,
    sent,
    // A proxy that refuses a password locks it, when it is asked again and again.
    isPassing: KINDS[kind] === 'network',
  };
}

/** The fault that an answer of any status but success stands for, with the server's own words where it gave any. */
export function answerFault(response: HttpResponse, body: Body, asking: Asking): ServiceFault {
  const { status, headers } = response;
  const words = sayingOf(body);
  const until = retryAfter(headers, asking.now);
  const [kind, sentence] = reading(status, words, body, asking);
  return {
    kind,
    message: `${asking.host} answered ${status}${quoted(words, asking)} when asked to ${asking.what}. ${sentence}`,
    httpStatus: status,
    retryAfterMs: until === null ? null : until - asking.now,
    sent: true,
    isPassing: kind === 'rate' || kind === 'server' || status === 408 || isStrayPage(status, body),
  };
}

/** A successful answer that does not say what it has to; `what` ends the sentence "The answer of HOST ...". */
export function oddAnswer(status: number, what: string, asking: Asking): ServiceFault {
  return {
    kind: 'answer',
    message: `The answer of ${asking.host}, asked to ${asking.what}, ${what}.`,
    httpStatus: status,
    retryAfterMs: null,
    sent: true,
    isPassing: false,
  };
}

/** A read whose answer is no whole JSON: it may come whole the next time. */
export function brokenAnswer(status: number, asking: Asking): ServiceFault {
  return { ...oddAnswer(status, 'is no whole JSON', asking), isPassing: true };
}

/** Something that was found out before anything was sent. */
export function unsentFault(kind: ServiceFaultKind, message: string): ServiceFault {
  return { kind, message, httpStatus: null, retryAfterMs: null, sent: false, isPassing: false };
}

function reading(status: number, words: string, body: Body, asking: Asking): readonly [ServiceFaultKind, string] {
  if (status === 413 || (status === 400 && asking.isBulk && TOO_LARGE.test(words))) {
    return ['too-large', 'Less at once may pass.'];
  }
  if (status === 401) {
    return ['auth', unauthorised(asking)];
  }
  if (status === 407) {
    return ['proxy', 'The proxy wants a name and password.'];
  }
  if (status === 429) {
    return ['rate', 'It wants to be asked more slowly.'];
  }
  if (status >= 500) {
    return ['server', 'That is trouble over there and may pass.'];
  }
  if (body.kind === 'page') {
    return [
      'answer',
      `A web page came instead of an answer: check the Tanium Address and any proxy before ${asking.host}.`,
    ];
  }
  if (status >= 300 && status < 400) {
    return ['url', 'It leads elsewhere: set the Tanium Address to where the server itself is.'];
  }
  return refusal(status, asking);
}

/**
 * A page of whatever stands in between, sent as an answer or as "there is none": such ones come and go. One that wants a name
 * and password (401, 403) or refuses the request (400) stays.
 */
function isStrayPage(status: number, { kind }: Body): boolean {
  return kind === 'page' && (status < 300 || status === 404);
}

function refusal(status: number, { auth }: Asking): readonly [ServiceFaultKind, string] {
  switch (status) {
    case 403:
      return [
        'right',
        auth === 'token'
          ? 'The user of the API token lacks the right to do this, or the token has expired.'
          : 'The Tanium user lacks the right to do this.',
      ];
    case 404:
      return ['gone', 'It is not there.'];
    case 405:
      return ['url', 'The address is not that of this interface: check the Tanium Address.'];
    case 408:
      return ['network', 'The request did not arrive in time.'];
    default:
      return ['query', 'It did not accept the request.'];
  }
}

function unauthorised({ auth, isFresh }: Asking): string {
  if (auth === 'token') {
    return 'The API token is not accepted: it has expired, was revoked, or this machine is not among its trusted addresses.';
  }
  return isFresh ? 'The session was refused although it is new.' : 'The session has expired.';
}

function quoted(words: string, { secrets }: Asking): string {
  const shown = plainText(keyFilter(secrets).clean(words), LONGEST_WORDS).replace(/\.$/, '');
  return shown === '' ? '' : `, "${shown}",`;
}
