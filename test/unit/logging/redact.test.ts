import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretName, redact } from '#main/logging/redact.ts';

const SHA256 = 'ab'.repeat(32);

describe('names of secrets', () => {
  it.each([
    'token',
    'apiKey',
    'api_key',
    'X-Api-Key',
    'APIKEY',
    'password',
    'userPassword',
    'passwd',
    'client_secret',
    'Authorization',
    'proxy-authorization',
    'set-cookie',
    'credentials',
    'accessToken',
    'privateKey',
    'passphrase',
    'sessionId',
  ])('%s is one', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(['keyboard', 'event', 'path', 'hash', 'kind', 'monkeys', 'author', 'passed', 'compass', 'shipping'])(
    '%s is none',
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});

describe('redaction', () => {
  it.each([
    ['a secret by name, however deep', { a: { b: [{ apiKey: 'x1' }] } }, { a: { b: [{ apiKey: '[redacted]' }] } }],
    ['a whole object under a secret name', { credentials: { user: 'u' } }, { credentials: '[redacted]' }],
    ['a bearer in text', 'sent Bearer abcdef123456 to', 'sent Bearer [redacted] to'],
    ['a basic header in text', 'Basic dXNlcjpwdw==', 'Basic [redacted]'],
    ['user and password in an address', 'http://me:pw@proxy:8080/x', 'http://[redacted]@proxy:8080/x'],
    ['a key in a query', 'GET /v3/files?apikey=123abc&x=1', 'GET /v3/files?apikey=[redacted]&x=1'],
    ['a secret in JSON text', '{"token": "abc"}', '{"token": "[redacted]"}'],
    ['a header line', 'authorization: abc', 'authorization: [redacted]'],
    ['a private key', 'k -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- z', 'k [redacted] z'],
    ['a list of hashes', { hashes: [SHA256, 'cd'.repeat(16)] }, { hashes: '[2 hashes]' }],
    ['a text full of hashes', Array.from({ length: 4 }, () => SHA256).join(' '), '[hash] [hash] [hash] [hash]'],
    ['bytes', { digest: new Uint8Array(32) }, { digest: '[32 bytes]' }],
    ['a long text', 'x'.repeat(2_001), `${'x'.repeat(2_000)}…`],
    ['a long array', Array.from({ length: 22 }, (_, n) => n), [...Array.from({ length: 20 }, (_, n) => n), '[2 more]']],
    ['big numbers and functions', { n: 1n, f: () => 1 }, { n: '1', f: '[function]' }],
  ])('takes out %s', (_what, value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  it.each([
    ['one hash', { hash: SHA256 }],
    ['plain fields', { path: '/data/list.csv', rows: 3, ok: true, none: null, at: 'line 3: no hash' }],
  ])('leaves %s', (_what, value) => {
    expect(redact(value)).toEqual(value);
  });

  it('tells errors by name, code and message, with the stack of defects only', () => {
    const expected = Object.assign(new Error('no room', { cause: new Error('disk') }), { code: 'ENOSPC' });
    expect(redact({ error: expected })).toMatchObject({
      error: { name: 'Error', code: 'ENOSPC', message: 'no room', cause: { message: 'disk' } },
    });
    expect(redact(expected)).not.toHaveProperty('stack');
    expect(redact(new TypeError('bug'))).toHaveProperty('stack');
  });

  it('survives circles, throwing getters and anything else', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle['self'] = circle;
    Object.defineProperty(circle, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(redact(circle)).toEqual({ name: 'a', self: '[circular]', bad: '[unreadable]' });
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) => {
        JSON.stringify(redact(value));
      }),
    );
  });

  it('never lets a value through under a secret name', () => {
    fc.assert(
      fc.property(fc.constantFrom('token', 'apiKey', 'secret'), fc.string({ minLength: 12 }), (name, secret) => {
        expect(JSON.stringify(redact({ outer: [{ [name]: secret }] }))).toBe(
          JSON.stringify({ outer: [{ [name]: '[redacted]' }] }),
        );
      }),
    );
  });
});
