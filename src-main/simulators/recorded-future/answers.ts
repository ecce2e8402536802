import type { ApiAnswer } from '../server/api.ts';

const JSON_TYPE = { 'content-type': 'application/json' } as const;

export function jsonAnswer(value: unknown, gzip: boolean): ApiAnswer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(value), gzip };
}

/** The form errors of the Connect API have in public integrations' recordings. */
export function errorAnswer(status: number, message: string): ApiAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ error: { status, message } }) };
}

/** The gateway in front of the APIs names what is wrong with a request at the top. */
export function gatewayAnswer(status: number, message: string): ApiAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ message }) };
}
