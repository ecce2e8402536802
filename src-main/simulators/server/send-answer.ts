import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ApiAnswer } from './api.ts';

/** On every answer, so that nobody takes it for the real service's. */
export const MARK: Readonly<Record<string, string>> = { 'x-assay-simulated': '1' };

/** Sends an answer whole, unless it is to be lost. Returns its status, 0 when nothing was sent. */
export function sendAnswer(response: ServerResponse, answer: ApiAnswer): number {
  if (answer.lost === true) {
    response.socket?.destroy();
    return 0;
  }
  const body = answer.gzip === true ? gzipSync(answer.body, { level: 1 }) : Buffer.from(answer.body);
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.gzip === true ? { 'content-encoding': 'gzip' } : {}),
    ...MARK,
    'content-length': String(body.length),
  });
  response.end(body);
  return answer.status;
}
