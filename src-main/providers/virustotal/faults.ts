import type { HttpResponse } from '../../net/port.ts';
import type { RequestFault } from '../port.ts';
import { retryAfter } from '../retry-after.ts';
import { quotaFault } from './quota-fault.ts';
import { ownWords } from '../own-words.ts';
import type { Body } from '../read-body.ts';
import type { ErrorAnswer } from './schema.ts';

type Meaning = 'key' | 'right' | 'quota' | 'transient' | 'slow' | 'input' | 'page' | 'elsewhere' | 'surprise';

/** What a name in the error object means; docs.virustotal.com/reference/errors. Others are read by their status. */
const MEANING: ReadonlyMap<string, Meaning> = new Map([
  ['AuthenticationRequiredError', 'key'],
  ['WrongCredentialsError', 'key'],
  ['UserNotActiveError', 'key'],
  ['ForbiddenError', 'right'],
  ['QuotaExceededError', 'quota'],
  ['TooManyRequestsError', 'quota'],
  ['TransientError', 'transient'],
  ['DeadlineExceededError', 'transient'],
  ['NotAvailableYet', 'transient'],
  ['BadRequestError', 'input'],
  ['InvalidArgumentError', 'input'],
  ['AlreadyExistsError', 'surprise'],
  ['FailedDependencyError', 'surprise'],
  ['NotFoundError', 'surprise'],
]);

/**
 * The fault that an answer of any status but 200 stands for. An error object says by its name what is wrong; without one
 * the status does, as far as no gateway can be mistaken for VirusTotal. `now` is milliseconds since the epoch.
 */
export function faultOf(
  response: Pick<HttpResponse, 'status' | 'headers'>,
  body: Body,
  error: ErrorAnswer['error'] | null,
  asked: { readonly key: string; readonly now: number },
): RequestFault {
  const { status, headers } = response;
  const said =
    error === null ? `${status}` : `${status} ${ownWords(error.code, asked.key)}${wordsOf(error, asked.key)}`;
  const until = retryAfter(headers, asked.now);
  switch (error === null ? byStatus(status, body) : (MEANING.get(error.code) ?? byStatus(status, body))) {
    case 'key':
      return fault('auth', 'key', `VirusTotal refused the key (${said}). Enter a valid key.`);
    case 'right':
      return fault('auth', 'right', `VirusTotal forbids this key to ask (${said}). Check what the account may do.`);
    case 'quota':
      return quotaFault(said, until, asked.now);
    case 'transient':
      return { ...fault('transient', 'answer', `VirusTotal has trouble of its own (${said}).`), until };
    case 'slow':
      return { ...fault('transient', 'network', `The request took too long on its way (${said}).`), until };
    case 'input':
      return fault('invalid-input', 'input', `VirusTotal takes no such hash (${said}).`);
    case 'page':
      return pageInstead();
    case 'elsewhere':
      return fault('protocol', 'url', `The address is not that of VirusTotal's API (${said}). Check the URL.`);
    default:
      return fault('protocol', 'answer', `VirusTotal's answer is unexpected for this request (${said}).`);
  }
}

/** A web page where an answer should be: a log-in page of the network, or a wrong address. */
export function pageInstead(): RequestFault {
  return fault(
    'protocol',
    'url',
    'A web page came back instead of an answer of VirusTotal. Check the URL, and whether a proxy or a log-in page ' +
      'of the network stands in between.',
  );
}

/** An answer with status 200 that is none. */
export function unreadable(why: string): RequestFault {
  return fault('protocol', 'answer', `The answer is not one of VirusTotal: ${why}.`);
}

function byStatus(status: number, body: Body): Meaning {
  if (status === 429) {
    return 'quota';
  }
  if (status >= 500) {
    return 'transient';
  }
  if (body.kind === 'page') {
    return 'page';
  }
  if (status === 401) {
    return 'key';
  }
  if (status === 403) {
    return 'right';
  }
  if (status === 408) {
    return 'slow';
  }
  return status === 404 || (status >= 300 && status < 400) ? 'elsewhere' : 'surprise';
}

function wordsOf(error: ErrorAnswer['error'], key: string): string {
  const words = ownWords(error.message ?? '', key);
  return words === '' ? '' : `, "${words}"`;
}

function fault(outcome: RequestFault['outcome'], at: RequestFault['at'], message: string): RequestFault {
  return { outcome, at, message, window: null, until: null, sent: true };
}
