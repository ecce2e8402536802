import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { IntelDocument } from '#main/destinations/tanium/port.ts';
import {
  connect,
  PASSWORD,
  PREFIX,
  refuse,
  startServer,
  type Connected,
  type Handler,
  type Server,
} from './tanium-server.ts';

const LOGIN = 'POST /api/v2/session/login';
const never = new AbortController().signal;
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

async function started(
  handler: Handler,
  settings?: Parameters<typeof connect>[1],
): Promise<Connected & { readonly server: Server }> {
  const server = await startServer(handler);
  undo.push(() => server.close());
  const connected = connect(server.url, settings);
  undo.push(() => connected.close());
  return { ...connected, server };
}

function documentOf(bytes: number): IntelDocument {
  return {
    rootId: '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b',
    name: 'Große Liste',
    description: '',
    xml: `<ioc>ü${' '.repeat(bytes)}</ioc>`,
  };
}

describe('sessions', () => {
  it('are shared by calls beside each other, at the first log-in and at the next', async () => {
    let valid = 's-1';
    const { client, server } = await started(({ url, session }, response) => {
      if (url.includes('/labels')) {
        return session === valid ? [] : refuse(response, 403, { text: 'expired' });
      }
      return undefined;
    });
    const five = (): Promise<readonly unknown[]> =>
      Promise.all(Array.from({ length: 5 }, async () => client.labels(never)));
    expect(await five()).toEqual(Array.from({ length: 5 }, () => ({ ok: true, value: [] })));
    expect(server.count(LOGIN)).toBe(1);
    valid = 's-2';
    expect(await five()).toEqual(Array.from({ length: 5 }, () => ({ ok: true, value: [] })));
    expect(server.count(LOGIN)).toBe(2);
  });

  it('are not sought without end where every one is refused', async () => {
    const { client, server } = await started(({ url }, response) =>
      url.includes('/labels') ? refuse(response, 401, { text: 'expired' }) : undefined,
    );
    await client.open(never);
    expect(await client.labels(never)).toMatchObject({
      ok: false,
      fault: { kind: 'auth', sent: true, httpStatus: 401 },
    });
    expect([server.count(LOGIN), server.count(`GET ${PREFIX}/labels`)]).toEqual([2, 2]);
  });

  it('come about although one of those who wait for them gives up', async () => {
    let answer: (() => void) | undefined;
    const { client, server } = await started(({ url }, response) => {
      if (url.endsWith('/login')) {
        answer = () => void response.end('{"session":"s-1"}');
        return null;
      }
      return url.includes('/labels') ? [] : undefined;
    });
    const leaving = new AbortController();
    const [left, stayed] = [client.labels(leaving.signal), client.labels(never)];
    await expect.poll(() => answer).toBeDefined();
    leaving.abort();
    expect(await left).toMatchObject({ ok: false, fault: { kind: 'aborted', sent: false } });
    answer?.();
    expect(await stayed).toEqual({ ok: true, value: [] });
    expect(server.count(LOGIN)).toBe(1);
  });

  it('that cannot stand in a header are no sessions', async () => {
    const { client, recorded } = await started(({ url }) =>
      url.endsWith('/login') ? { session: 'a\r\nb' } : undefined,
    );
    expect(await client.open(never)).toMatchObject({ ok: false, fault: { kind: 'answer', sent: false } });
    expect(recorded).toHaveLength(1);
  });

  it('are ended once, and not at all where there was none', async () => {
    const { client, server } = await started(() => undefined);
    await client.open(never);
    await client.close();
    await client.close();
    expect(server.asked.at(-1)).toMatchObject({
      url: '/api/v2/session/logout',
      body: '{"session":"s-1"}',
      session: 's-1',
    });
    expect(server.asked).toHaveLength(3);
    const unused = await started(() => undefined);
    await unused.client.close();
    expect(unused.server.asked).toEqual([]);
  });

  it('end with the connection even while something is asked', async () => {
    const { client, server } = await started(({ url }) => (url.includes('/labels') ? null : undefined));
    const waiting = client.labels(never);
    await expect.poll(() => server.count(`GET ${PREFIX}/labels`)).toBe(1);
    await client.close();
    expect(await waiting).toMatchObject({ ok: false, fault: { kind: 'aborted', sent: true } });
    expect(server.count('POST /api/v2/session/logout')).toBe(1);
  });
});

