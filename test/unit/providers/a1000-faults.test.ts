import { describe, expect, it } from 'vitest';
import { asked, askedOne, faultOf, KEY, NOW } from './a1000-answers.ts';

const PAGE = '<!DOCTYPE html><html><body>Blocked</body></html>';
const said = (text: string): string => JSON.stringify({ detail: text });

describe('an answer to a list', () => {
  it.each([
    [401, '', 'auth', 'key'],
    [401, said('Invalid token.'), 'auth', 'key'],
    [401, said('You have no permission.'), 'auth', 'right'],
    [401, PAGE, 'protocol', 'url'],
    [403, 'Invalid token.', 'auth', 'key'],
    [400, '<error>Invalid hash value</error>', 'invalid-input', 'input'],
    [404, 'Sample was not found.', 'protocol', 'url'],
    [403, '', 'auth', 'right'],
    [403, said('Invalid token.'), 'auth', 'key'],
    [403, said('Authentication credentials were not provided.'), 'auth', 'key'],
    [403, said('The token has no permission for this.'), 'auth', 'right'],
    [403, said('Your licence has expired.'), 'auth', 'right'],
    [403, PAGE, 'protocol', 'url'],
    [404, '', 'protocol', 'url'],
    [404, PAGE, 'protocol', 'url'],
    [404, said('Not found.'), 'protocol', 'url'],
    [404, said('Sample was not found.'), 'protocol', 'url'],
    [400, '', 'protocol', 'answer'],
    [400, '[]', 'protocol', 'answer'],
    [400, JSON.stringify({ hash_values: ['Malformed hash: x.'] }), 'invalid-input', 'input'],
    [400, said('All hashes must be of the same type'), 'invalid-input', 'input'],
    [400, JSON.stringify({ fields: ['Invalid field name: md5.'] }), 'protocol', 'answer'],
    [400, said('JSON parse error'), 'protocol', 'answer'],
    [405, said('Method "POST" not allowed.'), 'protocol', 'url'],
    [406, '', 'protocol', 'answer'],
    [408, '', 'transient', 'network'],
    [413, '', 'protocol', 'answer'],
    [301, '', 'protocol', 'url'],
    [500, PAGE, 'transient', 'answer'],
    [503, said('Service unavailable'), 'transient', 'answer'],
    [204, '', 'protocol', 'answer'],
  ])('%i with %o is %s at %s', async (status, text, outcome, at) => {
    const found = faultOf(await asked(text, { status }));
    expect(found).toMatchObject({ outcome, at, window: null, until: null, sent: true });
    expect(found.message).toMatch(/^[A-Z].*\.$/);
  });

  it('with 429 is no matter of the cloud, whatever may be asked there', async () => {
    const found = faultOf(await asked('', { status: 429, reach: 'appliance-and-cloud' }));
    expect(found).toMatchObject({ outcome: 'quota', window: 'minute', until: NOW + 60_000 });
  });
});

describe('the limit of the cloud', () => {
  const at = (hour: number, minute: number, second = 0): number => Date.UTC(2026, 10, 22, hour, minute, second);
  it.each([
    ['in the morning', at(9, 0), at(24, 1)],
    ['in the last second of the day', at(23, 59, 59), at(24, 1)],
    ['in the minute before it begins anew', at(0, 0, 30), at(0, 1)],
    ['when it has begun anew', at(0, 1), at(24, 1)],
  ])('%s lasts until 00:01 UTC', async (_, now, until) => {
    const found = faultOf(await askedOne('', { status: 429, reach: 'appliance-and-cloud', now }));
    expect([found.outcome, found.until]).toEqual(['quota', until]);
  });

  it('is not met by a look-up on the appliance alone', async () => {
    const found = faultOf(await askedOne('', { status: 429 }));
    expect(found).toMatchObject({ window: 'minute', until: NOW + 60_000 });
  });

  it('lasts as long as the appliance says, where it does', async () => {
    const given = { status: 429, reach: 'appliance-and-cloud', headers: { 'retry-after': '300' } } as const;
    expect(faultOf(await askedOne('', given))).toMatchObject({ window: null, until: NOW + 300_000 });
  });
});

describe('a single look-up answered with 404', () => {
  it.each([
    [said('Not found.')],
    [said('No Sample matches the given query.')],
    [JSON.stringify({ message: 'The sample does not exist on the appliance.' })],
    [JSON.stringify({ code: 404, message: 'No reference was found for this hash' })],
    [JSON.stringify({ error: { message: 'Hash not found' } })],
  ])('by %s is not known', async (text) => {
    expect(await askedOne(text, { status: 404 })).toMatchObject({
      ok: true,
      answers: [{ outcome: 'not-known', status: 'unknown', report: null }],
    });
  });

  it.each([
    ['', 'url'],
    [PAGE, 'url'],
    ['{}', 'url'],
    ['"Not found"', 'url'],
    [said('Not Found'), 'url'],
    [said('not found'), 'url'],
    [JSON.stringify({ message: 'no Route matched with those values' }), 'url'],
    [JSON.stringify({ error: 'Not Found', path: '/api/samples/v3/abc' }), 'url'],
    [said('Invalid or malformed hash'), 'input'],
    [said('Unknown hash type'), 'input'],
    [said('No User matches the given query.'), 'url'],
    [said('The requested URL /api/samples/v3/{hash}/classification/ was not found'), 'url'],
    [said('The hash of this token was not found'), 'url'],
    ['The sample was not found.', 'url'],
  ])('by %s is at %s, and never not known', async (text, at) => {
    expect(faultOf(await askedOne(text, { status: 404 }))).toMatchObject({ at });
  });
});

it('the token is shown in no message, whatever the server repeats', async () => {
  for (const status of [200, 400, 401, 403, 404, 418, 429, 500]) {
    const result = await asked(JSON.stringify({ detail: `Token ${KEY}`, [KEY]: [KEY, { x: KEY }] }), { status });
    expect(JSON.stringify(result)).not.toContain(KEY);
  }
});
