import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { faultOf } from '#main/providers/recorded-future/faults.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import { mapBulk, readBulk } from '#main/providers/recorded-future/map-bulk.ts';
import { secondsOf } from '#main/providers/recorded-future/report.ts';
import { statusOf } from '#main/providers/recorded-future/risk.ts';
import type { ProviderContext } from '#main/providers/port.ts';
import { readBody } from '#main/providers/read-body.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const { defaults } = recordedFuture.facts;
const context: ProviderContext = {
  config: defaults,
  key: 'token-of-this-test',
  http: { send: () => Promise.reject(new Error('nothing is sent')), close: async () => undefined },
  threshold: { malicious: null, suspicious: null },
  now: () => NOW,
};
const asked = ['aa', 'bb', 'cc', 'dd'].map((pair) => pair.repeat(32) as HexDigest);
const bodyOf = (value: unknown) => readBody({ body: Buffer.from(JSON.stringify(value)) });

const risk = fc.record({
  score: fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constant(null)),
  level: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(null)),
});
const hashText = fc.constantFrom(
  ...asked,
  ...asked.map((hash) => hash.toUpperCase()),
  'ee'.repeat(32),
  'ff'.repeat(16),
);
const entry = fc.record({
  entity: fc.record({ id: fc.constant('hash:'), name: hashText, type: fc.constant('Hash') }),
  risk,
});
const anything = fc.oneof(entry, entry, entry, fc.jsonValue());

describe('a bulk answer, whatever it holds', () => {
  it('is one answer per hash, in order, never about another and never clean', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), (results) => {
        const body = bodyOf({ data: { results } });
        const entries = body.kind === 'json' ? readBulk(body, { hashes: asked, kind: 'sha256' }) : null;
        const answers = entries === null ? [] : mapBulk({ hashes: asked, kind: 'sha256' }, entries, context);
        expect(answers.map(({ hash, digests }) => [hash, digests])).toEqual(
          asked.map((sha256) => [sha256, { sha256 }]),
        );
        expect(answers.filter(({ status }) => status === 'non-malicious')).toEqual([]);
      }),
    );
  });

  it('says the worst of all entries about a hash, and is silent of one only where nothing is doubtful', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (results) => {
        const body = bodyOf({ data: { results } });
        const entries = body.kind === 'json' ? readBulk(body, { hashes: asked, kind: 'sha256' }) : null;
        const answers = entries === null ? [] : mapBulk({ hashes: asked, kind: 'sha256' }, entries, context);
        const isWhole = results.every(({ entity }) => asked.includes(entity.name.toLowerCase() as HexDigest));
        const wanted = asked.map((hash) => {
          const own = results.filter(({ entity }) => entity.name.toLowerCase() === hash);
          const codes = own.map((one) => STATUS_CODE[statusOf(one.risk, context)]);
          return codes.length === 0 ? (isWhole ? 'not-known' : 'protocol') : Math.max(...codes);
        });
        expect(
          answers.map(({ outcome, status }, n) => (typeof wanted[n] === 'string' ? outcome : STATUS_CODE[status])),
        ).toEqual(wanted);
        expect(answers.map(({ more, status }) => [more ?? null, status])).toEqual(
          answers.map(({ status }) => [status === 'malicious' || status === 'suspicious' ? 'details' : null, status]),
        );
      }),
    );
  });

  it.each([[null], [[]], [{}], [{ data: null }], [{ data: {} }], [{ data: { results: null } }], [{ results: [] }]])(
    'is none where it has no results: %j',
    (value) => {
      const body = bodyOf(value);
      expect(body.kind === 'json' ? readBulk(body, { hashes: asked, kind: 'sha256' }) : null).toBeNull();
    },
  );
});

describe('a 403', () => {
  it.each([
    ['Search API quota exceeded', 'quota'],
    ['You have 0 credits left', 'quota'],
    ['The daily limit was reached', 'quota'],
    ['Too many requests for this token', 'quota'],
    ['Access to this endpoint is limited to other products', 'right'],
    ['You lack the permission', 'right'],
    ['', 'right'],
  ])('that says "%s" is about the %s', (message, at) => {
    const response = { status: 403, headers: {} };
    const fault = faultOf(response, bodyOf({ error: { status: 403, message } }), {
      by: 'single',
      hashes: 1,
      key: context.key,
      now: NOW,
    });
    expect(fault.at).toBe(at);
    expect([fault.window, fault.until]).toEqual(at === 'quota' ? ['day', Date.UTC(2026, 10, 23, 0, 1)] : [null, null]);
  });
});

