import type { ApiAnswer } from '../server/api.ts';

/** Error codes of the v3 interface that this instance answers with, and their HTTP status. */
const STATUS = {
  '0x1001': 400,
  '0x1002': 401,
  '0x1003': 403,
  '0x1004': 404,
  '0x1005': 405,
  '0x2001': 400,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** An error that ends a request; made an answer where the request is met. */
export class ApiError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A JSON answer. */
export function json(body: unknown, status = 200): ApiAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=utf-8' }, body: JSON.stringify(body) };
}

/** An error as the v3 interface writes it. */
export function v3Error(code: ErrorCode, message: string): ApiAnswer {
  return json({ errCode: code, message, status: 'Error' }, STATUS[code]);
}

/** An error as the older interface writes it, which the layer that checks who asks still does. */
export function v2Failure(status: number, message: string): ApiAnswer {
  return json({ status: 'Failure', message }, status);
}
