import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpResult } from '#main/net/port.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import type { ProviderContext, RequestResult } from '#main/providers/port.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const HASH = 'ab'.repeat(32) as HexDigest;
const ENTITY = { id: `hash:${HASH}`, name: HASH, type: 'Hash' };

function asked(status: number, value: unknown, by: 'single' | 'bulk' = 'single'): Promise<RequestResult> {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const result: HttpResult = { ok: true, response: { status, headers: {}, body, elapsedMs: 1 } };
  const { defaults } = recordedFuture.facts;
  const options = { ...defaults.options, ...(by === 'single' ? { bulkPath: 'single' } : {}) };
  const context: ProviderContext = {
    config: { ...defaults, options },
    key: 'the-token-of-the-test',
    http: { send: async () => result, close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  return recordedFuture.ask([HASH], 'sha256', context, new AbortController().signal);
}

describe('a 403 speaks of a quota wherever its words stand', () => {
  it.each([
    [{ timestamp: '2026-11-22T09:00:00Z', status: 403, error: 'Forbidden', message: 'Search API quota exceeded' }],
    [{ error: { status: 403, message: 'Forbidden', reason: 'The daily quota is used up' } }],
    [{ error: 'Out of credits' }],
    ['API quota exceeded'],
    ['<?xml version="1.0"?><error><text>Quota exceeded</text></error>'],
  ])('%j', async (body) => {
    expect(await asked(403, body)).toMatchObject({ ok: false, fault: { outcome: 'quota', window: 'day' } });
  });

  it('and of a right where they do not', async () => {
    const body = { status: 403, error: 'Forbidden', message: 'No access to this product' };
    expect(await asked(403, body)).toMatchObject({
      ok: false,
      fault: {
        outcome: 'auth',
        at: 'right',
        message: expect.stringContaining('"Forbidden, No access to this product"'),
      },
    });
  });
});

describe('a 404 of the single call', () => {
  it.each([[''], ['Not found'], ['Hash not found.'], ['No data found for this entity']])(
    'that says "%s" is not known',
    async (message) => {
      expect(await asked(404, { error: { status: 404, message } })).toMatchObject({
        ok: true,
        answers: [{ outcome: 'not-known' }],
      });
    },
  );

  it.each([
    ['Token not found'],
    ['Not found: no such user'],
    ['The account does not exist'],
    ['API version not found'],
    ['Temporarily out of order'],
  ])('that says "%s" is about something else', async (message) => {
    expect(await asked(404, { error: { status: 404, message } })).toMatchObject({
      ok: false,
      fault: { outcome: 'protocol', at: 'url' },
    });
  });
});

it.each([
  ['bulk', { data: { results: [] } }],
  ['single', { data: { entity: ENTITY, risk: { score: 80 } } }],
] as const)('an error beside the data of a %s answer is no answer', async (by, body) => {
  const error = { status: 503, message: 'Partly unavailable' };
  expect(await asked(200, { ...body, error }, by)).toMatchObject({
    ok: false,
    fault: { outcome: 'protocol', message: expect.stringContaining('Partly unavailable') },
  });
  expect(await asked(200, { ...body, error: { status: 503 } }, by)).toMatchObject({ ok: false });
  expect(await asked(200, { ...body, error: null }, by)).toMatchObject({ ok: true });
});

it.each([
  ['HASH', HASH.toUpperCase(), 'answer'],
  [null, ` ${HASH} `, 'answer'],
  ['IpAddress', HASH, 'protocol'],
  ['Hash', `x${HASH.slice(1)}`, 'protocol'],
  ['Hash', 'a name', 'answer', `hash:${HASH}`],
  ['Hash', HASH, 'protocol', `hash:${'cd'.repeat(32)}`],
])('an entity of type %s named %s is %s', async (type, name, outcome, id = 'Yk3QgT') => {
  const results = [{ entity: { id, type, name }, risk: { score: 80 } }];
  expect(await asked(200, { data: { results } }, 'bulk')).toMatchObject({ ok: true, answers: [{ outcome }] });
});

describe('a 400 of the single call', () => {
  it.each([
    ['Invalid hash', 'invalid-input'],
    ['', 'invalid-input'],
    ['Unknown field metrics', 'protocol'],
    ['Invalid value of parameter fields', 'protocol'],
  ])('that says "%s" is %s', async (message, outcome) => {
    expect(await asked(400, { error: { status: 400, message } })).toMatchObject({ ok: false, fault: { outcome } });
  });
});

it.each([
  ['on', 'Whether it may look up details, too, shows with the first malicious hash.'],
  ['off', 'and may be asked in bulk.'],
])('a test in bulk with details %s tells how far it reaches', async (details, end) => {
  const body = Buffer.from(JSON.stringify({ data: { results: [] } }));
  const { defaults } = recordedFuture.facts;
  const http: ProviderContext['http'] = {
    send: async () => ({ ok: true, response: { status: 200, headers: {}, body, elapsedMs: 1 } }),
    close: async () => undefined,
  };
  const config = { ...defaults, options: { ...defaults.options, details } };
  const threshold = { malicious: null, suspicious: null };
  const context: ProviderContext = { config, key: 'the-token-of-the-test', http, threshold, now: () => NOW };
  const test = await recordedFuture.test(context, new AbortController().signal);
  expect([test.ok, test.billed, test.message.endsWith(end)]).toEqual([true, 1, true]);
});

describe('a risk without a score', () => {
  it.each([
    ['Very Critical', 'malicious', 'level=5'],
    ['Very Malicious', 'malicious', 'level=4'],
    ['malicious', 'malicious', 'level=3'],
    ['Suspicious', 'suspicious', 'level=2'],
    ['Unusual', 'unknown', 'level=1'],
    ['None', 'unknown', 'level=0'],
  ])('has the level its label "%s" names', async (criticalityLabel, status, rawCode) => {
    expect(await asked(200, { data: { entity: ENTITY, risk: { criticalityLabel } } })).toMatchObject({
      ok: true,
      answers: [{ outcome: 'answer', status, rawCode }],
    });
  });

  it.each([[{}], [{ criticalityLabel: 'Dreadful' }], [{ score: null, criticality: null }]])(
    'is unreadable where nothing tells a level: %j',
    async (risk) => {
      expect(await asked(200, { data: { entity: ENTITY, risk } })).toMatchObject({
        ok: true,
        answers: [{ outcome: 'protocol', status: 'unknown' }],
      });
    },
  );
});
