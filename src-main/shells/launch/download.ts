import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { WriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { whenClosed } from '../../platform/file-stream.ts';

/** When a download is given up. */
export interface DownloadLimits {
  /** From asking for a connection until it stands, TLS included; each redirect may take as long again. */
  readonly connectMs: number;
  /** Without a single byte. */
  readonly stallMs: number;
}

/**
 * Downloads a URL to a file. Rejects with a short reason when connecting takes too long, nothing arrives for too long,
 * the server refuses, or less arrives than was announced; the file is removed then.
 */
export async function download(
  url: string,
  file: string,
  limits: DownloadLimits,
  onBytes: (done: number, total: number | null) => void = () => undefined,
): Promise<void> {
  const controller = new AbortController();
  const giveUp = (why: string): void => controller.abort(new Error(why));
  const connecting = timer(limits.connectMs, () => giveUp(`no connection within ${limits.connectMs / 1000} s`));
  const silence = timer(limits.stallMs, () => giveUp(`no bytes for ${limits.stallMs / 1000} s`));
  const onConnecting = (): void => connecting.restart();
  const onConnected = (): void => {
    connecting.stop();
    silence.restart();
  };
  subscribe('undici:client:beforeConnect', onConnecting);
  subscribe('undici:client:connected', onConnected);
  await mkdir(dirname(file), { recursive: true });
  connecting.restart();
  let out: WriteStream | undefined;
  try {
    const response = await fetch(url, { signal: controller.signal });
    connecting.stop();
    silence.restart();
    if (!response.ok || response.body === null) {
      throw new Error(`the server answers ${response.status}`);
    }
    const announced = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isNaN(announced) ? null : announced;
    let done = 0;
    out = (await open(file, 'w')).createWriteStream();
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          silence.restart();
          done += chunk.length;
          onBytes(done, total);
          yield chunk;
        }
      },
      out,
      { signal: controller.signal },
    );
  } catch (error) {
    await (out === undefined ? undefined : whenClosed(out));
    await rm(file, { force: true });
    throw new Error(reasonOf(controller.signal.aborted ? controller.signal.reason : error), { cause: error });
  } finally {
    connecting.stop();
    silence.stop();
    unsubscribe('undici:client:beforeConnect', onConnecting);
    unsubscribe('undici:client:connected', onConnected);
  }
}

interface Timer {
  restart(): void;
  stop(): void;
}

function timer(milliseconds: number, call: () => void): Timer {
  let handle: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(handle);
  return {
    restart() {
      stop();
      handle = setTimeout(call, milliseconds);
    },
    stop,
  };
}

/** The innermost reason in a few words: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error.cause instanceof Error) {
    return reasonOf(error.cause);
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return reasonOf(error.errors[0]);
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection is refused',
    ENOTFOUND: 'the name is not found',
    EAI_AGAIN: 'the name is not found',
    ECONNRESET: 'the connection broke off',
    UND_ERR_SOCKET: 'the connection broke off',
    UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
    ENETUNREACH: 'the network is not reached',
  };
  return (code === null ? undefined : words[code]) ?? (error.message.split('\n')[0] || (code ?? 'unknown reason'));
}
