import { expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { ProviderContext, RequestResult } from '#main/providers/port.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { withOddValue } from './odd-values.ts';

const ASKED = ['a1', 'b2', 'c3'].map((pair) => pair.repeat(16) as HexDigest);
const ENTRY = {
  md5: ASKED[0],
  sha1: 'd4'.repeat(20),
  sha256: 'e5'.repeat(32),
  threat_name: 'Win32.Trojan.Elm',
  threat_level: 4,
  trust_factor: 5,
  first_seen: '2024-02-01T10:00:00',
};
const BODY = JSON.stringify({
  rl: {
    entries: [
      { status: 'MALICIOUS', query_hash: { md5: ASKED[0] }, ...ENTRY },
      { status: 'UNKNOWN', query_hash: { md5: ASKED[1] } },
    ],
    invalid_hashes: [ASKED[2]],
  },
});

async function asked(status: number, body: string, hashes = ASKED, options = {}): Promise<RequestResult> {
  const { defaults } = titaniumcloud.facts;
  const response = { status, headers: {}, body: Buffer.from(body), elapsedMs: 1 };
  const context: ProviderContext = {
    config: { ...defaults, options: { ...defaults.options, username: 'u/team/one', ...options } },
    key: 'the-key-of-the-test',
    http: { send: async () => ({ ok: true, response }), close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => Date.UTC(2026, 10, 22, 9),
  };
  return titaniumcloud.ask(hashes, 'md5', context, new AbortController().signal);
}

const outcomes = (result: RequestResult): string =>
  result.ok ? result.answers.map(({ outcome }) => outcome).join(' ') : result.fault.outcome;

/** CPU milliseconds; a megabyte is decoded and looked through in some ten of them. */
const MOST_FLOOD_MS = 400;

it('a body that ends anywhere before its end is never an answer', async () => {
  const seen = new Set<string>();
  for (let length = 0; length < BODY.length; length += 1) {
    seen.add(outcomes(await asked(200, BODY.slice(0, length))));
  }
  expect(seen).toEqual(new Set(['protocol']));
  expect(outcomes(await asked(200, BODY))).toBe('answer not-known invalid-input');
});

it('any value in any place is read or refused, and never said of another hash', async () => {
  const random = seededRandom(23);
  const seen = new Set<string>();
  for (let round = 0; round < 3000; round += 1) {
    const odd = withOddValue(BODY, random);
    const result = await asked(200, odd);
    const found = result.ok ? result.answers : [];
    seen.add(result.ok ? found.map(({ status, outcome }) => `${status} ${outcome}`).join(', ') : result.fault.outcome);
    expect(found.filter(({ hash }, index) => hash !== ASKED[index])).toEqual([]);
  }
  // One value is odd at a time: what the others say stays as it was.
  const [bad, none, refused] = ['malicious answer', 'unknown not-known', 'unknown invalid-input'];
  const left = 'unknown protocol';
  expect(seen).toEqual(
    new Set([
      [bad, none, refused].join(', '),
      [left, none, refused].join(', '),
      [bad, left, refused].join(', '),
      [bad, none, left].join(', '),
      [left, left, refused].join(', '),
      'protocol',
    ]),
  );
});

it('only a 404 in the envelope of the service is "no record", whatever the status and the words', async () => {
  const single = JSON.stringify({ rl: { malware_presence: { status: 'UNKNOWN' } } });
  const texts = [single, BODY, '', 'Not Found', '{"rl": null}', '<rl></rl>', '<html><rl></rl></html>', '<x><rl/></x>'];
  const noRecord: unknown[] = [];
  for (const status of [201, 204, 301, 400, 401, 403, 404, 410, 418, 429, 500, 503]) {
    for (const text of texts) {
      const result = await asked(status, text, ASKED.slice(0, 1));
      if (outcomes(result) === 'not-known') {
        noRecord.push([status, text]);
      }
      expect(result.ok ? outcomes(result) : '').toMatch(/^(?:not-known)?$/);
    }
  }
  expect(noRecord).toEqual([
    [404, single],
    [404, '<rl></rl>'],
  ]);
});

it.each([
  ['{"rl":{"message":"The account was not found"}}'],
  ['{"rl":{"error":{"message":"No such user"}}}'],
  ['<rl><message>The URL was not found</message></rl>'],
  ['<rl><malware_presence><status>UNKNOWN</status>'],
  [`<rl><malware_presence><query_hash><md5>${ASKED[1]}</md5></query_hash></malware_presence></rl>`],
  [JSON.stringify({ rl: { malware_presence: { status: 'UNKNOWN', query_hash: { md5: ASKED[1] } } } })],
  [JSON.stringify({ rl: { malware_presence: { status: 'UNKNOWN', query_hash: { sha1: 'd4'.repeat(20) } } } })],
])('a 404 about something else is no "no record": %s', async (body) => {
  expect(outcomes(await asked(404, body, ASKED.slice(0, 1)))).toBe('protocol');
});

it('an entry that cannot be read goes before one that knows nothing, and after one that does', async () => {
  const entry = (status: string) => ({ status, query_hash: { md5: ASKED[0] } });
  const bulk = (...entries: readonly unknown[]) =>
    asked(200, JSON.stringify({ rl: { entries: [...entries, { status: 'UNKNOWN', query_hash: { md5: ASKED[1] } }] } }));
  const left = 'not-known protocol';
  expect(outcomes(await bulk(entry('UNKNOWN'), entry('DREADFUL')))).toBe(`protocol ${left}`);
  expect(outcomes(await bulk(entry('UNKNOWN'), { ...entry('MALICIOUS'), md5: ASKED[1] }))).toBe(`protocol ${left}`);
  expect(outcomes(await bulk(entry('KNOWN'), entry('DREADFUL')))).toBe(`answer ${left}`);
});

it.each([
  ['open brackets', '<'.repeat(1_000_000)],
  ['open elements', '<status>'.repeat(200_000)],
  ['open statuses', `<rl><status>${'A'.repeat(1_000_000)}`],
])('a flood of %s is refused without looking at it twice', async (_, body) => {
  for (const status of [200, 400, 403, 404]) {
    const before = process.cpuUsage();
    expect((await asked(status, body, ASKED.slice(0, 1))).ok).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(MOST_FLOOD_MS);
  }
});

it.each([
  [4, 'unknown'],
  ['5', 'unknown'],
  ['3', 'non-malicious'],
  [undefined, 'non-malicious'],
])('a trust factor of %o decides also where it comes as a text: %s', async (trust, status) => {
  const entry = { status: 'KNOWN', query_hash: { md5: ASKED[0] }, trust_factor: trust };
  const body = JSON.stringify({ rl: { malware_presence: entry } });
  expect(await asked(200, body, ASKED.slice(0, 1), { lowTrust: 'unknown' })).toMatchObject({ answers: [{ status }] });
});

it.each([
  ['a reason beside the message', '{"message":"Forbidden","error":{"message":"The quota is exceeded"}}', 'quota'],
  ['a reason in the envelope', '{"rl":{"error":"Forbidden","detail":"Monthly quota exceeded"}}', 'quota'],
  ['another reason', '{"error":"Forbidden","message":"No such role"}', 'auth'],
  ['no end of envelopes', `${'{"rl":'.repeat(2000)}null${'}'.repeat(2000)}`, 'auth'],
])('a 403 is read whole: %s', async (_, body, outcome) => {
  expect(outcomes(await asked(403, body))).toBe(outcome);
});
