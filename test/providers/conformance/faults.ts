import { describe, expect, it } from 'vitest';
import type { RequestFault } from '#main/providers/port.ts';
import type { Fault, Simulator } from '#main/simulators/port.ts';
import { saidOf, type SourceUnderTest } from './source-under-test.ts';
import { faultOf, file, KEY, NOW, stage } from './stage.ts';

const PAGE = '<!doctype html><html><head><title>Not found</title></head><body>Not found</body></html>';
const WINDOWS = ['minute', 'day', 'month'] as const;
const status = (code: number, headers: Record<string, string> = {}, body = ''): Fault => ({
  kind: 'status',
  status: code,
  headers,
  body,
});

/** Anything but an answer, and what it has to be called. None of them is "not known". */
const SURPRISES: readonly (readonly [string, Fault, RequestFault['outcome'], RequestFault['at']])[] = [
  ['500', status(500), 'transient', 'answer'],
  ['502 with a page of a gateway', status(502, { 'content-type': 'text/html' }, PAGE), 'transient', 'answer'],
  ['503', status(503), 'transient', 'answer'],
  ['504', status(504), 'transient', 'answer'],
  ['a connection that is cut', { kind: 'cut' }, 'transient', 'network'],
  ['a body that ends half way', { kind: 'truncated' }, 'transient', 'network'],
  ['garbage', { kind: 'garbage' }, 'protocol', 'answer'],
  ['nothing at all with 200', status(200), 'protocol', 'answer'],
  ['a body beyond all measure', { kind: 'oversized' }, 'protocol', 'answer'],
  ['a web page with 200', { kind: 'html' }, 'protocol', 'url'],
  ['a 404 of another server', status(404, { 'content-type': 'text/html' }, PAGE), 'protocol', 'url'],
  ['a 404 without a word', status(404), 'protocol', 'url'],
  ['a redirect', status(302, { location: 'https://login.example/' }), 'protocol', 'url'],
  ['a status nobody uses', status(299), 'protocol', 'answer'],
];

/** Errors and remains of answers that come with 200: about no hash do they say anything. */
const NO_ANSWERS = [
  'null',
  '0',
  '""',
  '[]',
  '{}',
  '{"error":{"status":500,"message":"Internal error"}}',
  '{"error":"Forbidden","message":"Quota exceeded"}',
  '{"detail":"Invalid token.","results":[]}',
  '{"data":null,"error":{"code":"Internal"}}',
  '{"data":{}}',
  '{"data":{"results":[]},"error":{"status":503}}',
  '{"results":null}',
  '{"rl":null}',
  '{"rl":{}}',
  '{"rl":{"message":"Internal error"}}',
  '{"rl":{"entries":[],"invalid_hashes":[]}}',
  '<?xml version="1.0"?><error><error-message>Internal error</error-message></error>',
] as const;

/** With 404, these are about the address or the account. */
const NOT_ABOUT_THE_HASH = [
  '{"message":"no Route matched with those values"}',
  '{"error":"Not Found"}',
  '{"error":{"status":404,"message":"No such user found"}}',
  '{"error":{"status":404,"message":"The requested URL was not found on this server"}}',
  '{"detail":"No User matches the given query."}',
  '{"rl":{"message":"The account was not found"}}',
  '<?xml version="1.0"?><rl><message>The URL was not found</message></rl>',
  'Not found',
] as const;

