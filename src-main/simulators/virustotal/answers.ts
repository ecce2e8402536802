import type { ApiAnswer } from '../server/api.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

/** An object of the API with status 200; the service indents by four spaces. */
export function objectAnswer(value: unknown, gzip: boolean): ApiAnswer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(value, null, 4), gzip };
}

/** The error object of the API; docs.virustotal.com/reference/errors. Errors come uncompressed. */
export function errorAnswer(status: number, code: string, message: string): ApiAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ error: { code, message } }, null, 4) };
}
