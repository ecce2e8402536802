import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceFault } from '#main/net/service-fault.ts';
import type { ThreatResponse } from '#main/destinations/tanium/port.ts';
import { connect, PASSWORD, startServer, type Server } from './tanium-server.ts';

const never = new AbortController().signal;
const DOCUMENT = { rootId: '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b', name: 'N', description: '', xml: '<ioc/>' };
const FILE = { md5: 'cd'.repeat(16), sha1: '', sha256: '', notes: '' };
const SESSION = 'session-0123456789abcdef';

type Outcome = { readonly ok: true } | { readonly ok: false; readonly fault: ServiceFault };

/** Every call that asks something. */
const CALLS: Readonly<Record<string, (client: ThreatResponse) => Promise<Outcome>>> = {
  findSource: (client) => client.findSource('ThreatConnect', never),
  createSource: (client) => client.createSource('ThreatConnect', never),
  intels: (client) => client.intels(7, never),
  create: (client) => client.create(7, DOCUMENT, never),
  replace: (client) => client.replace(501, DOCUMENT, never),
  remove: (client) => client.remove(501, never),
  quickAdd: (client) => client.quickAdd('host', ['bad.example'], never),
  labels: (client) => client.labels(never),
  createLabel: (client) => client.createLabel('APT 28', never),
  addLabel: (client) => client.addLabel(501, 12, never),
  removeLabel: (client) => client.removeLabel(501, 12, never),
  deploy: (client) => client.deploy(never),
  findGroup: (client) => client.findGroup('Servers', never),
  scan: (client) => client.scan(3, 501, never),
  listFiles: (client) => client.listFiles([FILE], never),
  unlistFiles: (client) => client.unlistFiles([FILE], never),
};

interface Said {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a server may say that means harm, or is broken; it has heard password and session and repeats them. */
const said: fc.Arbitrary<Said> = fc.record({
  status: fc.constantFrom(200, 200, 201, 204, 301, 400, 401, 403, 404, 405, 409, 413, 429, 500, 502, 599),
  body: fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.json().map((json) => `{"data":${json}}`),
    fc.json().map((json) => `{"data":[{"id":1,"name":${json}},${json},null]}`),
    fc
      .string()
      .map((text) => JSON.stringify({ text: `${text}\u001b[2J\u202e ${PASSWORD} ${SESSION}`, errors: [{}, text] })),
    fc.constantFrom(
      '',
      'null',
      '[]',
      '{"data":{"id":-1}}',
      '{"data":{"id":"1e9"}}',
      '{"data":{"id":5,"isSchemaValid":"no","labelIds":{}}}',
      '{"__proto__":{"data":1},"data":{"constructor":2}}',
      '['.repeat(5000),
      `<html><title>${PASSWORD}</title></html>`,
      `<!DOCTYPE ioc [<!ENTITY a SYSTEM "file:///etc/passwd">]><ioc>&a;</ioc>`,
      'x'.repeat(100_000),
    ),
  ),
  headers: fc.constantFrom(
    {},
    { 'retry-after': '-1' },
    { 'retry-after': '99999999999' },
    { location: '//evil.example' },
  ),
});

describe('a server that says anything', () => {
  let answer: Said = { status: 200, body: '', headers: {} };
  let server: Server;
  beforeAll(async () => {
    server = await startServer(({ url }, response) => {
      if (url.endsWith('/login')) {
        return { data: { session: SESSION } };
      }
      if (url.includes('/sources?limit=1')) {
        return undefined;
      }
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return null;
    });
  });
  afterAll(() => server.close());

  it('is answered by a result: a success only to a success, a fault in one plain line without a secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(CALLS)), said, async (name, given) => {
        answer = given;
        const connected = connect(server.url);
        const { client, recorded } = connected;
        try {
          const result = await CALLS[name]?.(client);
          const isAbsent = given.status === 404 && ['remove', 'removeLabel', 'findGroup'].includes(name);
          expect(result?.ok === true && given.status >= 300 && !isAbsent).toBe(false);
          for (const line of [
            result?.ok === false ? result.fault.message : 'x',
            ...recorded.map(({ message }) => message),
          ]) {
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
            expect(line.length).toBeLessThan(700);
            expect(line.includes(PASSWORD) || line.includes(SESSION)).toBe(false);
          }
        } finally {
          await client.close();
          await connected.close();
        }
      }),
      { numRuns: 250 },
    );
  });
});
