import { expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpResult } from '#main/net/port.ts';
import type { ProviderContext, RequestResult } from '#main/providers/port.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { transcriptsOf } from '#test/providers/transcript.ts';
import { withOddValue } from './odd-values.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
/** CPU milliseconds for a thousand entries with their evidence, in the best of several rounds. */
const MOST_BULK_MS = 100;

const bodies = new Map(transcriptsOf('recorded-future').map(({ name, response }) => [name.slice(3), response.body]));
const CARD = bodies.get('single-with-file-hashes-and-others') ?? '';
const MD5 = '44d88612fea8a8f36de82e1278abb02f' as HexDigest;

async function asked(status: number, body: Uint8Array, by: 'one' | 'bulk' = 'one'): Promise<RequestResult> {
  const result: HttpResult = { ok: true, response: { status, headers: {}, body, elapsedMs: 1 } };
  const context: ProviderContext = {
    config: recordedFuture.facts.defaults,
    key: 'the-token-of-the-test',
    http: { send: async () => result, close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = new AbortController().signal;
  return by === 'bulk' || recordedFuture.askOne === undefined
    ? recordedFuture.ask([MD5], 'md5', context, signal)
    : recordedFuture.askOne(MD5, 'md5', context, signal);
}

const outcomeOf = (result: RequestResult): string =>
  result.ok ? (result.answers[0]?.outcome ?? '') : result.fault.outcome;

it('a body that ends anywhere before its end is never an answer', async () => {
  const body = Buffer.from(CARD);
  const outcomes = new Set<string>();
  for (let length = 0; length < body.length; length += 1) {
    outcomes.add(outcomeOf(await asked(200, body.subarray(0, length))));
  }
  expect(outcomes).toEqual(new Set(['protocol']));
  expect(outcomeOf(await asked(200, body))).toBe('answer');
});

it('any value in any place is read or refused, never thrown at, and never clean or "not known"', async () => {
  const random = seededRandom(11);
  const outcomes = new Set<string>();
  const statuses = new Set<string>();
  for (let round = 0; round < 3000; round += 1) {
    const odd = withOddValue(CARD, random);
    const result = await asked(200, Buffer.from(odd));
    outcomes.add(outcomeOf(result));
    statuses.add(result.ok ? (result.answers[0]?.status ?? '') : 'none');
  }
  expect([...outcomes].sort()).toEqual(['answer', 'protocol']);
  expect([...statuses].sort()).toEqual(['malicious', 'none', 'unknown']);
});

it('only a 404 of the single call in the API’s own words is "not known"', async () => {
  const known = bodies.get('single-not-known') ?? '';
  const texts = [known, CARD, '', '{}', '{"message":"Not found"}', '{"error":"Not found"}', '<html>Not found</html>'];
  const found: unknown[] = [];
  for (const status of [200, 204, 301, 400, 401, 403, 404, 410, 429, 500, 503]) {
    for (const by of ['one', 'bulk'] as const) {
      for (const text of texts) {
        if (outcomeOf(await asked(status, Buffer.from(text), by)) === 'not-known') {
          found.push([status, by, text]);
        }
      }
    }
  }
  expect(found).toEqual([[404, 'one', known]]);
});

it('a thousand entries are read in a tenth of a second of work', async () => {
  const { data } = JSON.parse(bodies.get('bulk-v3-with-missing-entries') ?? '') as { data: { results: unknown[] } };
  const hashes = Array.from({ length: 1000 }, (_, n) => n.toString(16).padStart(32, '0') as HexDigest);
  const results = hashes.map((name) => ({ ...(data.results[0] as object), entity: { name, type: 'Hash' } }));
  const body = Buffer.from(JSON.stringify({ data: { results } }));
  const result: HttpResult = { ok: true, response: { status: 200, headers: {}, body, elapsedMs: 1 } };
  const context: ProviderContext = {
    config: recordedFuture.facts.defaults,
    key: 'the-token-of-the-test',
    http: { send: async () => result, close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const times: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const before = process.cpuUsage();
    const read = await recordedFuture.ask(hashes, 'md5', context, new AbortController().signal);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    expect(read.ok && read.answers.every(({ status }) => status === 'malicious')).toBe(true);
  }
  expect(Math.min(...times)).toBeLessThan(MOST_BULK_MS);
});
