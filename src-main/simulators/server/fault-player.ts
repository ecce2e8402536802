import type { ServerResponse } from 'node:http';
import type { Fault } from '../port.ts';
import type { ApiAnswer } from './api.ts';
import { MARK, sendAnswer } from './send-answer.ts';

const PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Sign in</title></head>
<body><h1>Sign in to this network</h1><form method="post"><input name="user"><input name="password"></form></body></html>
`;
/** Longer than any answer a client should hold in memory. */
const OVERSIZED_BYTES = 96 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 0x20);

/** The faults that soak runs draw from. */
export const RANDOM_FAULTS: readonly Fault[] = [{ kind: 'status', status: 500 }, { kind: 'cut' }, { kind: 'html' }];

/** True when the service behind it would have counted the call: everything but an answer that refuses it. */
export function countsAsCall(fault: Fault, countsOnlyOk: boolean): boolean {
  if (fault.kind !== 'status') {
    return true;
  }
  return countsOnlyOk ? fault.status === 200 : fault.status < 400 || fault.status >= 500;
}

/**
 * Meets a request with a fault. `ordinary` makes the answer it would have had, for faults that damage one. Returns the
 * status that was sent, 0 when none was.
 */
export function playFault(fault: Fault, response: ServerResponse, ordinary: () => ApiAnswer): number {
  switch (fault.kind) {
    case 'status':
      return sendAnswer(response, {
        status: fault.status,
        headers: { 'content-type': 'text/plain; charset=utf-8', ...fault.headers },
        body: fault.body ?? '',
      });
    case 'html':
      return sendAnswer(response, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE });
    case 'garbage':
      return sendAnswer(response, {
        status: 200,
        headers: { 'content-type': ordinary().headers['content-type'] ?? 'application/octet-stream' },
        body: Buffer.from([0x00, 0xff, 0x7b, 0x22, 0xfe, 0x3c, 0x21, 0x01, 0x80, 0x5d, 0x0a, 0x9f]),
      });
    case 'cut':
      response.socket?.destroy();
      return 0;
    case 'truncated':
      return sendHalf(response, ordinary());
    case 'oversized':
      return sendEndless(response, ordinary());
    case 'false-gzip': {
      const { status, headers, body } = ordinary();
      return sendAnswer(response, { status, headers: { ...headers, 'content-encoding': 'gzip' }, body });
    }
    case 'lost':
      return sendAnswer(response, { ...ordinary(), lost: true });
    case 'hang':
      return 0;
    case 'slow':
    case 'none':
      return sendAnswer(response, ordinary());
    default:
      throw new TypeError(`no such fault: ${JSON.stringify(fault satisfies never)}`);
  }
}

/** Announces the whole length, sends half of it and cuts the connection. */
function sendHalf(response: ServerResponse, answer: ApiAnswer): number {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, ...MARK, 'content-length': String(body.length) });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  return answer.status;
}

/** Goes on with white space after the answer until the client has had enough. */
function sendEndless(response: ServerResponse, answer: ApiAnswer): number {
  response.writeHead(answer.status, { ...answer.headers, ...MARK });
  response.write(answer.body);
  let sent = 0;
  const more = (): void => {
    while (!response.destroyed && sent < OVERSIZED_BYTES) {
      sent += CHUNK.length;
      if (!response.write(CHUNK)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
  return answer.status;
}
