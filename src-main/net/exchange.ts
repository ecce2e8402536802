import type { Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import { codeOf, ConnectionFault } from './connection-fault.ts';
import { decodeBody } from './decode-body.ts';
import type { HttpFault, HttpRequest } from './port.ts';

export type Exchanged =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly kind: HttpFault['kind']; readonly sent: boolean; readonly message: string };

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: Uint8Array[];
  bytes: number;
}

/** Why an exchange was ended from this side. */
class Ended extends Error {
  readonly kind: 'timeout' | 'aborted' | 'oversized';
  constructor(kind: 'timeout' | 'aborted' | 'oversized') {
    super(kind);
    this.name = 'Ended';
    this.kind = kind;
  }
}

/** Codings do not shrink below this much: room for their headers in bodies that they cannot compress. */
const CODING_ROOM = 64 * 1024;

/**
 * One request and its whole answer. Ends by itself after `timeoutMs`, counted from now, and when `signal` says so.
 * `sent` tells whether undici had begun to write the request; what ends before goes out never.
 */
export async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Exchanged> {
  const received = await receive(dispatcher, url, request, headers, signal);
  if ('ok' in received) {
    return received;
  }
  const encoding = received.headers['content-encoding'] ?? '';
  const body = await decodeBody(joined(received), encoding, request.maxBytes);
  if (body.kind === 'whole') {
    return { ok: true, status: received.status, headers: received.headers, body: body.bytes };
  }
  return fault(body.kind, true, url.hostname);
}

function receive(
  dispatcher: Dispatcher,
  url: URL,
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Received | Extract<Exchanged, { ok: false }>> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let received: Received | null = null;
    let ended: Ended | null = null;
    const settle = (result: Received | Extract<Exchanged, { ok: false }>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const end = (why: Ended): void => {
      ended ??= why;
      settle(fault(ended.kind, controller !== null, url.hostname));
      controller?.abort(ended);
    };
    const abort = (): void => end(new Ended('aborted'));
    const timer = setTimeout(() => end(new Ended('timeout')), request.timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...headers },
        body: request.body ?? null,
        // One timer covers the whole exchange.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(itsController) {
          if (ended !== null) {
            itsController.abort(ended);
            return;
          }
          controller = itsController;
        },
        onResponseStart(_, status, itsHeaders) {
          if (status >= 200) {
            received = { status, headers: flat(itsHeaders), chunks: [], bytes: 0 };
          }
        },
        onResponseData(_, chunk) {
          if (received === null) {
            return;
          }
          received.bytes += chunk.byteLength;
          if (received.bytes > request.maxBytes + CODING_ROOM) {
            end(new Ended('oversized'));
            return;
          }
          received.chunks.push(chunk);
        },
        onResponseEnd() {
          settle(received ?? fault('cut', true, url.hostname));
        },
        onResponseError(_, error) {
          settle(faultOf(error, controller !== null, url.hostname));
        },
      },
    );
  });
}

function faultOf(error: Error, sent: boolean, host: string): Extract<Exchanged, { ok: false }> {
  if (error instanceof ConnectionFault) {
    return { ok: false, kind: error.kind, sent: false, message: error.message };
  }
  if (error instanceof Ended) {
    return fault(error.kind, sent, host);
  }
  const code = codeOf(error);
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return fault('aborted', sent, host);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return {
      ok: false,
      kind: 'refused-address',
      sent,
      message: 'The request could not be formed. Check the URL and the key for characters that do not belong there.',
    };
  }
  return code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW'
    ? {
        ok: false,
        kind: 'cut',
        sent,
        message: `What came back from ${host} is no whole HTTP answer. Check the URL, and any proxy in between.`,
      }
    : fault('cut', sent, host);
}

function fault(
  kind: 'timeout' | 'aborted' | 'oversized' | 'cut',
  sent: boolean,
  host: string,
): Extract<Exchanged, { ok: false }> {
  const words = {
    timeout: sent
      ? `${host} did not answer in time. A longer time-out can be set for the source.`
      : `No connection to ${host} came about in time. Check the network and whether a proxy is needed.`,
    aborted: 'The request was ended from this side.',
    oversized: `The answer of ${host} is longer than any answer should be; reading it was ended.`,
    cut: `The connection to ${host} ended before the answer was whole.`,
  } as const;
  return { ok: false, kind, sent, message: words[kind] };
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function joined({ chunks, bytes }: Received): Uint8Array {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes);
}
