import type { Body } from '../../read-body.ts';
import { errorSchema } from './schema.ts';

/** What an answer that is an error means. */
export type Meaning =
  | 'auth'
  | 'right'
  | 'licence'
  | 'missing'
  | 'elsewhere'
  | 'query'
  | 'long'
  | 'moved'
  | 'page'
  | 'proxy'
  | 'rate'
  | 'slow'
  | 'server'
  | 'answer';

export interface ErrorWords {
  /** Such as 0x2001; empty where there is none. */
  readonly code: string;
  readonly message: string;
}

/** The words of an error, whatever the HTTP status is; null when the body is none. */
export function errorIn(body: Body): ErrorWords | null {
  const parsed = body.kind === 'json' ? errorSchema.safeParse(body.value) : null;
  if (parsed?.success !== true) {
    return null;
  }
  const { status, errCode, message } = parsed.data;
  const isError = /^(error|failure)$/i.test(status ?? '') || typeof errCode === 'string';
  return isError ? { code: errCode ?? '', message: message ?? '' } : null;
}

/** Read by the error's own code first, then by the HTTP status. */
export function meaningOf(status: number, body: Body, error: ErrorWords | null): Meaning {
  // A page is a gateway's or a log-in's: what it forbids says nothing about the Api User or an owner.
  if (body.kind === 'page' && !KEEPS_MEANING.has(status) && (status < 300 || (status >= 400 && status < 500))) {
    return 'page';
  }
  if (/licen[cs]e/i.test(error?.message ?? '') && (status === 503 || status === 403)) {
    return 'licence';
  }
  const meaning = BY_CODE.get(error?.code.toLowerCase() ?? '') ?? byStatus(status);
  return meaning === 'elsewhere' && error !== null ? 'missing' : meaning;
}

/** Statuses that gateways send pages with and that mean the same from them. */
const KEEPS_MEANING = new Set([407, 408, 414, 429, 431]);

/** https://github.com/ThreatConnect-Inc/tcex, tcex/api/tc/v3/README.md */
const BY_CODE: ReadonlyMap<string, Meaning> = new Map([
  ['0x1001', 'query'],
  ['0x1002', 'auth'],
  ['0x1003', 'right'],
  ['0x1004', 'missing'],
  ['0x1007', 'server'],
  ['0x2001', 'query'],
  ['0x2005', 'query'],
]);

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  400: 'query',
  401: 'auth',
  403: 'right',
  404: 'elsewhere',
  407: 'proxy',
  408: 'slow',
  414: 'long',
  429: 'rate',
  431: 'long',
};

function byStatus(status: number): Meaning {
  const exact = BY_STATUS[status];
  if (exact !== undefined) {
    return exact;
  }
  if (status >= 500) {
    return 'server';
  }
  return status >= 300 && status < 400 ? 'moved' : 'answer';
}
