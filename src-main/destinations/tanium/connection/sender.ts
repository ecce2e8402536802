import type { HttpClient, HttpRequest, HttpResponse } from '../../../net/port.ts';
import type { RecordedExchange, Repeat, ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import { bodyOf, type Body } from './body.ts';
import { answerFault, brokenAnswer, networkFault, type Asking } from './faults.ts';
import { sayingOf } from './saying.ts';

/** What a connection to Tanium is made from. */
export interface TaniumOptions {
  readonly config: Pick<
    SyncJobConfig,
    'taniumUrl' | 'taniumAuth' | 'taniumUsername' | 'taniumDomain' | 'threatResponseApi' | 'timeoutSeconds'
  >;
  /** Password or API token; empty while there is none. Never in a URL, a label, a fault or a record. */
  readonly secret: string;
  /** Has proxy, certificate and offline rules inside; whoever made it closes it. */
  readonly http: HttpClient;
  /** Is told every exchange, log-ins too. */
  readonly onExchange: (exchange: RecordedExchange) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Reads, and writes that change nothing when they are done twice, go through it; once each without it. */
  readonly repeat?: Repeat;
}

/** One request, before anybody knows with which session it goes. */
export interface Ask {
  readonly method: HttpRequest['method'];
  /** From the address on, with its query. */
  readonly path: string;
  /** The path as it is recorded, where the path itself may not be. */
  readonly shownPath?: string;
  /** What is to be done, e.g. "list the documents": the rest of a sentence. */
  readonly what: string;
  /** Much is handed over, of which less at once may pass. */
  readonly isBulk?: true;
  /** It may be sent again without a look: for what is no GET, which always may. */
  readonly isRepeatable?: true;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes?: number;
}

/** What came back: a success with its body, or a fault. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: Body; readonly asking: Asking }
  | {
      readonly ok: false;
      readonly fault: ServiceFault;
      /** What the refusal is: null when none arrived. */
      readonly body: Body | null;
      /** The connection ended while or after the request was on its way. */
      readonly wasCut: boolean;
    };

/** Sends single requests to one address, records them and makes faults of what is no success. Repeats nothing. */
export interface Sender {
  send(
    ask: Ask,
    session: { readonly value: string; readonly isFresh: boolean } | null,
    signal: AbortSignal,
  ): Promise<Answer>;
  /** From now on a text that no message may repeat, too. */
  keepSecret(text: string): void;
}

const MOST_BYTES = 16 * 1024 * 1024;

/** A sender for one address. Whatever happens comes back as an answer; nothing is thrown. */
export function createSender(
  options: TaniumOptions,
  address: { readonly base: string; readonly host: string },
): Sender {
  const secrets: string[] = formsOf(options.secret);
  const { config, http } = options;
  return {
    keepSecret: (text) => void secrets.push(...formsOf(text)),
    async send(ask, session, signal) {
      const sent = await http.send(requestOf(ask, session?.value ?? null, address.base, config), signal);
      const asking: Asking = {
        what: ask.what,
        isBulk: ask.isBulk ?? false,
        host: address.host,
        auth: config.taniumAuth,
        isFresh: session?.isFresh ?? true,
        secrets,
        now: options.now(),
      };
      // Only what answers a log-in holds the session, which may be the same as before.
      const kept = session === null ? [] : secrets;
      const answer = sent.ok ? readAnswer(sent.response, ask.method, asking, kept) : unanswered(sent.fault);
      options.onExchange({
        host: address.host,
        label: labelOf(ask),
        httpStatus: sent.ok ? sent.response.status : null,
        elapsedMs: sent.ok ? sent.response.elapsedMs : sent.fault.elapsedMs,
        message: answer.ok ? '' : answer.fault.message,
      });
      return answer;
    },
  };
}

/** What of a failed answer is handed on: never its body, which may repeat what was sent. */
export function failed(answer: Extract<Answer, { ok: false }>): Extract<ServiceResult<never>, { ok: false }> {
  return { ok: false, fault: answer.fault };
}

/** Whether an answer is of that status and Threat Response's own: a page of a front end says nothing about a document. */
export function isOwn(answer: Answer, status: number): boolean {
  return !answer.ok && answer.fault.httpStatus === status && answer.body !== null && answer.body.kind !== 'page';
}

/** Whether Threat Response says that what was asked about is not there: with 404, or with 400 and words. */
export function isMissing(answer: Answer): boolean {
  return (
    isOwn(answer, 404) ||
    (isOwn(answer, 400) && !answer.ok && answer.body !== null && NOT_FOUND.test(sayingOf(answer.body)))
  );
}

const NOT_FOUND = /\bnot found\b/i;

/** As it is, as it is sent when that is without blanks around it, and as JSON writes it. */
function formsOf(secret: string): string[] {
  return [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)];
}

function labelOf({ method, path, shownPath = path }: Ask): string {
  return `${method} ${shownPath.replace(/\?.*$/, '')}`;
}

function requestOf(ask: Ask, session: string | null, base: string, config: TaniumOptions['config']): HttpRequest {
  return {
    method: ask.method,
    url: `${base}${ask.path}`,
    label: labelOf(ask),
    headers: {
      accept: 'application/json',
      ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...ask.headers,
      ...(session === null ? {} : { session }),
    },
    ...(ask.body === undefined ? {} : { body: ask.body }),
    timeoutMs: config.timeoutSeconds * 1000,
    maxBytes: ask.maxBytes ?? MOST_BYTES,
  };
}

function readAnswer(response: HttpResponse, method: Ask['method'], asking: Asking, secrets: readonly string[]): Answer {
  const body = bodyOf(response, secrets);
  const isSuccess = response.status >= 200 && response.status < 300;
  // Whatever is read is JSON: text in its place is what is left of it.
  if (isSuccess && method === 'GET' && body.kind === 'other') {
    return { ok: false, fault: brokenAnswer(response.status, asking), body, wasCut: false };
  }
  // A page with 200 is a front end's word, not Threat Response's.
  return isSuccess && body.kind !== 'page'
    ? { ok: true, status: response.status, body, asking }
    : { ok: false, fault: answerFault(response, body, asking), body, wasCut: false };
}

function unanswered(fault: Parameters<typeof networkFault>[0]): Answer {
  return { ok: false, fault: networkFault(fault), body: null, wasCut: fault.kind === 'cut' };
}
