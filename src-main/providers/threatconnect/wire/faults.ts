import type { HttpFault, HttpResponse } from '../../../net/port.ts';
import type { ServiceFault, ServiceFaultKind } from '../../../net/service-fault.ts';
import { plainText } from '../../own-words.ts';
import type { Body } from '../../read-body.ts';
import { retryAfter } from '../../retry-after.ts';
import type { KeyFilter } from '../../without-key.ts';
import { clockFault } from './clock.ts';
import { errorIn, meaningOf, type Meaning } from './meaning.ts';

/** What a fault is told with. */
export interface Asked {
  readonly user: 'hmac' | 'token';
  /** Something that an older server may not have: not found is `gone`, not a wrong address. */
  readonly isOptional: boolean;
  readonly filter: KeyFilter;
  /** When it was sent, milliseconds since the epoch. */
  readonly at: number;
}

type Told = Pick<ServiceFault, 'kind' | 'message' | 'isPassing'>;

const LONGEST_WORDS = 300;

/** The fault an answer stands for that is an error by its status or by its body. */
export function faultOfAnswer(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  body: Body,
  asked: Asked,
): ServiceFault {
  const error = errorIn(body);
  const words = plainText(asked.filter.clean(error?.message ?? ''), LONGEST_WORDS).replace(/\.$/, '');
  const code = plainText(asked.filter.clean(error?.code ?? ''), 20);
  const said = [String(status), code, words === '' ? '' : `"${words}"`].filter((part) => part !== '').join(', ');
  const meaning = meaningOf(status, body, error);
  const until = retryAfter(headers, asked.at);
  const clock = meaning === 'auth' ? clockFault(words, headers, asked) : null;
  return {
    ...(clock === null ? SENTENCES[meaning](said, asked) : final('clock', clock)),
    ...(meaning === 'page' ? { isPassing: isStrayPage(status) } : {}),
    httpStatus: status,
    retryAfterMs: until === null ? null : until - asked.at,
    sent: true,
  };
}

/** A log-in page or one of a gateway, sent as an answer or as "there is none", comes and goes. One that forbids stays. */
function isStrayPage(status: number): boolean {
  return status < 300 || status === 404;
}

/** An exchange that brought no whole answer. The network's words hold no address and no secret. */
export function faultOfExchange(fault: HttpFault): ServiceFault {
  const { kind, isPassing } = BY_EXCHANGE[fault.kind];
  const message =
    kind === 'too-large'
      ? 'The answer of ThreatConnect is longer than any should be; reading it was ended. Set a smaller page size.'
      : fault.message;
  return { kind, message, httpStatus: null, retryAfterMs: null, sent: fault.sent, isPassing };
}

/** An answer that is not what the interface promises. One that ended early may come whole the next time. */
export function unreadable(why: string, httpStatus: number | null, isPassing = false): ServiceFault {
  return {
    kind: 'answer',
    message: `The answer is not one of ThreatConnect's API: ${why}.`,
    httpStatus,
    retryAfterMs: null,
    sent: true,
    isPassing,
  };
}

/** Nothing was sent, for want of something or because the address cannot be. */
export function notSent(kind: 'missing' | 'url' | 'query' | 'answer', message: string): ServiceFault {
  return { kind, message, httpStatus: null, retryAfterMs: null, sent: false, isPassing: false };
}

type Outcome = { readonly kind: ServiceFaultKind; readonly isPassing: boolean };
const BY_EXCHANGE: Readonly<Record<HttpFault['kind'], Outcome>> = {
  offline: { kind: 'offline', isPassing: false },
  'refused-address': { kind: 'url', isPassing: false },
  dns: { kind: 'network', isPassing: true },
  connect: { kind: 'network', isPassing: true },
  tls: { kind: 'tls', isPassing: false },
  // A proxy that refuses a password locks it, when it is asked again and again.
  proxy: { kind: 'proxy', isPassing: false },
  timeout: { kind: 'network', isPassing: true },
  cut: { kind: 'network', isPassing: true },
  oversized: { kind: 'too-large', isPassing: false },
  aborted: { kind: 'aborted', isPassing: false },
};

const SENTENCES: Readonly<Record<Meaning, (said: string, asked: Asked) => Told>> = {
  auth: (said, { user }) =>
    final(
      'auth',
      user === 'hmac'
        ? `ThreatConnect did not accept the Api User (${said}). Check Access ID and secret key.`
        : `ThreatConnect did not accept the token (${said}). It may have expired: make a new one there and enter it.`,
    ),
  right: (said) =>
    final('right', `ThreatConnect forbids this to the Api User (${said}). Check which owners it may read.`),
  licence: (said) => final('right', `ThreatConnect is not licensed for this (${said}). Ask its administrator.`),
  missing: (said) => final('gone', `ThreatConnect does not have this (${said}).`),
  elsewhere: (said, { isOptional }) =>
    isOptional
      ? final('gone', `ThreatConnect does not have this (${said}).`)
      : final('url', `There is no ThreatConnect API at this address (${said}). Check the ThreatConnect address.`),
  query: (said) => final('query', `ThreatConnect did not take the query (${said}). Check the TQL or the criteria.`),
  long: (said) =>
    final(
      'query',
      `The query is too long for ThreatConnect or a gateway before it (${said}). Use fewer owners or tags, or a shorter TQL.`,
    ),
  moved: (said) => final('url', `The ThreatConnect address leads elsewhere (${said}). Enter the address it leads to.`),
  page: (said) =>
    final(
      'url',
      `A web page came back instead of an answer of ThreatConnect (${said}). Check the ThreatConnect address, and ` +
        'whether a proxy or a log-in page stands in between.',
    ),
  proxy: (said) =>
    final(
      'proxy',
      `The proxy before ThreatConnect asks for a name and password (${said}). Check the proxy of the job.`,
    ),
  rate: (said) => passing('rate', `ThreatConnect was asked too often (${said}).`),
  slow: (said) => passing('network', `The request took too long on its way to ThreatConnect (${said}).`),
  server: (said) => passing('server', `ThreatConnect has trouble of its own (${said}).`),
  answer: (said) => final('answer', `ThreatConnect's answer is unexpected for this request (${said}).`),
};

function final(kind: ServiceFaultKind, message: string): Told {
  return { kind, message, isPassing: false };
}

function passing(kind: ServiceFaultKind, message: string): Told {
  return { kind, message, isPassing: true };
}