describe('what is missing is said, and nothing is sent', () => {
  it.each([
    [{ taniumUrl: '' }, 'missing', 'Tanium Address is not set.'],
    [{ taniumUrl: 'tanium' }, 'url', 'Tanium Address is no web address: it must begin with https://.'],
    [{ taniumUsername: ' ' }, 'missing', 'Tanium Username is not set.'],
    [{ secret: '' }, 'missing', 'Tanium Password is not set.'],
    [{ secret: '', taniumAuth: 'token' }, 'missing', 'The API token of Tanium is not set.'],
    [
      { secret: 'tok en', taniumAuth: 'token' },
      'auth',
      'The API token of Tanium holds characters that no token has. Give it again.',
    ],
    [{ isOffline: true }, 'offline', expect.stringContaining('offline')],
  ] as const)('%o', async (settings, kind, message) => {
    const { client, server } = await started(() => undefined, settings);
    const fault = { kind, message, httpStatus: null, retryAfterMs: null, sent: false, isPassing: false };
    expect(await client.open(never)).toEqual({ ok: false, fault });
    expect(await client.create(7, documentOf(1), never)).toEqual({
      ok: false,
      fault: { ...fault, mayBeTooLarge: false, kept: null },
    });
    expect(await client.findGroup('x', never)).toEqual({ ok: false, fault });
    await client.close();
    expect(server.asked).toEqual([]);
  });
});

