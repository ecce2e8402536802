import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpRequest, HttpResult } from '#main/net/port.ts';
import type { ProviderContext, RequestResult } from '#main/providers/port.ts';
import { wildfire } from '#main/providers/wildfire/index.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'a-key-nobody-may-see';
const ONE = ['ab'.repeat(32)] as HexDigest[];
const TWO = ['ab'.repeat(32), 'cd'.repeat(32)] as HexDigest[];
const never = new AbortController().signal;

interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function contextFor(reply: Reply, sent: HttpRequest[] = []): ProviderContext {
  const result: HttpResult = {
    ok: true,
    response: {
      status: reply.status,
      headers: reply.headers ?? {},
      body: new TextEncoder().encode(reply.body ?? ''),
      elapsedMs: 1,
    },
  };
  return {
    config: wildfire.facts.defaults,
    key: KEY,
    http: { send: async (request) => (sent.push(request), result), close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
}

async function faultFor(reply: Reply, hashes = ONE): Promise<Extract<RequestResult, { ok: false }>['fault']> {
  const result = await wildfire.ask(hashes, 'sha256', contextFor(reply), never);
  if (result.ok) {
    throw new Error('the request did not fail');
  }
  return result.fault;
}

describe('a status of the API guide', () => {
  it.each([
    [302, 'protocol', 'url'],
    [400, 'protocol', 'answer'],
    [401, 'auth', 'key'],
    [403, 'auth', 'right'],
    [404, 'protocol', 'url'],
    [405, 'protocol', 'answer'],
    [408, 'transient', 'network'],
    [413, 'protocol', 'answer'],
    [415, 'protocol', 'answer'],
    [418, 'protocol', 'answer'],
    [419, 'quota', 'quota'],
    [420, 'protocol', 'answer'],
    [421, 'invalid-input', 'input'],
    [422, 'protocol', 'answer'],
    [429, 'quota', 'quota'],
    [456, 'protocol', 'answer'],
    [500, 'transient', 'answer'],
    [502, 'transient', 'answer'],
    [503, 'transient', 'answer'],
    [513, 'transient', 'answer'],
  ])('%i is %s at %s, and counts as sent', async (status, outcome, at) => {
    const fault = await faultFor({ status });
    expect({ outcome: fault.outcome, at: fault.at, sent: fault.sent }).toEqual({ outcome, at, sent: true });
    expect(fault.message).toMatch(/^WildFire.*\.$/);
  });

  it('421 of a batch says nothing about any one hash', async () => {
    expect(await faultFor({ status: 421 }, TWO)).toMatchObject({ outcome: 'protocol' });
  });

  it('419 waits for the next day of UTC, whatever Retry-After says', async () => {
    expect(await faultFor({ status: 419, headers: { 'retry-after': '5' } })).toMatchObject({
      window: 'day',
      until: Date.UTC(2026, 10, 23, 0, 1),
    });
  });

  it('429 and 503 wait as long as Retry-After says, 429 else a minute', async () => {
    const headers = { 'retry-after': '90' };
    const untils = [
      await faultFor({ status: 429, headers }),
      await faultFor({ status: 503, headers }),
      await faultFor({ status: 429 }),
      await faultFor({ status: 503 }),
    ].map(({ window, until }) => [window, until === null ? null : until - NOW]);
    expect(untils).toEqual([
      ['minute', 90_000],
      [null, 90_000],
      ['minute', 60_000],
      [null, null],
    ]);
  });
});

describe('words of the source', () => {
  it('are passed on in one line, cut short, and without the key they repeat', async () => {
    const words = `Bad\n  key ${KEY}. ${'x'.repeat(500)}`;
    const body = `<error><error-message>'${words}'</error-message></error>`;
    const { message } = await faultFor({ status: 401, body });
    expect(message).toContain('"Bad key (key). xxx');
    expect([message.includes(KEY), message.includes('\n'), message.length < 400]).toEqual([false, false, true]);
  });
});

describe('what is sent', () => {
  it('names the request without address, key or hash, and puts the key in the form or the header', async () => {
    for (const authStyle of ['key', 'bearer'] as const) {
      const sent: HttpRequest[] = [];
      const context = contextFor({ status: 500 }, sent);
      const url = 'https://wildfire.example/publicapi//';
      await wildfire.ask(ONE, 'sha256', { ...context, config: { ...context.config, authStyle, url } }, never);
      const [request] = sent;
      expect([request?.method, request?.url, request?.label]).toEqual([
        'POST',
        'https://wildfire.example/publicapi/get/verdicts',
        'POST /get/verdicts',
      ]);
      expect([String(request?.body).includes(KEY), request?.headers['authorization']]).toEqual(
        authStyle === 'key' ? [true, undefined] : [false, `Bearer ${KEY}`],
      );
    }
  });

  it('has a boundary of its own each time', async () => {
    const sent: HttpRequest[] = [];
    const context = contextFor({ status: 500 }, sent);
    await wildfire.ask(ONE, 'sha256', context, never);
    await wildfire.ask(ONE, 'sha256', context, never);
    const types = sent.map((request) => request.headers['content-type']);
    expect(new Set(types).size).toBe(2);
  });
});