/** What a source, a gateway or the way there may answer instead. */
export function faults<S extends Simulator>(source: SourceUnderTest<S>): void {
  const [kind = 'sha256'] = source.provider.facts.takes;
  const hashes = [file(1)[kind]];

  it.each(SURPRISES)('%s', async (_, fault, outcome, at) => {
    const { ask, simulator } = await stage(source);
    simulator.script([fault]);
    const found = faultOf(await ask(hashes, kind));
    expect(found).toMatchObject({ outcome, at, window: null, sent: true });
    expect(found.message).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ...NO_ANSWERS.map((body) => [200, body] as const),
    ...NOT_ABOUT_THE_HASH.map((body) => [404, body] as const),
  ])('a %i with %s says nothing of the hash', async (code, body) => {
    const { ask, simulator } = await stage(source);
    simulator.script([status(code, { 'content-type': 'application/json' }, body)]);
    const result = await ask(hashes, kind);
    expect(result.ok ? result.answers.map(({ outcome }) => outcome) : [result.fault.outcome]).toEqual(['protocol']);
  });

  it('a body that is announced as gzip and is none is read as it is', async () => {
    const { ask, simulator } = await stage(source);
    simulator.know({ ...file(1), status: 'malicious' });
    const { ok: isAnswered, ...plain } = await ask(hashes, kind);
    simulator.script([{ kind: 'false-gzip' }]);
    expect(await ask(hashes, kind)).toEqual({ ...plain, ok: isAnswered, elapsedMs: expect.any(Number) });
    expect(isAnswered).toBe(true);
  });

  describe('the key', () => {
    it('is wrong: nothing is billed', async () => {
      const { ask, simulator } = await stage(source, { key: 'another-key-altogether' });
      const found = faultOf(await ask(hashes, kind));
      expect(found).toMatchObject({ outcome: 'auth', at: 'key', window: null, until: null, sent: true });
      expect(simulator.log.map(({ status: code, billed }) => [code, billed])).toEqual([
        [source.wrongKeyStatus ?? 401, 0],
      ]);
    });

    it('may not do this', async () => {
      const { ask, simulator } = await stage(source);
      simulator.script([status(403)]);
      expect(faultOf(await ask(hashes, kind))).toMatchObject({ outcome: 'auth', at: 'right', until: null });
    });

    it('is repeated by the server and still not shown', async () => {
      const { ask, simulator } = await stage(source);
      const echo = (code: number): Fault =>
        status(code, { 'content-type': 'application/json' }, JSON.stringify({ error: { code: KEY, message: KEY } }));
      const xml = (code: number): Fault => status(code, {}, `<error><error-message>'${KEY}'</error-message></error>`);
      simulator.script([echo(401), echo(429), echo(400), xml(401), xml(420), status(500, {}, KEY)]);
      for (const outcome of ['auth', 'quota', null, 'auth', null, 'transient']) {
        const found = faultOf(await ask(hashes, kind));
        expect(outcome === null || found.outcome === outcome).toBe(true);
      }
    });
  });

  describe('a quota', () => {
    const unlimited = source.isUnlimited === true;
    it.each(unlimited ? ['elsewhere'] : [])('is used up %s: this is answered, and counts nothing', async () => {
      const { ask, simulator } = await stage(source, {
        simulator: { limits: { perMinute: 0, perDay: 0, perMonth: 0 } },
      });
      expect(await ask(hashes, kind)).toMatchObject({ ok: true });
      expect(simulator.log.map(({ billed }) => billed)).toEqual([0]);
    });

    it.each(unlimited ? [] : WINDOWS)('of the %s is used up', async (window) => {
      const none = { perMinute: null, perDay: null, perMonth: null };
      const limit = { minute: 'perMinute', day: 'perDay', month: 'perMonth' }[window];
      const { ask, simulator } = await stage(source, { simulator: { limits: { ...none, [limit]: 0 } } });
      const found = faultOf(await ask(hashes, kind));
      const { window: told, waitMs } = source.quota[window];
      expect(found).toMatchObject({ outcome: 'quota', at: 'quota', window: told, sent: true });
      expect(found.until).toBe(waitMs === null ? null : NOW + waitMs);
      expect(simulator.log.map(({ billed }) => billed)).toEqual([0]);
    });

    it.each([
      ['in seconds', '90', 90_000],
      ['as a date', 'Sun, 22 Nov 2026 09:01:30 GMT', 90_000],
      ['that is over', 'Sun, 22 Nov 2026 08:00:00 GMT', 0],
    ])('comes with a time to wait %s', async (_, retryAfter, waitMs) => {
      const { ask, simulator } = await stage(source);
      simulator.script([status(429, { 'retry-after': retryAfter })]);
      expect(faultOf(await ask(hashes, kind))).toMatchObject({
        outcome: 'quota',
        window: 'minute',
        until: NOW + waitMs,
      });
    });

    it('comes with a time to wait that means nothing', async () => {
      const { ask, simulator } = await stage(source);
      simulator.script([status(429, { 'retry-after': 'soon' })]);
      const { window, waitMs } = source.quotaUnsaid ?? { window: 'minute', waitMs: 60_000 };
      expect(faultOf(await ask(hashes, kind))).toMatchObject({
        outcome: 'quota',
        window,
        until: waitMs === null ? null : NOW + waitMs,
      });
    });
  });

  it('among random faults every answer is the true one', async () => {
    const { ask, simulator } = await stage(source, { simulator: { faultShare: 0.4, seed: 5 } });
    const statuses = ['malicious', 'suspicious', 'non-malicious', 'pending', 'unknown'] as const;
    const outcomes: string[] = [];
    for (let n = 0; n < 120; n += 1) {
      const drawn = statuses[n % statuses.length] ?? 'unknown';
      simulator.know({ ...file(n), status: drawn });
      const { status } = saidOf(source, drawn);
      const result = await ask([file(n)[kind]], kind);
      outcomes.push(result.ok ? (result.answers[0]?.status === status ? 'true' : 'false') : result.fault.outcome);
    }
    expect(new Set(outcomes)).toEqual(new Set(['true', 'transient', 'protocol']));
  });

  it('a time to wait comes with trouble of the server', async () => {
    const { ask, simulator } = await stage(source);
    simulator.script([status(503, { 'retry-after': '30' })]);
    expect(faultOf(await ask(hashes, kind))).toMatchObject({ outcome: 'transient', until: NOW + 30_000 });
  });
}
