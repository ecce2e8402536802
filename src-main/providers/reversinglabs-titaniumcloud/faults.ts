import type { HttpResponse } from '../../net/port.ts';
import { ownWords } from '../own-words.ts';
import type { ProviderContext, RequestFault } from '../port.ts';
import { retryAfter } from '../retry-after.ts';
import { credentialsOf } from './client.ts';
import { quotaFault } from './quota-fault.ts';
import type { AnswerBody } from './read-answer.ts';

/** Old connectors met a spent contract as a 403: its words tell it from a right that is missing. */
const QUOTA_WORDS = /\bquota\b|\bexceed(?:s|ed)?\b|\blimit\b.{0,40}\breached\b/i;
const LONGEST_BODY = 2000;
/** An error inside the envelope, inside an error. */
const DEEPEST = 4;

/**
 * The fault that an answer of any status but 200 stands for (statuses as the vendor's API definition lists them). Nothing
 * but a 200 counts against the contract. A 408 or 5xx may come from a gateway that lost a 200 of the service: it stays
 * spent.
 */
export function faultOf(
  response: Pick<HttpResponse, 'status' | 'headers'>,
  body: AnswerBody,
  context: ProviderContext,
): RequestFault {
  const fault = faultOfStatus(response, body, context);
  const mayHideAnswer = response.status === 408 || response.status >= 500;
  return mayHideAnswer ? fault : { ...fault, billed: 0 };
}

function faultOfStatus(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  body: AnswerBody,
  context: ProviderContext,
): RequestFault {
  const now = context.now();
  const until = retryAfter(headers, now);
  const words = wordsOf(body, context);
  const said = words === '' ? `${status}` : `${status}, "${words}"`;
  if (status === 429 || (status === 403 && QUOTA_WORDS.test(words))) {
    return quotaFault(said, words, until, now);
  }
  if (status >= 500) {
    return { ...fault('transient', 'answer', `ReversingLabs TitaniumCloud has trouble of its own (${said}).`), until };
  }
  // Web servers answer so by a page of their own, also where it is the service that refuses.
  if (status === 401) {
    return fault(
      'auth',
      'key',
      `ReversingLabs TitaniumCloud refused the user name or the password (${said}). Check the user name, and enter the password as the key.`,
    );
  }
  if (body.kind === 'page') {
    return pageInstead();
  }
  if (status === 403) {
    return fault(
      'auth',
      'right',
      `ReversingLabs TitaniumCloud forbids this account to ask (${said}). Check whether it may use file reputation (TCA-0101).`,
    );
  }
  return ofRequest(status, said);
}

/** What is wrong with the request itself, or with where it went. */
function ofRequest(status: number, said: string): RequestFault {
  if (status === 400) {
    return fault(
      'invalid-input',
      'input',
      `ReversingLabs TitaniumCloud takes no such request (${said}). ${OTHER_TYPE}`,
    );
  }
  if (status === 415) {
    return fault(
      'protocol',
      'answer',
      `ReversingLabs TitaniumCloud does not take the content type of the request (${said}). ${OTHER_TYPE}`,
    );
  }
  if (status === 408) {
    return fault('transient', 'network', `The request took too long on its way (${said}).`);
  }
  if (status === 413) {
    return fault('protocol', 'answer', `The request was too large (${said}). Ask for fewer hashes per request.`);
  }
  return status === 404 || (status >= 300 && status < 400)
    ? fault('protocol', 'url', `The address is not that of ReversingLabs TitaniumCloud (${said}). Check the URL.`)
    : fault(
        'protocol',
        'answer',
        `The answer of ReversingLabs TitaniumCloud is unexpected for this request (${said}).`,
      );
}

const OTHER_TYPE = 'If bulk requests are refused, set the option bodyType to the other type.';

/** A web page where an answer should be: a log-in page of the network, or a wrong address. */
export function pageInstead(): RequestFault {
  return fault(
    'protocol',
    'url',
    'A web page came back instead of an answer of ReversingLabs TitaniumCloud. Check the URL, and whether a proxy or a ' +
      'log-in page of the network stands in between.',
  );
}

/** An answer with status 200 that is none. */
export function unreadable(body: AnswerBody): RequestFault {
  const why = {
    json: 'it holds no entries',
    xml: 'it is XML, and JSON was asked for',
    page: 'it is a web page',
    empty: 'it is empty',
    text: 'it is no JSON',
  }[body.kind];
  return body.kind === 'page'
    ? pageInstead()
    : fault('protocol', 'answer', `The answer is not one of ReversingLabs TitaniumCloud: ${why}.`);
}

/** What the body says, without its markup; empty for a page, which says nothing about the request. */
function wordsOf(body: AnswerBody, context: ProviderContext): string {
  const raw = textOf(body);
  // A server may repeat the header it was sent, which holds the key in another form.
  return ownWords(raw.slice(0, LONGEST_BODY).replaceAll(credentialsOf(context), '(key)'), context.key);
}

/** The same as it came: not to be shown. */
export function textOf(body: AnswerBody): string {
  switch (body.kind) {
    case 'json':
      return sayingOf(body.value);
    case 'xml':
      // Cut first: looking for the end of every bracket in megabytes of them would take hours.
      return body.text.slice(0, LONGEST_BODY).replace(/<[^>]*>/g, ' ');
    case 'text':
      return body.text;
    default:
      return '';
  }
}

/** All texts under names that errors are told by, at the top or inside the envelope: the reason may stand in any. */
function sayingOf(value: unknown, depth = DEEPEST): string {
  if (typeof value === 'string') {
    return value.trim();
  }
  const fields = isRecord(value) && depth > 0 ? value : null;
  const names = fields === null ? [] : ['message', 'error', 'detail', 'rl'];
  const texts = names.flatMap((name) => sayingOf(fields?.[name], depth - 1) || []);
  return [...new Set(texts)].join(', ');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(outcome: RequestFault['outcome'], at: RequestFault['at'], message: string): RequestFault {
  return { outcome, at, message, window: null, until: null, sent: true };
}
