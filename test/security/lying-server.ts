import { request, type IncomingMessage } from 'node:http';
import { serveHttp } from '#test/integration/net/servers.ts';

/** A request as it came. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What is answered instead: any status and text. Null lets the true answer through. */
export type Lie = (heard: Heard, truth: () => unknown) => { readonly status: number; readonly body: string } | null;

/** Stands before a server of this machine, hears everything and may change any answer. */
export async function lyingServer(
  origin: string,
  lie: Lie,
): Promise<{ readonly url: string; readonly heard: Heard[] }> {
  const heard: Heard[] = [];
  const url = await serveHttp(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks);
    const told = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    const one = { ...told, body: body.toString('utf8') };
    heard.push(one);
    const passed = request(`${origin}${told.path}`, {
      method: told.method,
      headers: { ...told.headers, connection: 'close' },
    });
    passed.on('error', () => outgoing.destroy());
    passed.on('response', async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) {
        parts.push(part as Buffer);
      }
      const text = Buffer.concat(parts);
      const lied = lie(one, () => JSON.parse(text.toString('utf8')));
      const headers = { 'content-type': answer.headers['content-type'] ?? 'application/json' };
      outgoing.writeHead(lied?.status ?? answer.statusCode ?? 500, headers).end(lied?.body ?? text);
    });
    passed.end(body);
  });
  return { url, heard };
}
