import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { clientWith, closeClients, outcome } from './client-fixture.ts';
import { closeServers, serveBytes } from './servers.ts';

afterEach(async () => {
  await closeClients();
  await closeServers();
});

const JSON_TEXT = `{"data":{"id":"${'ab'.repeat(32)}","malicious":0}}`;
const head = (lines: string): string => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${lines}\r\n\r\n`;
const gzipped = gzipSync(JSON_TEXT);
const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

const ANSWERS: Readonly<Record<string, Buffer>> = {
  'a length': Buffer.from(`${head(`content-length: ${JSON_TEXT.length}`)}${JSON_TEXT}`),
  chunks: Buffer.concat([
    Buffer.from(head('transfer-encoding: chunked')),
    chunk(Buffer.from(JSON_TEXT.slice(0, 30))),
    chunk(Buffer.from(JSON_TEXT.slice(30))),
    Buffer.from('0\r\n\r\n'),
  ]),
  'gzip until the connection ends': Buffer.concat([
    Buffer.from(head('content-encoding: gzip\r\nconnection: close')),
    gzipped,
  ]),
};

it.each(Object.entries(ANSWERS))('an answer with %s that is cut anywhere is none', async (name, whole) => {
  let bytes = whole;
  const url = await serveBytes((socket) => socket.once('data', () => socket.end(bytes)));
  const client = clientWith({ options: { concurrency: 1 } });
  expect(await outcome(client, url)).toEqual([200, JSON_TEXT]);
  const taken: [number, unknown][] = [];
  for (let length = 0; length < whole.length; length += 1) {
    bytes = whole.subarray(0, length);
    const result = await outcome(client, url);
    if (JSON.stringify(result) !== '["cut","sent"]') {
      taken.push([length, result]);
    }
  }
  // A head alone, without a length, is a whole answer that says nothing: that is for the adapter to refuse.
  const empty = whole.length - gzipped.length;
  expect(taken).toEqual(name.startsWith('gzip') ? [[empty, [200, '']]] : []);
});
