import type { Fault } from '../port.ts';

const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

/** A page in place of an answer, as a proxy or an instance under maintenance sends it. */
export const MAINTENANCE: Fault = {
  kind: 'status',
  status: 503,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>Back soon.</body></html>\n',
};

/** What is met at random in long runs: errors with and without words, a limit, pages, connections that end. */
export const THREATCONNECT_FAULTS: readonly Fault[] = [
  failure(500, 'Internal error'),
  MAINTENANCE,
  failure(502, 'Bad gateway'),
  tooMany(1),
  { kind: 'html' },
  { kind: 'cut' },
  { kind: 'truncated' },
];

/** A refusal for now; `seconds` is what it asks to wait, null when it does not say. */
export function tooMany(seconds: number | null): Fault {
  return {
    kind: 'status',
    status: 429,
    headers: { ...JSON_TYPE, ...(seconds === null ? {} : { 'retry-after': String(seconds) }) },
    body: JSON.stringify({ status: 'Failure', message: 'Too many requests' }),
  };
}

/** A failure as the older interface writes it. */
export function failure(status: number, message: string): Fault {
  return { kind: 'status', status, headers: JSON_TYPE, body: JSON.stringify({ status: 'Failure', message }) };
}

/** An error as the v3 interface writes it; with a status of 200 it is one that hides. */
export function refusal(status: number, errCode: string, message: string): Fault {
  return { kind: 'status', status, headers: JSON_TYPE, body: JSON.stringify({ errCode, message, status: 'Error' }) };
}
