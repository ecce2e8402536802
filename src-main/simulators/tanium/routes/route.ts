import type { ApiAnswer, ApiRequest } from '../../server/api.ts';
import { refuse } from '../answers.ts';
import type { TaniumArea, TaniumBehaviour, TaniumOptions, TaniumWrites } from '../port.ts';
import type { Sessions } from '../sessions.ts';
import type { TaniumState } from '../state.ts';

/** What a route has to work with. */
export interface RouteWorld {
  readonly options: TaniumOptions;
  readonly behaviour: TaniumBehaviour;
  readonly state: TaniumState;
  readonly sessions: Sessions;
}

export interface RouteRequest {
  readonly request: ApiRequest;
  /** What the groups of the pattern found, decoded. */
  readonly params: readonly string[];
}

/** A write that may be done: everything was looked at, nothing can go wrong any more. */
export interface Write {
  readonly kind: 'write';
  readonly counts: Exclude<keyof TaniumWrites, 'total'>;
  /** Changes what the server holds. `did` says what in a few words, for the log. */
  perform(): { readonly answer: ApiAnswer; readonly did: string };
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Of the path behind the prefix of Threat Response, or the whole path where `isPlatform` says so. */
  readonly pattern: RegExp;
  readonly isPlatform?: boolean;
  /** Absent: no right and no session is needed. */
  readonly area?: TaniumArea;
  /** Throws Refused. A write is only prepared here. */
  answer(asked: RouteRequest, world: RouteWorld): ApiAnswer | Write;
}

/** The body as a JSON object. Throws Refused with 400. */
export function objectIn(request: ApiRequest): Readonly<Record<string, unknown>> {
  const parsed = jsonIn(request);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refuse(400, 'the body must be an object');
  }
  return parsed as Readonly<Record<string, unknown>>;
}

/** The body as JSON. Throws Refused with 400. */
export function jsonIn(request: ApiRequest): unknown {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw refuse(400, 'the content type must be application/json');
  }
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    throw refuse(400, 'the body is not JSON');
  }
}

/** A text that is not empty. Throws Refused with 400. */
export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw refuse(400, `${name} is required`);
  }
  return value;
}

/** A text, or nothing. Throws Refused with 400. */
export function optionalText(value: unknown, name: string): string {
  return value === undefined || value === null || value === '' ? '' : textOf(value, name);
}

/** The entry of that id. Throws Refused with 404. */
export function entryOf<T>(entries: ReadonlyMap<number, T>, id: unknown, name: string): T {
  const entry = entries.get(Number(id));
  if (entry === undefined) {
    throw refuse(404, `${name} not found`);
  }
  return entry;
}
