import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { HttpClient, HttpRequest, HttpResponse, HttpResult } from '../../../net/port.ts';
import {
  askOnce,
  type RecordedExchange,
  type Repeat,
  type ServiceFault,
  type ServiceResult,
} from '../../../net/service-fault.ts';
import { readBody } from '../../read-body.ts';
import { keyFilter } from '../../without-key.ts';
import { apiBase, type ApiBase } from './base-url.ts';
import { timeIn } from './clock.ts';
import { faultOfAnswer, faultOfExchange, notSent, unreadable, type Asked } from './faults.ts';
import { errorIn } from './meaning.ts';
import { proof, type ApiUser } from './sign.ts';

/** What a client of ThreatConnect is made of. */
export interface ThreatConnectContext {
  readonly config: SyncJobConfig;
  /** Secret key or token of the Api User; empty or null while there is none. */
  readonly secret: string | null;
  readonly http: HttpClient;
  /** Milliseconds since the epoch; signatures carry it. */
  readonly now: () => number;
  /** Told of every request that was made, with its outcome. */
  readonly onExchange: (exchange: RecordedExchange) => void;
  /** Every request goes through it, since all are reads; once each without it. */
  readonly repeat?: Repeat;
}

/** One request: `target` is path and query as they are sent. */
export interface Question {
  readonly target: string;
  readonly body?: string;
  /** An older server may not have it. */
  readonly isOptional?: boolean;
}

/** An answer of status 200 that is JSON and no error, before its fields are looked at. */
export interface JsonAnswer {
  readonly json: unknown;
  readonly httpStatus: number;
}

/** Asks signed questions. */
export interface Exchange {
  readonly base: ApiBase | { readonly problem: string };
  /** See ThreatConnect. */
  toldTime(): number | null;
  ask(question: Question, signal: AbortSignal): Promise<ServiceResult<JsonAnswer>>;
}

/** Ten thousand indicators with some twenty tags each stay below it. */
const MOST_BYTES = 96 * 1024 * 1024;

/** A way to ask ThreatConnect. Nothing is sent while the address, Access ID or secret is missing. */
export function createExchange(context: ThreatConnectContext): Exchange {
  const base = apiBase(context.config.threatConnectUrl);
  const user = apiUser(context);
  const filter = keyFilter('problem' in user ? [] : [user.kind === 'hmac' ? user.secretKey : user.token]);
  const { repeat = askOnce } = context;
  let told: number | null = null;
  return {
    base,
    toldTime: () => told,
    async ask(question, signal) {
      if ('problem' in base) {
        return failed(notSent(context.config.threatConnectUrl.trim() === '' ? 'missing' : 'url', base.problem));
      }
      if ('problem' in user) {
        return failed(notSent('missing', user.problem));
      }
      return repeat(async () => {
        // A signature holds the moment it was made.
        const at = context.now();
        const request = requestOf(question, { base, user, at, timeoutMs: context.config.timeoutSeconds * 1000 });
        const sent = await context.http.send(request, signal);
        told = (sent.ok ? timeIn(sent.response.headers) : null) ?? told;
        const asked = { user: user.kind, isOptional: question.isOptional === true, filter, at };
        const result = sent.ok ? read(sent.response, asked) : failed<JsonAnswer>(faultOfExchange(sent.fault));
        context.onExchange(recorded(base.host, request.label, sent, result));
        return result;
      });
    },
  };
}

/** A result that is a fault. */
export function failed<T>(fault: ServiceFault): ServiceResult<T> {
  return { ok: false, fault };
}

function apiUser({ config, secret }: ThreatConnectContext): ApiUser | { readonly problem: string } {
  const given = secret?.trim() ?? '';
  const accessId = config.accessId.trim();
  if (config.threatConnectAuth === 'token') {
    return given === ''
      ? { problem: 'The token of the Api User is not set. Enter it.' }
      : { kind: 'token', token: given };
  }
  if (accessId === '') {
    return { problem: 'The Access ID of the Api User is not set. Enter it.' };
  }
  return given === ''
    ? { problem: 'The secret key of the Api User is not set. Enter it.' }
    : { kind: 'hmac', accessId, secretKey: given };
}

function requestOf(
  { target, body }: Question,
  asked: { readonly base: ApiBase; readonly user: ApiUser; readonly at: number; readonly timeoutMs: number },
): HttpRequest {
  // What is signed is what a URL parser makes of it, as the network sends that. Never `new URL(target, origin)`: a target
  // that begins with two slashes would name another host, and get the proof.
  const url = new URL(`${asked.base.origin}${target}`);
  const sent = url.pathname + url.search;
  return {
    method: 'GET',
    url: url.href,
    label: `GET ${url.pathname}`,
    headers: {
      accept: 'application/json',
      ...proof(asked.user, { method: 'GET', target: sent, at: asked.at }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: asked.timeoutMs,
    maxBytes: MOST_BYTES,
  };
}

function read(response: HttpResponse, asked: Asked): ServiceResult<JsonAnswer> {
  const body = readBody(response);
  if (response.status !== 200 || body.kind === 'page' || errorIn(body) !== null) {
    return failed(faultOfAnswer(response, body, asked));
  }
  if (body.kind === 'json') {
    return { ok: true, value: { json: body.value, httpStatus: response.status } };
  }
  return failed(unreadable(body.kind === 'empty' ? 'it is empty' : 'it is no whole JSON', response.status, true));
}

function recorded(host: string, label: string, sent: HttpResult, result: ServiceResult<JsonAnswer>): RecordedExchange {
  return {
    host,
    label,
    httpStatus: sent.ok ? sent.response.status : null,
    elapsedMs: sent.ok ? sent.response.elapsedMs : sent.fault.elapsedMs,
    message: result.ok ? '' : result.fault.message,
  };
}