it('without details an item that is opened is asked for in bulk, and nothing more is promised', async () => {
  const sent: string[] = [];
  const body = Buffer.from(
    JSON.stringify({ data: { results: [{ entity: { name: asked[0] }, risk: { score: 70 } }] } }),
  );
  const http: ProviderContext['http'] = {
    async send({ label }) {
      sent.push(label);
      return { ok: true, response: { status: 200, headers: {}, body, elapsedMs: 1 } };
    },
    close: async () => undefined,
  };
  const config = { ...defaults, options: { ...defaults.options, details: 'off' } };
  const [hash = '' as HexDigest] = asked;
  const signal = new AbortController().signal;
  const result = await recordedFuture.askOne?.(hash, 'sha256', { ...context, config, http }, signal);
  expect(sent).toEqual(['POST /v2/soar/enrichment']);
  expect(result?.ok === true && result.answers.map(({ status, more }) => [status, more])).toEqual([
    ['malicious', undefined],
  ]);
  const { singleCalls } = recordedFuture.facts;
  expect([singleCalls?.(defaults), singleCalls?.(config)]).toEqual(['details', null]);
});

it.each([
  ['https://api.recordedfuture.com'],
  ['https://api.recordedfuture.com/'],
  ['https://api.recordedfuture.com/v2'],
  ['https://api.recordedfuture.com/v2/'],
])('the address %s leads to both of its APIs, and no label tells a hash or the token', async (url) => {
  const sent: unknown[] = [];
  const http: ProviderContext['http'] = {
    async send(request) {
      sent.push([request.url, request.label]);
      expect(request.headers['x-rftoken']).toBe(context.key);
      return { ok: true, response: { status: 404, headers: {}, body: Buffer.from(''), elapsedMs: 1 } };
    },
    close: async () => undefined,
  };
  const config = { ...defaults, url, options: { ...defaults.options, bulkPath: 'soar-v3' } };
  const [hash = '' as HexDigest] = asked;
  const signal = new AbortController().signal;
  await recordedFuture.ask([hash], 'sha256', { ...context, config, http }, signal);
  await recordedFuture.askOne?.(hash, 'sha256', { ...context, config, http }, signal);
  const fields = 'entity%2Crisk%2Ctimestamps%2CintelCard%2ChashAlgorithm%2CrelatedEntities%2Clinks%2Cmetrics';
  expect(sent).toEqual([
    ['https://api.recordedfuture.com/soar/v3/enrichment', 'POST /soar/v3/enrichment'],
    [`https://api.recordedfuture.com/v2/hash/${hash}?fields=${fields}`, 'GET /v2/hash/{hash}'],
  ]);
});

it('levels have the vendor’s words', () => {
  expect(
    ['score=99 level=5', 'level=4', 'score=7', 'score=1 level=9'].map((code) => recordedFuture.word?.(code)),
  ).toEqual(['Very Critical', 'Very Malicious', null, null]);
});

it.each([
  ['2014-10-18T06:12:33.900Z', 1_413_612_753],
  ['2014-10-18T08:12:33+02:00', 1_413_612_753],
  ['2014-10-18T06:12:33', null],
  ['never', null],
  ['2014', null],
  ['1969-01-01T00:00:00Z', null],
  ['9999-01-01T00:00:00Z', null],
  [null, null],
])('the moment %s is %s', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it('a request of nothing, or of more than it takes, is a defect', async () => {
  const never = new AbortController().signal;
  const many = Array.from({ length: 1001 }, (_, n) => n.toString(16).padStart(64, '0') as HexDigest);
  const single = { ...context, config: { ...defaults, options: { ...defaults.options, bulkPath: 'single' } } };
  await expect(recordedFuture.ask([], 'sha256', context, never)).rejects.toThrow(RangeError);
  await expect(recordedFuture.ask(many, 'sha256', context, never)).rejects.toThrow(RangeError);
  await expect(recordedFuture.ask(many.slice(0, 2), 'sha256', single, never)).rejects.toThrow(RangeError);
});