describe('writes', () => {
  it('arrive in UTF-8, whole', async () => {
    const { client, server } = await started(({ method }) =>
      method === 'POST' ? { id: 5, session: 's-1' } : undefined,
    );
    const document = documentOf(200_000);
    expect(await client.create(7, document, never)).toMatchObject({ ok: true, value: { id: 5, name: 'Große Liste' } });
    expect(server.asked.at(-1)?.body).toBe(document.xml);
  });

  it.each([
    [2_000_000, true],
    [2_000, false],
  ])('of %d bytes that are cut off are sent, and may have been too large: %s', async (bytes, mayBeTooLarge) => {
    const { client, server } = await started(({ url }, _, request) => {
      if (url.includes('/intels')) {
        request.socket.destroy();
        return null;
      }
      return undefined;
    });
    expect(await client.create(7, documentOf(bytes), never)).toMatchObject({
      ok: false,
      fault: { kind: 'network', sent: true, isPassing: true, mayBeTooLarge, kept: null },
    });
    // Nothing is repeated by itself.
    expect(server.count(`POST ${PREFIX}/sources/7/intels`)).toBe(1);
  });

  it('that are refused by their announced length are too large, read or not', async () => {
    const early = connect(await startEarlyRefusal());
    undo.push(() => early.close());
    expect(await early.client.create(7, documentOf(6_000_000), never)).toMatchObject({
      ok: false,
      fault: { mayBeTooLarge: true, sent: true },
    });
  });

  it.each([
    ['Intel document exceeds the maximum size', 'too-large'],
    ['request entity too large', 'too-large'],
    ['Too many indicators in document', 'too-large'],
    ['Max length is 65536 bytes', 'too-large'],
    ['Size limit reached', 'too-large'],
    ['Invalid payload', 'query'],
    ['Too many requests', 'query'],
    ['Maximum number of sessions exceeded', 'query'],
    ['', 'query'],
  ])('that are refused with "%s" are %s', async (text, kind) => {
    const { client } = await started(({ url, method }, response) =>
      url.includes('/intels') || (url.endsWith('/labels') && method === 'POST')
        ? refuse(response, 400, { text })
        : undefined,
    );
    expect(await client.create(7, documentOf(1), never)).toMatchObject({
      ok: false,
      fault: { kind, mayBeTooLarge: true },
    });
    // Of what is no document, nothing can be halved.
    expect(await client.createLabel('x', never)).toMatchObject({ ok: false, fault: { kind: 'query' } });
  });

  it('to a document that is not there say so, also with 400 and words', async () => {
    const { client, server } = await started(({ url, method }, response) =>
      /\/intels\/\d|id=/.test(url)
        ? refuse(response, 400, { text: `${method}: Intel document not found.` })
        : undefined,
    );
    expect(await client.replace(7, documentOf(1), never)).toMatchObject({
      ok: false,
      fault: { kind: 'gone', httpStatus: 400, isPassing: false, mayBeTooLarge: false },
    });
    expect(await client.remove(7, never)).toEqual({ ok: true, value: null });
    expect(server.count(`GET ${PREFIX}/intels/7`)).toBe(1);
    expect(await client.removeLabel(7, 3, never)).toEqual({ ok: true, value: null });
  });

  it('that take too long are told as sent', async () => {
    const { client } = await started(({ url }) => (url.includes('/intels') ? null : undefined), { timeoutSeconds: 1 });
    expect(await client.replace(7, documentOf(1), never)).toMatchObject({
      ok: false,
      fault: { kind: 'network', sent: true, isPassing: true, mayBeTooLarge: false },
    });
  });

  it('that never left because nobody could log in are told as not sent', async () => {
    const { client } = await started(({ url }, response) =>
      url.endsWith('/login') ? refuse(response, 503, { text: 'starting' }, { 'retry-after': '7' }) : undefined,
    );
    expect(await client.create(7, documentOf(1), never)).toMatchObject({
      ok: false,
      fault: { kind: 'server', sent: false, isPassing: true, retryAfterMs: 7000 },
    });
  });

  /** Answers 413 as soon as it sees the length of a document, as front ends do, and hangs up. */
  async function startEarlyRefusal(): Promise<string> {
    const server = createServer((socket) => {
      let head = '';
      socket.on('error', () => socket.destroy());
      socket.on('data', (piece) => {
        head += piece.toString('latin1');
        if (!head.includes('\r\n\r\n')) {
          return;
        }
        const isDocument = head.includes('/intels');
        const body = head.startsWith('POST /api') ? '{"session":"s-1"}' : '[]';
        const status = isDocument ? '413 Payload Too Large' : '200 OK';
        socket.end(`HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${body}`);
        head = '';
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    undo.push(() => new Promise((resolve) => void server.close(() => resolve())));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

it('a secret is not repeated in the forms it is sent or written in', async () => {
  const secret = ' pass"word\\long ';
  const { client, recorded } = await started(
    ({ body, url }, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(url.endsWith('/login') ? `You sent ${body}` : '');
      return null;
    },
    { secret },
  );
  const told = JSON.stringify([await client.open(never), recorded]);
  expect(told).toContain('(key)');
  expect(told).not.toMatch(/word.{1,6}long/);
});

it('no record holds a secret, whatever the server repeats', async () => {
  const { client, recorded } = await started(({ url, session, body }, response) => {
    if (url.includes('/labels') || url.includes('/deploy')) {
      return refuse(response, 400, { text: `you said ${session} ${encodeURIComponent(PASSWORD)} ${body}` });
    }
    return url.endsWith('/login') ? { session: 'long-session-1234567' } : undefined;
  });
  const results = [await client.labels(never), await client.deploy(never), await client.close()];
  const told = JSON.stringify([results, recorded]);
  expect(told).toContain('you said (key) (key)');
  expect(told).not.toMatch(/long-session|correct-horse/);
  expect(recorded.map(({ host }) => host)).toEqual(recorded.map(() => expect.stringMatching(/^127\.0\.0\.1:\d+$/)));
});

const FILE = { md5: 'ab'.repeat(16), sha1: '', sha256: 'cd'.repeat(32), notes: 'n' };

describe('the hash list', () => {
  it('is written with the other names of digests where the usual ones are refused, and so from then on', async () => {
    const { client, server } = await started(({ url, body }, response) =>
      url.includes('/custom/upload') && body.includes('"md5"')
        ? refuse(response, 400, { text: 'MD5 is required' })
        : undefined,
    );
    expect(await client.listFiles([FILE], never)).toEqual({ ok: true, value: null });
    expect(await client.listFiles([FILE], never)).toEqual({ ok: true, value: null });
    const bodies = server.asked.filter(({ url }) => url.includes('/custom/upload')).map(({ body }) => body);
    expect(bodies.map((body) => body.includes('"MD5"'))).toEqual([false, true, true]);
    expect(JSON.parse(bodies[1] ?? '')).toEqual([
      { list: 'blacklist', MD5: FILE.md5, 'SHA-1': '', 'SHA-256': FILE.sha256, uploadedHash: FILE.sha256, notes: 'n' },
    ]);
  });

  it('that refuses both says what it said first', async () => {
    let times = 0;
    const { client } = await started(({ url }, response) =>
      url.includes('/custom/upload') ? refuse(response, 400, { text: `refused ${(times += 1)}` }) : undefined,
    );
    const said = expect.stringContaining('refused 1');
    expect(await client.listFiles([FILE], never)).toMatchObject({ ok: false, fault: { kind: 'query', message: said } });
    expect(times).toBe(2);
  });
});

describe('a proxy', () => {
  it('that does not accept its user is not asked again: that would lock him', async () => {
    let times = 0;
    const proxy = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', () => {
          times += 1;
          socket.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n');
        });
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    undo.push(() => new Promise((resolve) => void proxy.close(() => resolve())));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const connected = connect('https://127.0.0.1:9', { taniumProxy: { kind: 'manual', url } });
    undo.push(() => connected.close());
    expect(await connected.client.open(never)).toMatchObject({ ok: false, fault: { kind: 'proxy', isPassing: false } });
    expect(times).toBe(1);
  });
});
